import { AppError } from "../../../domain/errors.ts";

interface UnderWay {
  epoch: number;
  controller: AbortController;
  settled: Promise<unknown>;
}

export interface FenceOptions {
  environment: string;
  /** The highest epoch seen, as persisted. */
  epoch: () => number;
  /** Durable when it returns. */
  raise: (epoch: number) => Promise<void>;
}

export interface Fence {
  /**
   * Runs an effect unless its epoch is below the highest seen (FENCED). Effects with an equal key run one after the other,
   * in the order in which they came; null: beside all others. A higher epoch aborts it, and starts only when it has settled.
   */
  run<T>(effect: {
    epoch: number;
    key: string | null;
    signal: AbortSignal;
    act: (signal: AbortSignal) => Promise<T>;
  }): Promise<T>;
  /** No effect of a lower epoch happens once this has resolved. Throws FENCED when a higher epoch was seen. */
  raise(epoch: number): Promise<void>;
}

export const makeFence = ({ environment, epoch: highest, raise }: FenceOptions): Fence => {
  const underWay = new Set<UnderWay>();
  const queues = new Map<string, Promise<unknown>>();
  let raising: Promise<unknown> = Promise.resolve();

  const fenced = (epoch: number): AppError =>
    new AppError("FENCED", `another deployer took over ${environment}`, {
      hint: `see who with: switchback status ${environment}`,
      context: { environment, epoch, highest: highest() },
    });

  const raiseTo = async (epoch: number): Promise<void> => {
    if (epoch < highest()) throw fenced(epoch);
    if (epoch > highest()) await raise(epoch);
    const older = [...underWay].filter((effect) => effect.epoch < epoch);
    for (const effect of older) effect.controller.abort(fenced(effect.epoch));
    await Promise.all(older.map((effect) => effect.settled));
  };

  const raiseInTurn = (epoch: number): Promise<void> => {
    const result = raising.then(() => raiseTo(epoch));
    raising = result.catch(() => undefined);
    return result;
  };

  return {
    raise: raiseInTurn,
    run: async ({ epoch, key, signal, act }) => {
      await raiseInTurn(epoch);
      // Another epoch may have come in the same turn, before this effect is known to be under way.
      if (epoch < highest()) throw fenced(epoch);
      const controller = new AbortController();
      const both = AbortSignal.any([signal, controller.signal]);
      const before = key === null ? Promise.resolve() : (queues.get(key) ?? Promise.resolve());
      const result = before.then(() => {
        both.throwIfAborted();
        return act(both);
      });
      const settled = result.catch(() => undefined);
      if (key !== null) queues.set(key, settled);
      const entry = { epoch, controller, settled };
      underWay.add(entry);
      void settled.then(() => {
        underWay.delete(entry);
        if (key !== null && queues.get(key) === settled) queues.delete(key);
      });
      return result;
    },
  };
};
