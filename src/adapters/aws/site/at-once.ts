import type { Gate } from "./gate.ts";

/** What one item holds of memory at most: files above this travel in pieces. */
const MOST_HELD = 1 << 20;

/**
 * Does the work for every item, as many at once as the gate lets in. At the first error nothing new is begun, and it is thrown once
 * nothing is on its way any more.
 */
export const forEachAtOnce = async <T extends { bytes: number }>(
  items: T[],
  work: (item: T) => Promise<void>,
  { gate, workers, signal }: { gate: Gate; workers: number; signal: AbortSignal },
): Promise<void> => {
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined && !failed; item = items[next++]) {
      const held = Math.min(item.bytes, MOST_HELD);
      await gate.enter(held);
      try {
        signal.throwIfAborted();
        if (!failed) await work(item);
      } catch (error) {
        failed = true;
        throw error;
      } finally {
        gate.leave(held);
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(workers, items.length) }, worker));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
};
