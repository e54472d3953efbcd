import type { Clock } from "../../../ports/clock.ts";
import { isAppError } from "../../../domain/errors.ts";
import { AwsFault, faultOfError, judge } from "./aws-fault.ts";
import { follow } from "./follow-signal.ts";
import { makeWatchdog, type Watchdog } from "./watchdog.ts";

export interface RetryBudget {
  /** Of one request. */
  attempts: number;
  /** One try, answer included; what is sent prolongs it. */
  attemptMs: number;
  /** The slowest line that a try still waits for. */
  leastBytesPerSecond: number;
  /** The wait before try n is a random part of `least` doubled n times, `most` at most: full jitter. */
  backoff: { leastMs: number; mostMs: number };
  /** Tries again that all requests together may spend; what succeeds gives its own back. Keeps a server in trouble from more of it. */
  again: number;
}

export const RETRY_BUDGET: RetryBudget = {
  attempts: 8,
  attemptMs: 30_000,
  leastBytesPerSecond: 50_000,
  backoff: { leastMs: 50, mostMs: 5_000 },
  again: 1_000,
};

export interface RetryDeps {
  clock: Clock;
  /** 0 to 1. */
  random: () => number;
  budget: RetryBudget;
  onThrottled?: () => void;
}

export type Retry = <T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  options: { bytes: number; signal: AbortSignal },
) => Promise<T>;

/** Runs an attempt until it succeeds, fails for good, or a budget is used up. Rejects with the last AwsFault, or with the signal's reason. */
export const makeRetry = ({ clock, random, budget, onThrottled }: RetryDeps): Retry => {
  const watchdog = makeWatchdog(clock);
  let left = budget.again;
  return async (attempt, { bytes, signal }) => {
    const attemptMs = budget.attemptMs + (bytes / budget.leastBytesPerSecond) * 1_000;
    let spent = 0;
    for (let attempts = 1; ; attempts++) {
      signal.throwIfAborted();
      try {
        const value = await within({ ms: attemptMs, signal, watchdog }, attempt);
        left += spent;
        return value;
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        // What came from elsewhere, such as a damaged artefact, is no answer of AWS.
        if (isAppError(error)) throw error;
        const fault = faultOfError(error);
        const judged = judge(fault);
        if (judged === "throttled") onThrottled?.();
        if (judged === "final" || attempts >= budget.attempts || left <= 0) throw fault;
        left -= 1;
        spent += 1;
        const ceilingMs = Math.min(budget.backoff.mostMs, budget.backoff.leastMs * 2 ** (attempts - 1));
        const own = follow(signal);
        await clock.sleep(random() * ceilingMs, own.signal).finally(own.release);
      }
    }
  };
};

/** Ends a try that takes too long, also one that does not listen to its signal, such as a look for credentials. */
const within = async <T>(
  { ms, signal, watchdog }: { ms: number; signal: AbortSignal; watchdog: Watchdog },
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const own = follow(signal);
  const ended = new Promise<never>((_, reject) => {
    own.signal.addEventListener("abort", () => reject(own.signal.reason as Error), { once: true });
  });
  const seen = watchdog.watch(ms, () =>
    own.abort(new AwsFault("TimedOut", `no answer within ${Math.round(ms / 1_000)} s`, { status: null })),
  );
  try {
    return await Promise.race([run(own.signal), ended]);
  } finally {
    seen();
    own.release();
  }
};
