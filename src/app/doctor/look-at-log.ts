import { canonicalJson, type Digest } from "../../domain/digest.ts";
import type { EnvironmentState } from "../../domain/environment-state.ts";
import { isAppError, toAppError, type AppErrorJson } from "../../domain/errors.ts";
import { emptyState, foldEntry } from "../../domain/fold.ts";
import { logKey, type LogEntry } from "../../domain/log-entry.ts";
import { CHECKPOINT_EVERY, checkpointKey, headKey, parseEntry, parseHead } from "../../engine/read-log.ts";
import { readLease, judgeLease, type StandingLease } from "../../engine/lease.ts";
import type { Liveness } from "../../ports/liveness.ts";
import type { Store } from "../../ports/store.ts";

/** A cached fold as it lies there. "too new" and what the system refuses are `refused`. */
export type CacheFact =
  | { type: "absent" }
  | { type: "damaged"; earlier: EnvironmentState | null }
  /** `fits`: against the fold of the log up to its number; null: the log does not go that far without a break. */
  | { type: "whole"; state: EnvironmentState; fits: "fold" | "other content" | "other entry" | null }
  | { type: "refused"; error: AppErrorJson };

export interface LogFacts {
  environment: string;
  /** The highest number that is there; 0: no log. */
  last: number;
  missing: number[];
  damaged: { sequence: number; key: string; bytes: number; mustBe: Digest | null }[];
  refused: { key: string; error: AppErrorJson }[];
  /** Where it stops following by itself, though every entry's own bytes are whole. */
  brokenAt: { sequence: number; why: string } | null;
  /** Folded as far as it goes without a break. */
  state: EnvironmentState;
  head: CacheFact;
  checkpoints: { sequence: number; fact: CacheFact }[];
  lease:
    | { type: "read"; standing: StandingLease; judged: "free" | "held" | "unknown" }
    | { type: "refused"; error: AppErrorJson };
}

export interface LookDeps {
  store: Store;
  liveness: Liveness;
  earlierVersions(key: string): Promise<Uint8Array[]>;
}

/** Reads an environment's log, its caches and its lease, to the last byte. Changes nothing; a colleague may append meanwhile. */
export const lookAtLog = async (deps: LookDeps, environment: string): Promise<LogFacts> => {
  // Caches first: what they know of stands in the log by the time that is read.
  const head = await readCache(deps, environment, headKey(environment));
  const prefix = `environments/${environment}/checkpoints/`;
  const checkpoints: { sequence: number; fact: CacheFact }[] = [];
  for (const key of await deps.store.list(prefix)) {
    const sequence = Number(key.slice(prefix.length, -".json".length));
    if (key === checkpointKey(environment, sequence))
      checkpoints.push({ sequence, fact: await readCache(deps, environment, key) });
  }
  const lease = await readLease(deps.store, environment)
    .then((standing) => ({ type: "read" as const, standing, judged: judgeLease(standing, deps.liveness) }))
    .catch((error: unknown) => ({ type: "refused" as const, error: toAppError(error).toJSON() }));
  const wanted = new Map<number, EnvironmentState[]>();
  for (const { fact } of [{ fact: head }, ...checkpoints])
    if (fact.type === "whole")
      wanted.set(fact.state.sequence, [...(wanted.get(fact.state.sequence) ?? []), fact.state]);
  const log = await readLog(deps.store, environment, wanted);
  const judged = (fact: CacheFact): CacheFact =>
    fact.type === "whole" ? { ...fact, fits: log.fits.get(fact.state) ?? null } : fact;
  return {
    environment,
    ...log,
    head: judged(head),
    checkpoints: checkpoints.map(({ sequence, fact }) => ({ sequence, fact: judged(fact) })),
    lease,
  };
};

const readCache = async (
  { store, earlierVersions }: LookDeps,
  environment: string,
  key: string,
): Promise<CacheFact> => {
  try {
    const stored = await store.get(key);
    if (stored === null) return { type: "absent" };
    const state = parseHead(stored.bytes, environment, key);
    if (state !== null) return { type: "whole", state, fits: null };
    const earlier = (await earlierVersions(key)).map((bytes) => parseHead(bytes, environment, key));
    return { type: "damaged", earlier: earlier.find((one) => one !== null) ?? null };
  } catch (error) {
    return { type: "refused", error: toAppError(error).toJSON() };
  }
};

/** `wanted`: cached states by number; whether each is the fold is told as soon as the log has been folded that far. */
const readLog = async (
  store: Store,
  environment: string,
  wanted: Map<number, EnvironmentState[]>,
): Promise<
  Pick<LogFacts, "last" | "missing" | "damaged" | "refused" | "brokenAt" | "state"> & {
    fits: Map<EnvironmentState, "fold" | "other content" | "other entry">;
  }
> => {
  const numbers = await entryNumbers(store, environment);
  const last = numbers.at(-1) ?? 0;
  const there = new Set(numbers);
  const found: LogFacts["damaged"] = [];
  const refused: LogFacts["refused"] = [];
  const missing: number[] = [];
  const fits = new Map<EnvironmentState, "fold" | "other content" | "other entry">();
  let brokenAt: LogFacts["brokenAt"] = null;
  let state = emptyState(environment);
  let going = true;
  for (let sequence = 1; sequence <= last; sequence++) {
    const key = logKey(environment, sequence);
    const read = there.has(sequence) ? await readOne(store, environment, sequence) : null;
    if (read === null) missing.push(sequence);
    else if ("error" in read) refused.push({ key, error: read.error });
    else if ("bytes" in read) found.push({ sequence, key, bytes: read.bytes, mustBe: null });
    else {
      // Whole, and names what the one before must have been.
      const before = found.at(-1);
      if (before?.sequence === sequence - 1) before.mustBe = read.entry.previous;
      if (going) {
        try {
          state = foldEntry(state, read.entry, read.hash);
          for (const one of wanted.get(sequence) ?? []) fits.set(one, fitOf(one, state));
          continue;
        } catch (error) {
          if (!isAppError(error, "LOG_BROKEN")) throw error;
          brokenAt = { sequence, why: error.message };
        }
      }
    }
    going = false;
  }
  return { last, missing, damaged: found, refused, brokenAt, state, fits };
};

const fitOf = (
  cached: EnvironmentState,
  folded: EnvironmentState,
): "fold" | "other content" | "other entry" =>
  cached.hash !== folded.hash
    ? "other entry"
    : canonicalJson(cached) === canonicalJson(folded)
      ? "fold"
      : "other content";

const entryNumbers = async (store: Store, environment: string): Promise<number[]> => {
  const prefix = `environments/${environment}/log/`;
  return (await store.list(prefix))
    .map((key) => ({ key, sequence: Number(key.slice(prefix.length, -".json".length)) }))
    .filter(({ key, sequence }) => key === logKey(environment, sequence))
    .map(({ sequence }) => sequence)
    .sort((a, b) => a - b);
};

const readOne = async (
  store: Store,
  environment: string,
  sequence: number,
): Promise<{ entry: LogEntry; hash: Digest } | { bytes: number } | { error: AppErrorJson } | null> => {
  const key = logKey(environment, sequence);
  try {
    const stored = await store.get(key);
    if (stored === null) return null;
    try {
      return parseEntry(stored.bytes, { environment, sequence, key });
    } catch (error) {
      if (isAppError(error, "LOG_BROKEN")) return { bytes: stored.bytes.length };
      throw error;
    }
  } catch (error) {
    return { error: toAppError(error).toJSON() };
  }
};

export const isWhole = ({ missing, damaged, refused, brokenAt }: LogFacts): boolean =>
  missing.length === 0 && damaged.length === 0 && refused.length === 0 && brokenAt === null;

/** Numbers that should have a checkpoint. */
export const checkpointsDue = (last: number): number[] =>
  Array.from({ length: Math.floor(last / CHECKPOINT_EVERY) }, (_, n) => (n + 1) * CHECKPOINT_EVERY);
