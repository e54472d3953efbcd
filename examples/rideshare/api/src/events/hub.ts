export type Topic = `ride:${string}` | `driver:${string}`;

/** Passes on within this process that something changed. It carries no data: who hears it reads the database. */
export interface Hub {
  /** Returns the way to unsubscribe. */
  subscribe(topic: Topic, onChange: () => void): () => void;
  announce(topics: Topic[]): void;
  /** For when announcements may have been missed. */
  announceAll(): void;
}

export const makeHub = (): Hub => {
  const subscribers = new Map<Topic, Set<() => void>>();
  const call = (listeners: Iterable<() => void>) => {
    for (const listener of [...listeners]) listener();
  };
  return {
    subscribe(topic, onChange) {
      const listeners = subscribers.get(topic) ?? new Set();
      subscribers.set(topic, listeners.add(onChange));
      return () => {
        listeners.delete(onChange);
        if (listeners.size === 0 && subscribers.get(topic) === listeners) subscribers.delete(topic);
      };
    },
    announce(topics) {
      call(new Set(topics.flatMap((topic) => [...(subscribers.get(topic) ?? [])])));
    },
    announceAll() {
      call([...subscribers.values()].flatMap((listeners) => [...listeners]));
    },
  };
};
