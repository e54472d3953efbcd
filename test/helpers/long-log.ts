import { deployRelease } from "../../src/app/deploy.ts";
import type { AppContext } from "../../src/app/context.ts";
import { systemClock } from "../../src/adapters/system/clock.ts";
import { sha256 } from "../../src/domain/digest.ts";
import type { EnvironmentState } from "../../src/domain/environment-state.ts";
import { emptyState, foldEntry } from "../../src/domain/fold.ts";
import { logKey, type LogEntry } from "../../src/domain/log-entry.ts";
import { seal, unseal } from "../../src/domain/sealed.ts";
import type { Store } from "../../src/ports/store.ts";
import { makeFakeLiveness } from "./fake-liveness.ts";
import { makeFakeRehearser } from "./fake-rehearser.ts";
import { makeMemoryPlatform, makeWorld } from "./memory-platform.ts";
import { makeMemoryStore } from "./memory-store.ts";
import { shopRelease, shopWithoutBakes } from "./shop.ts";

/** The use cases on a store in memory and a platform in memory. */
export const memoryContext = (store: Store, world = makeWorld()): AppContext => ({
  app: shopWithoutBakes,
  projectDir: "/",
  store,
  artefacts: {
    readTree: async () => ({ format: 1, entries: { "index.html": { type: "folder" } } }),
  } as never,
  builder: null as never,
  clock: systemClock,
  liveness: makeFakeLiveness(1, new Set()),
  leaseMs: 60_000,
  platform: (async () => makeMemoryPlatform(world)) as never,
  rehearser: async () => makeFakeRehearser(),
});

/** Deploys releases of these names one after the other with the real engine. */
export const deployAll = async (context: AppContext, environment: string, names: string[]): Promise<void> => {
  for (const name of names) {
    const release = shopRelease(name, ["0001"]);
    await context.store.create(`releases/${release.id}.json`, seal(release));
    await deployRelease(context, {
      environment,
      action: "deploy",
      release,
      binding: null,
      reason: null,
      wait: false,
      report: () => undefined,
      signal: new AbortController().signal,
    });
  }
};

/**
 * A log of so many deployments, entry by entry: two releases in turn. The first three are of the real engine; the others are
 * copies of the second and the third, chained anew. Gives the state at its end.
 */
export const writeLongLog = async (
  environment: string,
  deployments: number,
  put: (key: string, bytes: Uint8Array) => void,
): Promise<EnvironmentState> => {
  const store = makeMemoryStore();
  await deployAll(memoryContext(store), environment, ["a", "b", "a"]);
  const runs: LogEntry[][] = [];
  for (let sequence = 1; ; sequence++) {
    const stored = store.objects.get(logKey(environment, sequence));
    if (stored === undefined) break;
    const entry = (unseal(stored.bytes) as unknown as { value: LogEntry }).value;
    if (entry.events.some(({ type }) => type === "deployment-planned")) runs.push([]);
    runs.at(-1)!.push(entry);
  }
  let state = emptyState(environment);
  for (let number = 1; number <= deployments; number++) {
    const of = number === 1 ? 1 : 2 + (number % 2);
    for (const template of runs[of - 1]!) {
      const events = JSON.parse(
        JSON.stringify(template.events).replaceAll(
          `d-${String(of).padStart(4, "0")}`,
          `d-${String(number).padStart(4, "0")}`,
        ),
      ) as LogEntry["events"];
      const sequence = state.sequence + 1;
      const entry = { ...template, events, sequence, previous: state.hash, epoch: number };
      const bytes = seal(entry);
      state = foldEntry(state, entry, sha256(bytes));
      put(logKey(environment, sequence), bytes);
    }
  }
  return state;
};
