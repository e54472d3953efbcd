import { AppError } from "../../src/domain/errors.ts";
import type { Platform } from "../../src/ports/platform.ts";
import { makeMemoryPlatform, type World } from "../helpers/memory-platform.ts";
import type { Random } from "./random.ts";
import { releaseOfTree } from "./releases.ts";

/** The memory platform with releases that are ill: one never starts, one fails its gate, one breaks its migration. */
export const makeIllPlatform = (world: World, random: Random): Platform => {
  const inner = makeMemoryPlatform(world);
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
    runCommand: async (command, spec, context) => {
      if (releaseOfTree(spec.tree) !== "migration fails") return inner.runCommand(command, spec, context);
      await inner.runCommand("0001 0002", spec, context);
      return { exitCode: 1, lines: ["0003 failed"], stdout: "" };
    },
    metrics: async (service, revision) =>
      nameOfRevision(service, revision) === "fails in bake"
        ? { requests: 100, errors: 40, p50Ms: 1, p95Ms: 1, crashes: random.chance(0.5) ? 1 : 0 }
        : { requests: 100, errors: 0, p50Ms: 1, p95Ms: 1, crashes: 0 },
  };
};
