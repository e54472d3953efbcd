import type { Guarantee } from "./guarantees.ts";

/** A guarantee that did not hold, and what was seen. */
export class Violation extends Error {
  readonly guarantee: Guarantee;

  constructor(guarantee: Guarantee, detail: string) {
    super(`${guarantee}: ${detail}`);
    this.guarantee = guarantee;
  }
}
