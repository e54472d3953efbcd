import type { MigrationFinding } from "../../domain/rehearsal.ts";
import type { TableStatistics } from "../catalog/types.ts";
import { bytesText, numberText, timeText } from "./amount.ts";
import type { Effect, Work } from "./effects.ts";
import type { Calibration, Thresholds } from "./types.ts";

/** PostgreSQL 15 and 18 on a two-core machine, from 10,000 to 1,000,000 rows. */
export const DEFAULT_CALIBRATION: Calibration = {
  basis: "measured on PostgreSQL 15 and 18 with the table in memory; a table on disk takes longer",
  scanMsPerMb: 0.9,
  rewriteMsPerMb: 8,
  volatileRewriteMsPerMb: 25,
  indexUsPerRow: 0.33,
  foreignKeyUsPerRow: 0.76,
  updateUsPerRow: 5.5,
};

export const DEFAULT_THRESHOLDS: Thresholds = { warnMs: 200, blockMs: 2_000 };

const MB = 1024 * 1024;

export const workMs = (
  work: Work,
  { rows, bytes }: Pick<TableStatistics, "rows" | "bytes">,
  calibration: Calibration,
): number => {
  switch (work) {
    case "scan":
      return (bytes / MB) * calibration.scanMsPerMb;
    case "rewrite":
      return (bytes / MB) * calibration.rewriteMsPerMb;
    case "volatile-rewrite":
      return (bytes / MB) * calibration.volatileRewriteMsPerMb;
    case "index":
      return (rows * calibration.indexUsPerRow) / 1000;
    case "foreign-key":
      return (rows * calibration.foreignKeyUsPerRow) / 1000;
    case "update":
      return (rows * calibration.updateUsPerRow) / 1000;
  }
};

/** How long others wait at the target's size, what follows from it, and the end of a sentence that says so. */
export interface Cost {
  /** Null: short enough. */
  level: "block" | "warn" | null;
  estimate: MigrationFinding["estimate"];
  words: string;
}

export interface Sizes {
  statistics: TableStatistics[] | null;
  calibration: Calibration;
  thresholds: Thresholds;
}

const UNKNOWN: Cost = {
  level: "warn",
  estimate: null,
  words: "for how long is not known: the size of the table on the target could not be read",
};

/** A size that is not known is a warning and says so: it is never held to be small. */
export const costOf = (effects: Effect[], { statistics, calibration, thresholds }: Sizes): Cost => {
  const parts = effects.flatMap(({ work, of }) => (work === null ? [] : [{ work, of }]));
  if (parts.length === 0) return { level: null, estimate: null, words: "" };
  const sizes = parts.map(({ of }) => statistics?.find(({ table }) => table === of));
  if (sizes.some((size) => size === undefined)) return UNKNOWN;
  const ms = parts.reduce(
    (sum, { work }, index) => sum + workMs(work, sizes[index] as TableStatistics, calibration),
    0,
  );
  const largest = (sizes as TableStatistics[]).reduce((best, size) =>
    size.bytes > best.bytes ? size : best,
  );
  const { rows, bytes } = largest;
  return {
    level: ms >= thresholds.blockMs ? "block" : ms >= thresholds.warnMs ? "warn" : null,
    estimate: { ms: Math.round(ms * 10) / 10, rows, bytes, basis: calibration.basis },
    words: `for about ${timeText(ms)} at ${numberText(rows)} rows (${bytesText(bytes)})`,
  };
};
