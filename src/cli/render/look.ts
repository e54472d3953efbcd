import type { createColors } from "picocolors";

export type Colours = ReturnType<typeof createColors>;

/** What a rendering function has to know of where its lines will stand. */
export interface Look {
  readonly colours: Colours;
  readonly columns: number;
}

/** Beyond this a line is harder to read, however wide the window is. */
export const WIDEST = 100;

export const widthOf = (look: Look): number => Math.max(20, Math.min(look.columns, WIDEST));
