/** How much may be on its way at once. */
export interface Gate {
  /** Resolves when a request with so many bytes in memory may start. What is larger than all that is allowed goes alone. */
  enter(bytes: number): Promise<void>;
  leave(bytes: number): void;
  /** A server asked for less: a quarter fewer requests at once, back by one for each that fits. */
  narrow(): void;
}

export const makeGate = ({ requests, bytes: mostBytes }: { requests: number; bytes: number }): Gate => {
  const least = Math.min(4, requests);
  let limit = requests;
  let running = 0;
  let held = 0;
  const waiting: { bytes: number; go: () => void }[] = [];
  const fits = (bytes: number) => running === 0 || (running < Math.floor(limit) && held + bytes <= mostBytes);
  const take = (bytes: number) => {
    running += 1;
    held += bytes;
  };
  return {
    enter: (bytes) => {
      if (waiting.length === 0 && fits(bytes)) {
        take(bytes);
        return Promise.resolve();
      }
      return new Promise((go) => waiting.push({ bytes, go }));
    },
    leave: (bytes) => {
      running -= 1;
      held -= bytes;
      limit = Math.min(requests, limit + 1 / limit);
      for (let next = waiting[0]; next !== undefined && fits(next.bytes); next = waiting[0]) {
        waiting.shift();
        take(next.bytes);
        next.go();
      }
    },
    narrow: () => {
      limit = Math.max(least, limit * 0.75);
    },
  };
};
