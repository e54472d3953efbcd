import { expect, test } from "vitest";
import type { AppContext } from "../../src/app/context.ts";
import { deployRelease } from "../../src/app/deploy.ts";
import { finishDeployment } from "../../src/app/resume.ts";
import { AppError } from "../../src/domain/errors.ts";
import { readState } from "../../src/engine/read-log.ts";
import { systemClock } from "../../src/adapters/system/clock.ts";
import type { Store } from "../../src/ports/store.ts";
import { makeFakeLiveness } from "../helpers/fake-liveness.ts";
import { makeFakeRehearser } from "../helpers/fake-rehearser.ts";
import { makeMemoryPlatform, makeWorld, type World } from "../helpers/memory-platform.ts";
import { makeMemoryStore } from "../helpers/memory-store.ts";
import { shopRelease, shopWithoutBakes } from "../helpers/shop.ts";

const releaseOf = (name: string) => shopRelease(name, name === "a" ? ["0001"] : ["0001", "0002"]);

class Crash extends Error {}

interface Rig {
  store: Store;
  world: World;
  dead: Set<number>;
  /** A process of its own: it may crash at the n-th event and never acts again. */
  context(pid: number, crashAt?: number): AppContext & { events: () => number };
}

const makeRig = (): Rig => {
  const store = makeMemoryStore();
  const world = makeWorld();
  const dead = new Set<number>();
  const context: Rig["context"] = (pid, crashAt = Infinity) => {
    let events = 0;
    const tick = () => {
      if (dead.has(pid)) throw new Crash();
      events += 1;
      if (events === crashAt) {
        dead.add(pid);
        throw new Crash();
      }
    };
    const around =
      <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
      async (...args: A) => {
        tick();
        const result = await call(...args);
        tick();
        return result;
      };
    return {
      app: shopWithoutBakes,
      projectDir: "/",
      store: {
        ...store,
        create: around(store.create),
        replace: around(store.replace),
        get: async (key) => (dead.has(pid) ? Promise.reject(new Crash()) : store.get(key)),
      },
      artefacts: {
        readTree: async () => ({ format: 1, entries: { "index.html": { type: "folder" } } }),
      } as never,
      builder: null as never,
      clock: systemClock,
      liveness: makeFakeLiveness(pid, dead),
      leaseMs: 60_000,
      platform: (async () => makeMemoryPlatform(world, tick)) as never,
      rehearser: async () => makeFakeRehearser(),
      events: () => events,
    };
  };
  return { store, world, dead, context };
};

const deploy = (context: AppContext, environment: string, name: string) =>
  deployRelease(context, {
    environment,
    action: "deploy",
    release: releaseOf(name),
    binding: null,
    reason: null,
    wait: false,
    report: () => undefined,
    signal: new AbortController().signal,
  });

const finish = (context: AppContext, environment: string, how: "resume" | "abort") =>
  finishDeployment(context, {
    environment,
    how,
    wait: false,
    report: () => undefined,
    signal: new AbortController().signal,
  });

const served = ({ world }: Rig) =>
  JSON.stringify([
    Object.entries(world.observed.services).map(([name, { revisions, weights }]) => [
      name,
      Object.entries(revisions)
        .filter(([, { wanted }]) => wanted > 0)
        .map(([id, { wanted }]) => [id, wanted]),
      weights,
    ]),
    world.observed.sites,
  ]);

/** Release a serves; then b is deployed by a process that crashes at its n-th event. Null: there were fewer. */
const crashed = async (environment: string, at: number) => {
  const rig = makeRig();
  await deploy(rig.context(1), environment, "a");
  const before = served(rig);
  const runner = rig.context(2, at);
  const end = await deploy(runner, environment, "b").then(
    () => "ended",
    () => "crashed",
  );
  rig.dead.add(2);
  return runner.events() < at ? null : { rig, before, end };
};

test.each(["rolling", "blue-green", "canary", "linear"])(
  "a crash at any event of a deployment to %s: resume reaches the release, abort the one before",
  async (environment) => {
    const whole = makeRig();
    await deploy(whole.context(1), environment, "a");
    await deploy(whole.context(2), environment, "b");
    const target = served(whole);
    let rounds = 0;
    for (let at = 1; ; at++) {
      const resumed = await crashed(environment, at);
      if (resumed === null) break;
      rounds += 1;
      const { rig } = resumed;
      const { open, serving } = await readState(rig.store, environment);
      if (open === null) {
        // Nothing had been planned yet, or all of it had ended.
        expect([resumed.before, target]).toContain(served(rig));
        expect(served(rig)).toBe(serving!.release === releaseOf("b").id ? target : resumed.before);
        continue;
      }
      const receipt = await finish(rig.context(3), environment, "resume");
      expect(receipt.outcome).toBe("succeeded");
      expect(served(rig)).toBe(target);
      expect((await readState(rig.store, environment)).open).toBeNull();

      const aborted = (await crashed(environment, at))!;
      if (open.committed) {
        await expect(finish(aborted.rig.context(3), environment, "abort")).rejects.toMatchObject({
          code: "DEPLOYMENT_COMMITTED",
        });
        continue;
      }
      expect((await finish(aborted.rig.context(3), environment, "abort")).outcome).toBe("compensated");
      expect(served(aborted.rig)).toBe(aborted.before);
      expect((await readState(aborted.rig.store, environment)).serving!.release).toBe(releaseOf("a").id);
    }
    expect(rounds).toBeGreaterThan(40);
  },
);

test("a schema that cannot be read fails the deployment: it is taken back, and the log says why", async () => {
  const rig = makeRig();
  await deploy(rig.context(1), "rolling", "a");
  const before = served(rig);
  const context = rig.context(2);
  const refused: AppContext = {
    ...context,
    platform: (async () => ({
      ...makeMemoryPlatform(rig.world),
      appliedMigrations: () => Promise.reject(new AppError("MIGRATION_FAILED", "the database went away")),
    })) as never,
  };
  const receipt = await deploy(refused, "rolling", "b");
  expect(receipt).toMatchObject({
    outcome: "compensated",
    failure: { step: "expand/database", error: { code: "MIGRATION_FAILED" } },
  });
  expect(JSON.stringify(receipt.notReverted)).not.toContain("migration");
  expect(served(rig)).toBe(before);
  const { open, recent } = await readState(rig.store, "rolling");
  expect([open, recent[0]!.error!.code]).toEqual([null, "MIGRATION_FAILED"]);
});

test("where what was before a step cannot be read, nothing is taken back by guessing: it stays open", async () => {
  const rig = makeRig();
  await deploy(rig.context(1), "rolling", "a");
  const before = served(rig);
  let observed = 0;
  const context = rig.context(2);
  const refused: AppContext = {
    ...context,
    platform: (async () => {
      const platform = makeMemoryPlatform(rig.world);
      const observe: typeof platform.observe = (options) =>
        options.epoch === undefined && ++observed > 0
          ? Promise.reject(new AppError("CACHE_FAILED", "not now"))
          : platform.observe(options);
      return { ...platform, observe };
    }) as never,
  };
  await expect(deploy(refused, "rolling", "b")).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
  expect(observed).toBeGreaterThan(0);
  expect((await finish(rig.context(3), "rolling", "abort")).outcome).toBe("compensated");
  expect(served(rig)).toBe(before);
});
