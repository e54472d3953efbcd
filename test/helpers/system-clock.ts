import { setTimeout } from "node:timers/promises";
import type { Clock } from "../../src/ports/clock.ts";

/** The real time, for tests with real processes. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, signal === undefined ? {} : { signal }),
};

/** Waits for what is bound to happen; the test's own time limit is the only one. */
export const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await setTimeout(10);
};
