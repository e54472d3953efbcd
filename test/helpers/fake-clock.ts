import type { Clock } from "../../src/ports/clock.ts";

/** A Clock that stands still until it is moved; sleepers wake in the order of their times. */
export const makeFakeClock = (): Clock & { advance(ms: number): Promise<void> } => {
  let now = 0;
  let sleepers: { at: number; wake: () => void }[] = [];
  return {
    nowMs: () => 1_700_000_000_000 + now,
    monotonicMs: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const abort = () => reject(signal?.reason);
        signal?.addEventListener("abort", abort, { once: true });
        const wake = () => {
          signal?.removeEventListener("abort", abort);
          resolve();
        };
        sleepers.push({ at: now + ms, wake });
      }),
    advance: async (ms) => {
      await new Promise((resolve) => setImmediate(resolve));
      const until = now + ms;
      for (;;) {
        const [next] = sleepers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        sleepers = sleepers.filter((one) => one !== next);
        now = Math.max(now, next.at);
        next.wake();
        await new Promise((resolve) => setImmediate(resolve));
      }
      now = until;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
};
