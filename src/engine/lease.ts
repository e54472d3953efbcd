import { randomBytes } from "node:crypto";
import { AppError, isAppError } from "../domain/errors.ts";
import { seal } from "../domain/sealed.ts";
import type { Clock } from "../ports/clock.ts";
import type { Liveness, ProcessIdentity } from "../ports/liveness.ts";
import type { Store } from "../ports/store.ts";
import { readSealed } from "./read-log.ts";

export interface LeaseRecord {
  format: 1;
  minimumReader: 1;
  holder: ProcessIdentity;
  /** What it is held for: "deploy r-4f9c21ab07d3". */
  purpose: string;
  epoch: number;
  durationMs: number;
  nonce: string;
  released: boolean;
}

export interface Lease {
  readonly epoch: number;
  /** Aborted with FENCED when another holds it, or with the store's error when it ran out unrenewed. */
  readonly lost: AbortSignal;
  /**
   * Resolves when an effect that may take `budgetMs` can be started: what is left of the lease, on the monotonic clock,
   * outlasts it. Renews when it does not; rejects with FENCED when that cannot be.
   */
  assertHeld(budgetMs: number): Promise<void>;
  release(): Promise<void>;
}

export interface LeaseDeps {
  store: Store;
  clock: Clock;
  liveness: Liveness;
  durationMs: number;
}

const leaseKey = (environment: string): string => `environments/${environment}/lease.json`;
/** Above any epoch that a damaged lease could have held. */
const EPOCH_LEAP = 1000;

export interface StandingLease {
  record: LeaseRecord | null;
  etag: string | null;
}

/** The lease as it stands. `record` is null when there is none, or when it is damaged and `etag` is not null. */
export const readLease = async (store: Store, environment: string): Promise<StandingLease> => {
  const stored = await store.get(leaseKey(environment));
  if (stored === null) return { record: null, etag: null };
  return { record: parseLease(stored.bytes, environment), etag: stored.etag };
};

/** No lease is longer: a record that claims so is damaged, and must not keep an environment for ever. */
const LONGEST_MS = 3_600_000;

const parseLease = (bytes: Uint8Array, environment: string): LeaseRecord | null => {
  const value = readSealed(bytes, leaseKey(environment)) as Partial<LeaseRecord> | null;
  const { epoch, durationMs, holder } = value ?? {};
  const timed = typeof durationMs === "number" && durationMs > 0 && durationMs <= LONGEST_MS;
  return timed && Number.isSafeInteger(epoch) && typeof holder?.actor === "string"
    ? (value as LeaseRecord)
    : null;
};

/** "free": may be taken at once. "held": by a process that lives. "unknown": only time tells. */
export const judgeLease = (
  { record, etag }: StandingLease,
  liveness: Liveness,
): "free" | "held" | "unknown" => {
  if (etag === null || record?.released === true) return "free";
  if (record === null) return "unknown";
  const seen = liveness.look(record.holder);
  return seen === "dead" ? "free" : seen === "alive" ? "held" : "unknown";
};

/** Takes the lease that stands as `standing`, one epoch up. Null: somebody was faster. */
export const takeLease = async (
  deps: LeaseDeps,
  request: { environment: string; purpose: string; standing: StandingLease; atLeastEpoch: number },
): Promise<Lease | null> => {
  const { environment, purpose, standing, atLeastEpoch } = request;
  const damaged = standing.record === null && standing.etag !== null;
  const epoch = Math.max(standing.record?.epoch ?? 0, atLeastEpoch) + (damaged ? EPOCH_LEAP : 1);
  const record: LeaseRecord = {
    format: 1,
    minimumReader: 1,
    holder: deps.liveness.self(),
    purpose,
    epoch,
    durationMs: deps.durationMs,
    nonce: randomBytes(12).toString("hex"),
    released: false,
  };
  const takenAtMs = deps.clock.monotonicMs();
  const etag = await replaceOwn(deps.store, environment, record, standing.etag);
  return etag === null ? null : holdLease(deps, { environment, record, etag, takenAtMs });
};

const holdLease = (
  { store, clock, durationMs }: LeaseDeps,
  held: { environment: string; record: LeaseRecord; etag: string; takenAtMs: number },
): Lease => {
  const lost = new AbortController();
  const ended = new AbortController();
  let { record, etag } = held;
  let heldFromMs = held.takenAtMs;
  let renewing: Promise<void> | null = null;

  /** Nonces of renewals that failed: a store that is far away may carry one of them out after all, later. */
  const unsure = new Set<string>();

  const renewOnce = async (): Promise<void> => {
    const next = { ...record, nonce: randomBytes(12).toString("hex") };
    unsure.add(next.nonce);
    // Counted from before the request: the object may be in place long before the answer is.
    const startedMs = clock.monotonicMs();
    const renewed = await replaceOwn(store, held.environment, next, etag);
    if (renewed === null) {
      const standing = await readLease(store, held.environment);
      if (standing.record !== null && unsure.delete(standing.record.nonce)) {
        etag = standing.etag!;
        return renewOnce();
      }
      const error = new AppError("FENCED", `Another deployer took ${held.environment} over.`, {
        hint: "switchback status",
      });
      lost.abort(error);
      throw error;
    }
    record = next;
    etag = renewed;
    heldFromMs = startedMs;
    unsure.clear();
  };
  const renew = (): Promise<void> => (renewing ??= renewOnce().finally(() => (renewing = null)));
  const remainingMs = () => heldFromMs + durationMs - clock.monotonicMs();

  const keep = async (): Promise<void> => {
    while (!ended.signal.aborted && !lost.signal.aborted) {
      await clock.sleep(durationMs / 3, ended.signal);
      try {
        await renew();
      } catch (error) {
        // The store may come back; until then effects stop when the lease runs out.
        if (isAppError(error, "FENCED") || remainingMs() <= 0) lost.abort(error);
      }
    }
  };
  void keep().catch(() => undefined);

  return {
    epoch: record.epoch,
    lost: lost.signal,
    assertHeld: async (budgetMs) => {
      if (budgetMs >= durationMs)
        throw new AppError(
          "BUG",
          `An effect of up to ${budgetMs} ms cannot be covered by a lease of ${durationMs} ms.`,
        );
      for (;;) {
        if (lost.signal.aborted) throw lost.signal.reason;
        if (remainingMs() > budgetMs) return;
        // Not enough left even after a renewal: this process stood still meanwhile, and asks again.
        await renew();
      }
    },
    release: async () => {
      ended.abort();
      await renewing?.catch(() => undefined);
      if (!lost.signal.aborted)
        await replaceOwn(store, held.environment, { ...record, released: true }, etag);
    },
  };
};

/** Replaces, and tells a lost answer or a double conflict apart by reading the nonce back. Null: another's stands there. */
const replaceOwn = async (
  store: Store,
  environment: string,
  record: LeaseRecord,
  etag: string | null,
): Promise<string | null> => {
  const key = leaseKey(environment);
  let failure: unknown;
  try {
    const result = await store.replace(key, seal(record), etag);
    if (result !== "conflict") return result.etag;
  } catch (error) {
    failure = error;
  }
  const standing = await store.get(key);
  const value = standing === null ? null : parseLease(standing.bytes, environment);
  if (value?.nonce === record.nonce && value.released === record.released) return standing!.etag;
  if (failure !== undefined) throw failure;
  return null;
};
