import { openRoot, type Root } from "./terraform.ts";
import type { Rig } from "./rig.ts";

/** Folders of `test/rig/terraform`, the quick ones first. */
export const AREAS = [
  "identity",
  "registry",
  "monitoring",
  "network",
  "services",
  "storage",
  "balancer",
  "cache",
  "site",
  "database",
] as const;
export type Area = (typeof AREAS)[number];

export interface AreaOutcome {
  /** null: applied, planned empty and destroyed to nothing. */
  failed: string | null;
  resources: number;
  seconds: Record<string, number>;
}

class Short extends Error {}

const timed = async <T>(
  seconds: Record<string, number>,
  name: string,
  work: () => Promise<T>,
): Promise<T> => {
  const startedMs = performance.now();
  try {
    return await work();
  } finally {
    seconds[name] = Math.round((performance.now() - startedMs) / 100) / 10;
  }
};

const prove = async (root: Root, seconds: Record<string, number>): Promise<number> => {
  const step = async (name: string, ...args: string[]) => {
    const { status, output } = await timed(seconds, name, () => root.terraform(...args));
    if (status !== 0) throw new Short(`${name} ended with ${status}\n${output}`);
    return output;
  };
  const wide = ["-auto-approve", "-parallelism=30"];
  await step("init", "init", "-input=false");
  await step("apply", "apply", ...wide);
  const resources = (await step("state", "state", "list")).split("\n").filter((line) => line !== "").length;
  // Exit code 2: something would change.
  await step("plan", "plan", "-detailed-exitcode", "-parallelism=30");
  await step("destroy", "destroy", ...wide);
  const left = await step("state after destroy", "state", "list");
  if (left.trim() !== "") throw new Short(`destroy left ${left}`);
  return resources;
};

/** Applies the area's root, plans it again, which has to be empty, and destroys it. A failure is an outcome. */
export const proveArea = async (rig: Rig, area: Area): Promise<AreaOutcome> => {
  const seconds: Record<string, number> = {};
  const root = await openRoot(`test/rig/terraform/${area}`, rig.env);
  try {
    return { failed: null, resources: await prove(root, seconds), seconds };
  } catch (error) {
    if (!(error instanceof Short)) throw error;
    return { failed: error.message, resources: 0, seconds };
  } finally {
    await root.close();
  }
};
