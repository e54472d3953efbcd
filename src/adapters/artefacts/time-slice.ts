import { setImmediate } from "node:timers/promises";

const SLICE_MS = 8;

/**
 * Lets other work of the process in once every few milliseconds. Synchronous calls on small files cost a tenth of
 * asynchronous ones, but a gateway in the same process must keep answering meanwhile.
 */
export const makeTimeSlice = (): (() => Promise<void> | undefined) => {
  let started = performance.now();
  return () => {
    if (performance.now() - started < SLICE_MS) return undefined;
    return setImmediate(undefined).then(() => {
      started = performance.now();
    });
  };
};
