import { sha256 } from "../domain/digest.ts";
import type { EnvironmentState } from "../domain/environment-state.ts";
import { AppError } from "../domain/errors.ts";
import { emptyState, foldEntry } from "../domain/fold.ts";
import { LOG_FORMAT, logKey, mendHint, type LogEntry } from "../domain/log-entry.ts";
import { seal, unseal } from "../domain/sealed.ts";
import type { Store } from "../ports/store.ts";

export const headKey = (environment: string): string => `environments/${environment}/head.json`;
export const checkpointKey = (environment: string, sequence: number): string =>
  `environments/${environment}/checkpoints/${String(sequence).padStart(12, "0")}.json`;
/** A rebuild of the head reads at most this many entries. */
export const CHECKPOINT_EVERY = 1000;

/** The cached fold, and the tag to replace it with. `state` is null when there is none or it is damaged: the log decides. */
export interface Head {
  state: EnvironmentState | null;
  etag: string | null;
}

export interface ReadEntry {
  entry: LogEntry;
  hash: string;
}

/** Reads one entry of the log; null when it is not there. Throws LOG_BROKEN when it is damaged, FORMAT_TOO_NEW when it is from the future. */
export const readEntry = async (
  store: Store,
  environment: string,
  sequence: number,
): Promise<ReadEntry | null> => {
  const key = logKey(environment, sequence);
  const stored = await store.get(key);
  return stored === null ? null : parseEntry(stored.bytes, { environment, sequence, key });
};

export const parseEntry = (
  bytes: Uint8Array,
  { environment, sequence, key }: { environment: string; sequence: number; key: string },
): ReadEntry => {
  const value = readSealed(bytes, key) as Partial<LogEntry> | null;
  if (value === null || value.sequence !== sequence || !Array.isArray(value.events))
    throw new AppError("LOG_BROKEN", `An entry of the log of ${environment} is damaged: ${key}.`, {
      hint: mendHint(environment, key),
      context: { key, bytes: bytes.length },
    });
  return { entry: value as LogEntry, hash: sha256(bytes) };
};

/** A newer format is refused in plain words, never guessed at. */
const refuseNewer = (format: unknown, key: string): void => {
  if (typeof format !== "number" || format <= LOG_FORMAT) return;
  throw new AppError(
    "FORMAT_TOO_NEW",
    `${key} was written in format ${format}; this version reads ${LOG_FORMAT}.`,
    {
      hint: "upgrade Switchback on this machine",
      context: { key, format },
    },
  );
};

/** An object of the store, its bytes checked; null when it is damaged. Throws FORMAT_TOO_NEW. */
export const readSealed = (bytes: Uint8Array, key: string): Record<string, unknown> | null => {
  const unsealed = unseal(bytes);
  const claims = unsealed.type === "whole" ? unsealed.value : unsealed.claims;
  refuseNewer(claims?.["minimumReader"] ?? claims?.["format"], key);
  return unsealed.type === "whole" ? unsealed.value : null;
};

interface StoredHead {
  format: number;
  minimumReader: number;
  state: EnvironmentState;
}

/** The head as cached. A damaged one is no error: it is only a cache. */
export const readHead = async (store: Store, environment: string): Promise<Head> => {
  const stored = await store.get(headKey(environment));
  if (stored === null) return { state: null, etag: null };
  return { state: parseHead(stored.bytes, environment, headKey(environment)), etag: stored.etag };
};

export const parseHead = (bytes: Uint8Array, environment: string, key: string): EnvironmentState | null => {
  const value = readSealed(bytes, key) as Partial<StoredHead> | null;
  const state = value?.state;
  // Without a hold it was written by a version before holds: it is built anew from the log.
  const known = state?.environment === environment && typeof state.sequence === "number";
  return known && state.hold !== undefined ? state : null;
};

export const encodeHead = (state: EnvironmentState): Uint8Array =>
  seal({ format: LOG_FORMAT, minimumReader: LOG_FORMAT, state });

/** Folds what follows `state` in the log, up to its end. */
export const catchUp = async (store: Store, state: EnvironmentState): Promise<EnvironmentState> => {
  for (let folded = state; ;) {
    const next = await readEntry(store, folded.environment, folded.sequence + 1);
    if (next === null) return folded;
    folded = foldEntry(folded, next.entry, next.hash);
  }
};

const MOST_AHEAD = 32;

/**
 * The whole log in order, up to the first number that is not there. Reads ahead, more the longer it goes on: a bucket is a
 * round trip away. Throws LOG_BROKEN or FORMAT_TOO_NEW where that entry's turn is.
 */
export async function* readEntries(store: Store, environment: string): AsyncGenerator<ReadEntry> {
  for (let next = 1, ahead = 1; ; next += ahead, ahead = Math.min(2 * ahead, MOST_AHEAD)) {
    const reads = Array.from({ length: ahead }, (_, index) => readEntry(store, environment, next + index));
    for (const read of await Promise.allSettled(reads)) {
      if (read.status === "rejected") throw read.reason;
      if (read.value === null) return;
      yield read.value;
    }
  }
}

/** The state as of now: the head, and the entries that it lags behind. Reads O(1) objects once the head is there. */
export const readState = async (store: Store, environment: string): Promise<EnvironmentState> => {
  const { state } = await readHead(store, environment);
  return catchUp(store, state ?? (await lastCheckpoint(store, environment)) ?? emptyState(environment));
};

const lastCheckpoint = async (store: Store, environment: string): Promise<EnvironmentState | null> => {
  const keys = await store.list(`environments/${environment}/checkpoints/`);
  for (const key of keys.reverse()) {
    const stored = await store.get(key);
    const state = stored === null ? null : parseHead(stored.bytes, environment, key);
    if (state !== null) return state;
  }
  return null;
};

/**
 * Before writing: the entry that the head names is there and is that entry, and nothing stands beyond the end.
 * Throws LOG_BROKEN for a cut tail or a gap, which appending would turn into a fork.
 */
export const checkTail = async (store: Store, state: EnvironmentState): Promise<void> => {
  const { environment, sequence, hash } = state;
  const broken = (why: string) =>
    new AppError("LOG_BROKEN", `The log of ${environment} is not whole: ${why}.`, {
      hint: mendHint(environment),
      context: { environment, sequence },
    });
  if (sequence > 0) {
    const last = await readEntry(store, environment, sequence);
    if (last === null) throw broken(`entry ${sequence} is missing`);
    if (last.hash !== hash) throw broken(`entry ${sequence} is not the one that was written`);
  }
  // In this order: a colleague may write both meanwhile, but never the second without the first.
  if (
    (await readEntry(store, environment, sequence + 2)) !== null &&
    (await readEntry(store, environment, sequence + 1)) === null
  )
    throw broken(`entry ${sequence + 1} is missing`);
};
