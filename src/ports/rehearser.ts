import type { MigrationLimits, SmokeCheck } from "../domain/app-definition.ts";
import type { Digest } from "../domain/digest.ts";
import type { RuleText } from "../domain/migration-rule.ts";
import type { Rehearsal } from "../domain/rehearsal.ts";
import type { Release } from "../domain/release.ts";

/** Service → its settings. */
export type ServiceSettings = Record<string, Record<string, string>>;

/** Which pair of releases is rehearsed, for which environment, and what is known of the target. */
export interface RehearsalAsk {
  environment: string;
  /** Null: an empty database. */
  from: Release | null;
  to: Release;
  settings: { from: ServiceSettings; to: ServiceSettings };
  smoke: SmokeCheck[];
  /** No further than this migration; null: all. */
  upTo: string | null;
  limits: MigrationLimits;
  thresholds: { warnMs: number; blockMs: number };
  /** Address of the target for reading, when it has the schema of `from` now; null: it has not, or is not up. */
  live: string | null;
  /** The schema that an earlier rehearsal of `from` ended with, as it was recorded. */
  recorded: unknown;
  /** Folder of the migrations from the project's root, for reports. */
  folder: string | null;
}

export interface PreparedRehearsal {
  /** Equal keys, equal results: nothing that decides the result is outside of it. */
  key: Digest;
  run(options: RehearsalRun): Promise<Rehearsal>;
}

export interface RehearsalRun {
  signal: AbortSignal;
  onProgress: (text: string) => void;
  /** Keeps the schema that the rehearsal ended with. */
  recordSchema: (script: object) => Promise<Digest>;
}

/** Runs migrations on a throwaway PostgreSQL: nothing of the target is changed, nothing is left behind. */
export interface Rehearser {
  /** Reads what the rehearsal begins with. What cannot be had is the verdict "cannot-rehearse", never an error. */
  prepare(ask: RehearsalAsk, options: { signal: AbortSignal }): Promise<PreparedRehearsal>;
  /** What a rule says of itself; `meant`: the rule that a wrong name is nearest to. */
  explain(rule: string): { text: RuleText | null; meant: string | null };
  /** The findings in the form that code hosts read: SARIF 2.1.0. `files`: migration → path from the project's root. */
  sarif(rehearsal: Rehearsal, files: Record<string, string>): object;
}
