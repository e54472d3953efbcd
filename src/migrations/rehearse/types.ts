import type { SmokeCheck } from "../../domain/app-definition.ts";
import type { Digest } from "../../domain/digest.ts";
import type { Rehearsal } from "../../domain/rehearsal.ts";
import type { Release } from "../../domain/release.ts";
import type { Clock } from "../../ports/clock.ts";
import type { RehearsalHost } from "../../ports/rehearsal.ts";
import type { SchemaScript, TableStatistics } from "../catalog/types.ts";
import type { Thresholds } from "../judge/types.ts";
import type { ThrowawayServer } from "../throwaway/types.ts";

/** The schema that a rehearsal begins with. */
export type RehearsalStart =
  /** Recorded by the rehearsal or deployment that brought the target where it is. */
  | { type: "recorded"; script: SchemaScript }
  /** Read from the target just now, read-only. */
  | { type: "live"; script: SchemaScript }
  /** The earlier release's own `up` on an empty database. */
  | { type: "replayed" }
  | { type: "empty" };

export interface RehearsalRequest {
  /** The release that the target serves; null: none yet. */
  from: Release | null;
  to: Release;
  /** Major version of the target's PostgreSQL. */
  major: number;
  start: RehearsalStart;
  environment: {
    name: string;
    smoke: SmokeCheck[];
    /** Service → settings, of the earlier release and of the new one. */
    env: { from: Record<string, Record<string, string>>; to: Record<string, Record<string, string>> };
  };
  /** Of the target; null: those in the script, if any. */
  statistics: TableStatistics[] | null;
  /** Statements that the target's pg_stat_statements has seen; empty: only what the rehearsal sees itself. */
  statements: string[];
  /** Rehearse no further than this migration, by the release's `upTo`; null: all, by `up`. */
  upTo: string | null;
  /** What the run for real sets. */
  limits: { lockTimeoutMs: number; statementTimeoutMs: number };
  thresholds: Thresholds;
  /** Also the rules of style. */
  style: boolean;
  /** Folder of the migrations from the project's root, for reports; null: not known. */
  folder: string | null;
}

export interface RehearsalDeps {
  /** Stays the caller's, who closes it. */
  host: RehearsalHost;
  clock: Clock;
  signal: AbortSignal;
  startServer: (options: { major: number; clock: Clock; signal: AbortSignal }) => Promise<ThrowawayServer>;
  /** Keeps the schema that the rehearsal ended with and gives its digest; null: it is not kept. */
  recordSchema: ((script: SchemaScript) => Promise<Digest>) | null;
  /** A short text for people: what is being tried. */
  onProgress: (text: string) => void;
  /** How long a booted service runs by itself after its checks. */
  lingerMs?: number;
}

/**
 * `rehearse` in rehearse.ts. What is missing or does not start is the verdict "cannot-rehearse", never a pass and never an error; it rejects
 * only when the signal is aborted. Nothing of it is left behind. `rehearsalKey(request)` is the key of its result.
 */
export type Rehearse = (request: RehearsalRequest, deps: RehearsalDeps) => Promise<Rehearsal>;
