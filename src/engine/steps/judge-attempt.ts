import type { MigrationLimits } from "../../domain/app-definition.ts";
import type { MigrationResult } from "../../ports/platform.ts";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

export type Attempt = { type: "done" } | { type: "failed" } | { type: "again"; pauseMs: number };

/**
 * What follows from one run of a migration command. Pure. It is run again only when nothing of it can be half done: it waited
 * too long for a lock, no tool left a mark, and what changed of the schema is written down as applied.
 */
export const judgeAttempt = (request: {
  result: Pick<MigrationResult, "exitCode" | "lockTimeout" | "changedSchema" | "leftovers">;
  /** How many migrations are still to be done. */
  missing: number;
  /** What is applied is other than before this run, or nobody looked. */
  moved: boolean;
  attempt: number;
  limits: MigrationLimits;
}): Attempt => {
  const { result, missing, moved, attempt, limits } = request;
  if (result.exitCode === 0 && missing === 0) return { type: "done" };
  const clean = result.leftovers.length === 0 && (!result.changedSchema || moved);
  if (!result.lockTimeout || !clean || attempt > limits.retries) return { type: "failed" };
  return { type: "again", pauseMs: Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS) };
};

export const describeDuration = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`);
