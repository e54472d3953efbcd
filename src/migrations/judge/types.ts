import type { MigrationFinding, RehearsedMigration, Verdict } from "../../domain/rehearsal.ts";
import type { Catalog, TableStatistics } from "../catalog/types.ts";
import type { Observation } from "../relay/types.ts";

/** One migration, and what is known of it. What is null is not known, and is said so rather than guessed. */
export interface MigrationToJudge {
  name: string;
  /** Path for reports, from the project's root. */
  file: string | null;
  /** The whole file: marks and waivers are read from its comments, in any language. */
  source: string | null;
  /** The statements of this direction, when the file has them as SQL, and the line on which they begin, from 1. Null: a program makes them. */
  sql: { text: string; line: number } | null;
  direction: "up" | "down";
  /** It has a down that does something. */
  reversible: boolean | null;
  observation: Observation | null;
  /** The schema before this migration and after it. */
  before: Catalog | null;
  after: Catalog | null;
}

/** What work costs, per unit. `basis` says in words where the numbers come from. */
export interface Calibration {
  basis: string;
  scanMsPerMb: number;
  rewriteMsPerMb: number;
  /** A rewrite that computes a volatile default for each row. */
  volatileRewriteMsPerMb: number;
  indexUsPerRow: number;
  foreignKeyUsPerRow: number;
  updateUsPerRow: number;
}

/** How long others may wait for a table. */
export interface Thresholds {
  warnMs: number;
  blockMs: number;
}

export type TriedRule =
  | "migration-command-failed"
  | "down-loses-data"
  | "down-failed"
  | "down-schema-differs"
  | "up-again-differs"
  | "earlier-release-breaks"
  | "earlier-release-not-tried"
  | "new-release-fails";

export interface JudgeInput {
  /** In the order in which they run: a table that one makes is new to those that follow. */
  migrations: MigrationToJudge[];
  /** Major version of the target. */
  major: number;
  /** Of the target; null: they could not be read. */
  statistics: TableStatistics[] | null;
  /** What the run sets for its session; null: not set. A `SET` in a migration counts too. */
  timeouts: { lockMs: number | null; statementMs: number | null };
  /** Tables of the migration tools, `schema.name`: nobody waits for them. */
  bookkeeping: string[];
  /** Defaults: what was measured, see DEFAULT_CALIBRATION. */
  calibration?: Calibration;
  /** Defaults: DEFAULT_THRESHOLDS. */
  thresholds?: Thresholds;
  /** What a rehearsal tried and did not hold; each becomes a finding of that migration, which its file may waive. */
  tried?: {
    rule: TriedRule;
    migration: string;
    object: string | null;
    what: string;
    instructions: string[];
  }[];
  /** Also the rules of style. */
  style?: boolean;
}

export interface MigrationKind {
  migration: string;
  kind: RehearsedMigration["kind"];
  because: RehearsedMigration["because"];
}

export interface Judgement {
  /** By migration, in the order of its statements; those of the whole rehearsal last. */
  findings: MigrationFinding[];
  kinds: MigrationKind[];
  /** Of what is not waived. */
  verdict: Exclude<Verdict, "cannot-rehearse">;
}

/** `judge` in judge.ts. Pure; `await loadParser()` (parse-sql.ts) must have been called once in the process. */
export type Judge = (input: JudgeInput) => Judgement;
