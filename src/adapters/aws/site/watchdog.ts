import type { Clock } from "../../../ports/clock.ts";

/** One timer for all that may take too long: a timer and a signal for each of thousands of requests cost more than signing them. */
export interface Watchdog {
  /** Calls `onLate` once after that time, at most a second late, unless what it returns was called before. */
  watch(ms: number, onLate: () => void): () => void;
}

const LOOK_MS = 1_000;

export const makeWatchdog = (clock: Clock): Watchdog => {
  const watched = new Set<{ dueMs: number; onLate: () => void }>();
  let asleep: AbortController | null = null;
  const look = async (stop: AbortController): Promise<void> => {
    while (watched.size > 0) {
      await clock.sleep(LOOK_MS, stop.signal);
      const nowMs = clock.monotonicMs();
      for (const one of watched) {
        if (one.dueMs > nowMs) continue;
        watched.delete(one);
        one.onLate();
      }
    }
    if (asleep === stop) asleep = null;
  };
  return {
    watch: (ms, onLate) => {
      const one = { dueMs: clock.monotonicMs() + ms, onLate };
      watched.add(one);
      if (asleep === null) {
        const stop = new AbortController();
        asleep = stop;
        // Nothing to watch any more ends the sleep: no process waits for it.
        look(stop).catch(() => undefined);
      }
      return () => {
        if (!watched.delete(one) || watched.size > 0) return;
        asleep?.abort();
        asleep = null;
      };
    },
  };
};
