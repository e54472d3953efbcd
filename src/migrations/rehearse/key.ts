import { digestOf, type Digest } from "../../domain/digest.ts";
import type { RehearsalRequest } from "./types.ts";

/** Raised when a rehearsal of the same request may show something else. */
const EDITION = 1;

/** Hash of all that a rehearsal follows from. Dates and places of files count for nothing. Pure. */
export const rehearsalKey = (request: RehearsalRequest): Digest => {
  const { from, to, start, major, environment, statistics, statements, upTo, limits, thresholds, style } =
    request;
  return digestOf({
    edition: EDITION,
    from: from?.id ?? null,
    to: to.id,
    start: "script" in start ? { type: start.type, script: digestOf(start.script) } : { type: start.type },
    statements: [...new Set(statements)].sort(),
    ...{ major, environment, statistics, upTo, limits, thresholds, style },
  });
};
