/** Virtual time: nothing happens but what was put here, in the order of its time, and of its coming at equal times. */
export interface Scheduler {
  nowMs(): number;
  /** Runs `event` after so much virtual time; the result takes it back. */
  after(ms: number, event: () => void): () => void;
  /** Runs until nothing is left or `untilMs` has come; `afterEach` is called when all that follows from an event is done. */
  run(options: { untilMs: number; afterEach: () => void }): Promise<"quiet" | "time is up">;
}

interface Scheduled {
  atMs: number;
  order: number;
  event: (() => void) | null;
}

export const makeScheduler = (): Scheduler => {
  const queue: Scheduled[] = [];
  let nowMs = 0;
  let order = 0;
  const earlier = (a: Scheduled, b: Scheduled) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

  const push = (one: Scheduled): void => {
    let at = queue.push(one) - 1;
    for (let parent = (at - 1) >> 1; at > 0 && earlier(one, queue[parent]!); parent = (at - 1) >> 1) {
      queue[at] = queue[parent]!;
      at = parent;
    }
    queue[at] = one;
  };
  const pop = (): Scheduled | undefined => {
    const first = queue[0];
    const last = queue.pop();
    if (first === undefined || last === undefined || queue.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= queue.length) break;
      if (child + 1 < queue.length && earlier(queue[child + 1]!, queue[child]!)) child += 1;
      if (!earlier(queue[child]!, last)) break;
      queue[at] = queue[child]!;
      at = child;
    }
    queue[at] = last;
    return first;
  };

  return {
    nowMs: () => nowMs,
    after: (ms, event) => {
      const one: Scheduled = { atMs: nowMs + Math.max(0, ms), order: (order += 1), event };
      push(one);
      return () => void (one.event = null);
    },
    run: async ({ untilMs, afterEach }) => {
      await settled();
      for (let next = pop(); next !== undefined; next = pop()) {
        if (next.event === null) continue;
        if (next.atMs > untilMs) {
          push(next);
          return "time is up";
        }
        nowMs = next.atMs;
        next.event();
        await settled();
        afterEach();
      }
      return "quiet";
    },
  };
};

/** Every promise that can go on without an event has done so. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
