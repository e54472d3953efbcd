import { AppError } from "../../src/domain/errors.ts";
import type { Platform } from "../../src/ports/platform.ts";
import { makeMemoryPlatform, MIGRATED, type World } from "../helpers/memory-platform.ts";
import type { Random } from "./random.ts";
import { releaseOfTree } from "./releases.ts";

/** How often somebody's hand puts a site back while a deployment watches it. */
const DRIFTS = 0.02;

/**
 * The memory platform with releases that are ill: one never starts, one fails its gate, one breaks its migration; and with a
 * hand from outside that changes what a deployment has just done.
 */
export const makeIllPlatform = (
  world: World,
  random: Random,
  { calm, tell }: { calm: () => boolean; tell: (text: string) => void },
): Platform => {
  const inner = makeMemoryPlatform(world);
  /** What the hand puts back: between a switch and the look before the commit. After that it is no deployment's affair. */
  let sitesBefore: string | null = null;
  let smoked = false;
  /** As they were before the deployment's first switch: what takes it back leads there, and is left alone. */
  let first = { deployment: "", sites: "" };
  const nameOfRevision = (service: string, id: string) =>
    releaseOfTree(world.staged.get(id)?.spec.service === service ? world.staged.get(id)!.spec.tree : "");
  return {
    ...inner,
    setInstances: async (service, counts, context) => {
      const ill = Object.entries(counts).some(
        ([id, count]) => count > 0 && nameOfRevision(service, id) === "never starts",
      );
      if (ill && context.epoch >= world.epoch)
        throw new AppError("INSTANCE_UNHEALTHY", `${service} stopped before it was healthy`);
      return inner.setInstances(service, counts, context);
    },
    observe: async (options) => {
      if (smoked) sitesBefore = null;
      smoked = false;
      return inner.observe(options);
    },
    switchSite: async (site, to, context) => {
      const before = JSON.stringify(world.observed.sites);
      await inner.switchSite(site, to, context);
      const { deployment } = context;
      if (first.deployment !== deployment) first = { deployment, sites: before };
      const isBack = JSON.stringify(world.observed.sites) === first.sites;
      sitesBefore = isBack ? null : (sitesBefore ?? before);
    },
    smoke: async () => {
      smoked = true;
      if (sitesBefore === null || calm() || !random.chance(DRIFTS)) return;
      tell("somebody's hand puts the site back");
      world.observed.sites = JSON.parse(sitesBefore) as World["observed"]["sites"];
      sitesBefore = null;
    },
    settle: async (context) => {
      await inner.settle(context);
      sitesBefore = null;
    },
    runMigration: async (command, spec, context) => {
      if (releaseOfTree(spec.tree) !== "migration fails") return inner.runMigration(command, spec, context);
      await inner.runMigration({ ...command, command: "0001 0002" }, spec, context);
      return { ...MIGRATED, exitCode: 1, lines: ["0003 failed"] };
    },
    metrics: async (service, revision) =>
      nameOfRevision(service, revision) === "fails in bake"
        ? { requests: 100, errors: 40, p50Ms: 1, p95Ms: 1, crashes: random.chance(0.5) ? 1 : 0 }
        : { requests: 100, errors: 0, p50Ms: 1, p95Ms: 1, crashes: 0 },
  };
};
