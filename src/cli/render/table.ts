import type { Look } from "./look.ts";
import { displayWidth } from "./text-width.ts";

/** Rows under their headings, each column as wide as its widest cell; the last one is left as long as it is. */
export const table = (look: Look, headings: string[], rows: string[][]): string[] => {
  const widths = headings.map((heading, column) =>
    Math.max(displayWidth(heading), ...rows.map((row) => displayWidth(row[column] ?? ""))),
  );
  const line = (cells: string[]): string =>
    cells
      .map((cell, column) =>
        column === cells.length - 1 ? cell : cell + " ".repeat((widths[column] ?? 0) - displayWidth(cell)),
      )
      .join("  ")
      .trimEnd();
  return [look.colours.dim(line(headings)), ...rows.map(line)];
};
