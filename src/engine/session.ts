import type { EnvironmentState } from "../domain/environment-state.ts";
import { AppError, isAppError } from "../domain/errors.ts";
import { emptyState } from "../domain/fold.ts";
import type { LogEvent } from "../domain/log-entry.ts";
import type { Clock } from "../ports/clock.ts";
import type { Liveness } from "../ports/liveness.ts";
import type { Store } from "../ports/store.ts";
import { judgeLease, readLease, takeLease, type Lease, type StandingLease } from "./lease.ts";
import { makeLogWriter, type LogWriter } from "./log-writer.ts";
import {
  catchUp,
  CHECKPOINT_EVERY,
  checkpointKey,
  checkTail,
  encodeHead,
  headKey,
  readHead,
  readState,
} from "./read-log.ts";

export interface SessionDeps {
  store: Store;
  clock: Clock;
  liveness: Liveness;
  leaseMs: number;
  /** Added to the lease's duration before somebody else's is taken over. */
  callBudgetMs: number;
}

export interface SessionRequest {
  environment: string;
  purpose: string;
  /** Wait for whoever holds the environment, instead of ENVIRONMENT_BUSY. */
  wait: boolean;
  signal: AbortSignal;
  onWaiting?: (text: string) => void;
}

/** The right to change one environment, and its log. */
export interface Session {
  readonly environment: string;
  readonly epoch: number;
  readonly lost: AbortSignal;
  state(): EnvironmentState;
  append: LogWriter["append"];
  ride(events: LogEvent[]): void;
  assertHeld(budgetMs: number): Promise<void>;
  /** Writes the head and gives the lease back, when the store can be written. Never rejects; safe to call twice. */
  close(): Promise<void>;
}

/** Between two looks at a lease that somebody holds: soon at first, then at a tenth of the time waited so far. */
const BUSY_POLL_MS = { least: 50, most: 1_000 };

/**
 * Takes the environment's lease and reads its log to the end. A deployment that its runner left open is taken over:
 * `taken-over` is appended under the new epoch before this returns, so the runner before is fenced.
 * Throws ENVIRONMENT_BUSY naming the holder when somebody alive holds it.
 */
export const openSession = async (deps: SessionDeps, request: SessionRequest): Promise<Session> => {
  const { environment } = request;
  const lease = await acquireLease(deps, request);
  try {
    const state = await readState(deps.store, environment);
    await checkTail(deps.store, state);
    const { actor } = deps.liveness.self();
    const writerFrom = (from: EnvironmentState) =>
      makeLogWriter({ store: deps.store, clock: deps.clock, state: from, epoch: lease.epoch, writer: actor });
    const writer = writerFrom(state);
    try {
      if (state.open !== null) await writer.append([{ type: "taken-over", actor, from: state.open.actor }]);
    } catch (error) {
      // The runner before had written its end, and the store carried it out only now: there is nothing left to take over.
      const now = writer.state();
      if (!isAppError(error, "FENCED") || now.open !== null || now.epoch > lease.epoch) throw error;
      return makeSession(deps, lease, writerFrom(now), environment);
    }
    return makeSession(deps, lease, writer, environment);
  } catch (error) {
    await lease.release().catch(() => undefined);
    throw error;
  }
};

const makeSession = (
  { store }: SessionDeps,
  lease: Lease,
  writer: LogWriter,
  environment: string,
): Session => {
  let closing: Promise<void> | null = null;
  // Neither is at stake: the head is a cache that may lag, and a lease that is not given back ends with its holder. What
  // the deployment came to is in the log, and must not be told otherwise because a disk is full.
  const close = async () => {
    await writeHead(store, writer.state()).catch(() => undefined);
    await lease.release().catch(() => undefined);
  };
  return {
    environment,
    epoch: lease.epoch,
    lost: lease.lost,
    state: writer.state,
    append: writer.append,
    ride: writer.ride,
    assertHeld: lease.assertHeld,
    close: () => (closing ??= close()),
  };
};

export const acquireLease = async (deps: SessionDeps, request: SessionRequest): Promise<Lease> => {
  const { environment, purpose } = request;
  const watch = makeWatch(deps);
  const startedMs = deps.clock.monotonicMs();
  for (;;) {
    request.signal.throwIfAborted();
    const standing = await readLease(deps.store, environment);
    const judged = judgeLease(standing, deps.liveness);
    // Also a holder that lives may stand still, or have failed to give it back: what it does not renew it does not hold.
    if (judged === "free" || watch.ranOut(standing)) {
      const { epoch } = await readState(deps.store, environment);
      const lease = await takeLease(
        { ...deps, durationMs: deps.leaseMs },
        { environment, purpose, standing, atLeastEpoch: epoch },
      );
      if (lease !== null) return lease;
      if (!request.wait) throw busy(environment, await readLease(deps.store, environment));
    } else if (!request.wait && (judged === "held" || watch.renewed(standing))) {
      throw busy(environment, standing);
    } else request.onWaiting?.(waitingText(standing));
    const waitedMs = deps.clock.monotonicMs() - startedMs;
    const pollMs = Math.min(Math.max(waitedMs / 10, BUSY_POLL_MS.least), BUSY_POLL_MS.most);
    await deps.clock.sleep(pollMs, request.signal);
  }
};

/** Watches one lease on this process's own monotonic clock: nobody else's clock decides. */
const makeWatch = ({ clock, leaseMs, callBudgetMs }: SessionDeps) => {
  let first: string | null = null;
  let tag: string | null = null;
  let sinceMs = 0;
  const see = (standing: StandingLease) => {
    first ??= standing.etag;
    if (standing.etag === tag) return;
    tag = standing.etag;
    sinceMs = clock.monotonicMs();
  };
  return {
    ranOut: (standing: StandingLease): boolean => {
      see(standing);
      return clock.monotonicMs() - sinceMs > (standing.record?.durationMs ?? leaseMs) + callBudgetMs;
    },
    renewed: (standing: StandingLease): boolean => first !== null && standing.etag !== first,
  };
};

const waitingText = ({ record }: StandingLease): string =>
  record === null
    ? "waiting for a damaged lease to run out"
    : `waiting for ${record.holder.actor} (${record.purpose})`;

const busy = (environment: string, { record }: StandingLease): AppError =>
  new AppError(
    "ENVIRONMENT_BUSY",
    record === null
      ? `Somebody else is changing ${environment}.`
      : `${record.holder.actor} is changing ${environment}: ${record.purpose} (process ${record.holder.pid}).`,
    {
      hint: `wait for it by adding --wait, or look: switchback status ${environment}`,
      context:
        record === null
          ? {}
          : { holder: record.holder.actor, pid: record.holder.pid, purpose: record.purpose },
    },
  );

/**
 * Brings the head up to `state`, if nobody brought it further: its sequence never falls. Losing a race is fine, as
 * whoever won read a log that is at least as long.
 */
export const writeHead = async (store: Store, state: EnvironmentState): Promise<void> => {
  const head = await readHead(store, state.environment);
  if (head.state !== null && head.state.sequence >= state.sequence) return;
  await store.replace(headKey(state.environment), encodeHead(state), head.etag);
  const mark = Math.floor(state.sequence / CHECKPOINT_EVERY) * CHECKPOINT_EVERY;
  if (mark > (head.state?.sequence ?? 0))
    await store.create(checkpointKey(state.environment, mark), encodeHead(state));
};

/**
 * Appends events that need no lease, such as a lock or a note, under the epoch that stands. Never disturbs a deployment
 * under way: its writer chains anew. Tries again when somebody took the number.
 */
export const appendAside = async (
  { store, clock, liveness }: Pick<SessionDeps, "store" | "clock" | "liveness">,
  environment: string,
  events: LogEvent[],
): Promise<EnvironmentState> => {
  const head = (await readHead(store, environment)).state ?? emptyState(environment);
  let state = head.sequence === 0 ? await readState(store, environment) : await catchUp(store, head);
  await checkTail(store, state);
  for (;;) {
    const writer = makeLogWriter({ store, clock, state, epoch: state.epoch, writer: liveness.self().actor });
    try {
      await writer.append(events);
      // It is in the log: that its cache could not be brought up to it changes nothing.
      await writeHead(store, writer.state()).catch(() => undefined);
      return writer.state();
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "FENCED") throw error;
      state = await readState(store, environment);
    }
  }
};
