import type { Clock } from "../../../ports/clock.ts";
import { judge } from "./judge.ts";

/** What one call of the store may cost. */
export interface CallBudget {
  /** Until a connection stands. */
  connectMs: number;
  /** One try, body included. */
  attemptMs: number;
  /** All tries and the waits between them. */
  totalMs: number;
  attempts: number;
  /** The wait before try n is a random part of `least` doubled n times, `most` at most: full jitter. */
  backoff: { leastMs: number; mostMs: number };
}

/** A lease lasts 15 s and is renewed at a third of it: a call that used all of this still ends with it. */
export const CALL_BUDGET: CallBudget = {
  connectMs: 1_500,
  attemptMs: 4_000,
  totalMs: 10_000,
  attempts: 6,
  backoff: { leastMs: 50, mostMs: 2_000 },
};

export interface CallDeps {
  clock: Clock;
  /** 0 to 1. */
  random: () => number;
  budget: CallBudget;
}

/** A try that took longer than it may. Whether the server did what was asked is not known. */
export class TimedOut extends Error {
  override readonly name = "TimedOut";
  constructor(ms: number) {
    super(`no answer within ${Math.round(ms)} ms`);
  }
}

/** The last failure of a call, and what was tried. */
export class CallFailed extends Error {
  override readonly name = "CallFailed";
  readonly attempts: number;
  readonly elapsedMs: number;
  constructor(cause: unknown, tried: { attempts: number; elapsedMs: number }) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.attempts = tried.attempts;
    this.elapsedMs = tried.elapsedMs;
  }
}

export interface Called<T> {
  value: T;
  /** More than one: an earlier try may have done its work too, with its answer lost. */
  attempts: number;
}

/**
 * Runs `attempt` until it succeeds, fails for good, or the budget is used up; never longer than `totalMs`, whatever the
 * attempt waits for. Rejects with CallFailed. The SDK's own retries are off: they know no total, and no 409 of S3.
 */
export const call = async <T>(
  { clock, random, budget }: CallDeps,
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<Called<T>> => {
  const startedMs = clock.monotonicMs();
  for (let attempts = 1; ; attempts++) {
    const leftMs = budget.totalMs - (clock.monotonicMs() - startedMs);
    try {
      return { value: await within(clock, Math.min(budget.attemptMs, leftMs), attempt), attempts };
    } catch (error) {
      const elapsedMs = clock.monotonicMs() - startedMs;
      const ceilingMs = Math.min(budget.backoff.mostMs, budget.backoff.leastMs * 2 ** (attempts - 1));
      const waitMs = random() * ceilingMs;
      const over = attempts >= budget.attempts || elapsedMs + waitMs >= budget.totalMs;
      if (over || judge(error) !== "transient") throw new CallFailed(error, { attempts, elapsedMs });
      await clock.sleep(waitMs);
    }
  }
};

/** Also of what does not listen to its signal, such as a look for credentials. */
const within = async <T>(clock: Clock, ms: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const over = new AbortController();
  const done = new AbortController();
  const late = clock.sleep(ms, done.signal).then(
    () => {
      const error = new TimedOut(ms);
      over.abort(error);
      throw error;
    },
    () => new Promise<never>(() => undefined),
  );
  try {
    return await Promise.race([run(over.signal), late]);
  } finally {
    done.abort();
  }
};
