export interface Follower {
  signal: AbortSignal;
  abort(reason: Error): void;
  release(): void;
}

const followers = new WeakMap<AbortSignal, Set<AbortController>>();

/**
 * A signal of one's own that is aborted with another, until it is released. However many follow it, the other has one
 * listener: Node takes more than ten for a leak, and a hundred requests follow one deployment.
 */
export const follow = (signal: AbortSignal): Follower => {
  const own = new AbortController();
  if (signal.aborted) {
    own.abort(signal.reason);
    return { signal: own.signal, abort: () => undefined, release: () => undefined };
  }
  let all = followers.get(signal);
  if (all === undefined) {
    const started = new Set<AbortController>();
    signal.addEventListener("abort", () => {
      for (const one of started) one.abort(signal.reason);
    });
    followers.set(signal, (all = started));
  }
  all.add(own);
  return {
    signal: own.signal,
    abort: (reason) => own.abort(reason),
    release: () => void all.delete(own),
  };
};
