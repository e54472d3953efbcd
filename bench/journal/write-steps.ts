import { systemClock } from "../../src/adapters/system/clock.ts";
import { emptyState } from "../../src/domain/fold.ts";
import { makeLogWriter } from "../../src/engine/log-writer.ts";
import type { Store } from "../../src/ports/store.ts";

/** Steps as the engine writes them: the outcome of one rides with the intent of the next. */
export const writeSteps = async (store: Store, environment: string, steps: number): Promise<void> => {
  const writer = makeLogWriter({
    store,
    clock: systemClock,
    state: emptyState(environment),
    epoch: 1,
    writer: "bench",
  });
  for (let step = 0; step < steps; step++) {
    await writer.append([{ type: "note", actor: "bench", text: `intent ${step} ${"x".repeat(200)}` }]);
    writer.ride([{ type: "note", actor: "bench", text: `outcome ${step}` }]);
  }
  await writer.append([]);
};

/** Runs each once and times it. Who is first changes with the round: what one has written may keep others waiting. */
export const timeEach = async <K extends string>(
  contestants: Record<K, () => Promise<void> | void>,
  round: number,
): Promise<Record<K, number>> => {
  const runs = Object.entries(contestants) as [K, () => Promise<void> | void][];
  const measured = {} as Record<K, number>;
  for (let turn = 0; turn < runs.length; turn++) {
    const [name, run] = runs[(turn + round) % runs.length]!;
    const startedMs = performance.now();
    await run();
    measured[name] = performance.now() - startedMs;
  }
  return measured;
};

export const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
