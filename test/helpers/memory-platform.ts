import type { Digest } from "../../src/domain/digest.ts";
import { AppError } from "../../src/domain/errors.ts";
import type { ObservedEnvironment } from "../../src/domain/observed.ts";
import type { EffectContext, MigrationResult, Platform, StagedRevision } from "../../src/ports/platform.ts";

export interface World {
  observed: ObservedEnvironment;
  schema: string[];
  epoch: number;
  effects: string[];
  staged: Map<string, StagedRevision>;
  /** Trees that are on the platform: only those can be started or served. */
  trees: Set<Digest>;
}

export const makeWorld = (): World => ({
  observed: { services: {}, sites: {}, schema: null, urls: [] },
  schema: [],
  epoch: 0,
  effects: [],
  staged: new Map(),
  trees: new Set(),
});

export const MIGRATED: MigrationResult = {
  exitCode: 0,
  lines: [],
  stdout: "",
  log: null,
  lockTimeout: false,
  changedSchema: false,
  leftovers: [],
};

/**
 * A Platform in memory, for tests. `around` is called before and after each effect and may throw there: "before" loses
 * the effect, "after" loses only its answer.
 */
export const makeMemoryPlatform = (
  world: World,
  around: (when: "before" | "after", effect: string) => void = () => undefined,
): Platform => {
  const effect = (name: string, context: EffectContext, act: () => void): Promise<void> => {
    if (context.signal.aborted) return Promise.reject(context.signal.reason as Error);
    try {
      raise(context.epoch);
    } catch (error) {
      return Promise.reject(error as Error);
    }
    around("before", name);
    act();
    world.effects.push(name);
    around("after", name);
    return Promise.resolve();
  };
  const raise = (epoch: number): void => {
    if (epoch < world.epoch) throw new AppError("FENCED", "a later deployer is here");
    world.epoch = epoch;
  };
  const stagedAs = (revision: string): StagedRevision => {
    const found = world.staged.get(revision);
    if (found === undefined) throw new AppError("ARTEFACT_MISSING", `revision ${revision} was not staged`);
    return found;
  };
  const present = (tree: Digest): void => {
    if (!world.trees.has(tree)) throw new AppError("ARTEFACT_MISSING", `tree ${tree} is not on the platform`);
  };
  const service = (name: string) => (world.observed.services[name] ??= { revisions: {}, weights: {} });
  return {
    name: "local",
    rollout: "engine",
    callBudgetMs: 1000,
    observe: async ({ epoch }) => {
      if (epoch !== undefined) raise(epoch);
      return structuredClone(world.observed);
    },
    secretVersions: async () => ({}),
    unreadableSecrets: async () => [],
    ensureBacking: async (_backing, context) => {
      await effect("backing", context, () => undefined);
      return { notes: [] };
    },
    stageRevision: async (staged, context) =>
      effect(`stage ${staged.revision}`, context, () => {
        world.staged.set(staged.revision, staged);
        world.trees.add(staged.spec.tree);
      }),
    stageSite: async (site, context) =>
      effect(`stage ${site.site}`, context, () => void world.trees.add(site.tree)),
    setInstances: async (name, counts, context) =>
      effect(`instances ${name}`, context, () => {
        service(name).revisions = Object.fromEntries(
          Object.entries(counts).map(([id, count]) => {
            const { spec, release } = stagedAs(id);
            present(spec.tree);
            return [id, { spec, release, wanted: count, healthy: count }];
          }),
        );
      }),
    setWeights: async (name, weights, context) =>
      effect(`weights ${name}`, context, () => void (service(name).weights = { ...weights })),
    switchSite: async (site, to, context) =>
      effect(`site ${site}`, context, () => {
        if (to === null) delete world.observed.sites[site];
        else {
          present(to.spec.tree);
          world.observed.sites[site] = structuredClone(to);
        }
      }),
    appliedMigrations: async () => [...world.schema],
    runCommand: async (command, _spec, context) => {
      if (context.epoch === null) throw new Error("one-off commands are not part of what is simulated");
      await effect("migrate", context, () => void (world.schema = command.split(" ")));
      return { exitCode: 0, lines: [], stdout: "" };
    },
    runMigration: async ({ command }, _spec, context) => {
      await effect("migrate", context, () => void (world.schema = command.split(" ")));
      return { ...MIGRATED };
    },
    databaseReader: async () => null,
    countRows: async (questions) => questions.map(() => 0),
    metrics: async () => ({ requests: 0, errors: 0, p50Ms: 0, p95Ms: 0, crashes: 0 }),
    smoke: async () => undefined,
    retire: async (keep, context) =>
      effect("retire", context, () => {
        for (const tree of world.trees) if (!keep.trees.includes(tree)) world.trees.delete(tree);
        for (const [name, one] of Object.entries(world.observed.services))
          one.revisions = Object.fromEntries(
            Object.entries(one.revisions).filter(([id]) => keep.revisions[name]?.includes(id)),
          );
      }),
    settle: async (context) => effect("settle", context, () => undefined),
    close: async () => undefined,
  };
};
