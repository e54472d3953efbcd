import type { Digest } from "./digest.ts";

/** `block`: it does not run without a waiver. `cannot-rehearse`: nothing was proved, which is never a pass. */
export type Verdict = "pass" | "warn" | "block" | "cannot-rehearse";

/** What becomes of the schema when a deployment is rolled back; see docs/migrations.md. */
export type DatabaseWayBack = "stay" | "down" | "restore";

/** Something that is wrong, or may be, with a migration. */
export interface MigrationFinding {
  /** Stable id of the rule: `add-column-volatile-default`. */
  rule: string;
  level: "block" | "warn" | "info";
  /** Null: of the rehearsal as a whole. */
  migration: string | null;
  /** Line of the statement in the migration's file, from 1; null where it is not known. */
  line: number | null;
  statement: string | null;
  /** The table, column or index that it is about: `public.rides`, `public.rides.fare`. */
  object: string | null;
  /** What happens, in one sentence. */
  what: string;
  /** Why it matters to users of the app. */
  why: string;
  /** The safe way: words, and SQL lines where there is some. */
  instead: string;
  instructions: string[];
  /** Estimated blocking at the target's size. */
  estimate: { ms: number; rows: number; bytes: number; basis: string } | null;
  /** Why it counts no longer. */
  waived: { reason: string } | null;
}

export interface RehearsedMigration {
  name: string;
  /** "contract" when it removes what the release before may need. */
  kind: "expand" | "contract";
  /** Why it is a contract migration: a mark in the file, or what it does. */
  because: string | null;
  durationMs: number;
  statements: number;
  /** Strongest lock by table with its longest time. */
  locks: { table: string; mode: string; heldMs: number }[];
  rewrites: string[];
  scans: string[];
}

/** One thing that was tried on the throwaway server, and whether it held. */
export interface RehearsalProof {
  name:
    | "up"
    | "down"
    | "down-schema"
    | "down-data"
    | "up-again"
    | "earlier-boots"
    | "earlier-health"
    | "earlier-smoke"
    | "earlier-statements";
  outcome: "held" | "failed" | "not-tried";
  detail: string;
}

/** What a rehearsal of a pair of releases showed. Immutable, kept in the store. */
export interface Rehearsal {
  format: 1;
  /** The release whose schema it began with; null: an empty database. */
  from: Digest | null;
  to: Digest;
  /** Hash of what it followed from; equal keys need no second rehearsal. */
  key: Digest;
  /** Where the schema it began with came from. */
  origin: "recorded" | "live" | "replayed" | "empty";
  server: { major: number; version: string };
  migrations: RehearsedMigration[];
  findings: MigrationFinding[];
  proofs: RehearsalProof[];
  verdict: Verdict;
  /** Why nothing could be proved; null unless the verdict is "cannot-rehearse". */
  cannot: { code: string; message: string; hint: string } | null;
  wayBack: DatabaseWayBack;
  /** One sentence: why that way back. */
  because: string;
  /** What a down takes with it whatever it holds by then: tables and columns that the migrations made. Absent: not known. */
  removedByDown?: { table: string; column: string | null }[];
  /** Digest of the schema script that the rehearsal ended with, when it was recorded. */
  schema: Digest | null;
  durationMs: number;
}
