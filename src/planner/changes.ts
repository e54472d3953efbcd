import { count } from "../domain/count.ts";
import { canonicalJson } from "../domain/digest.ts";
import type { ObservedEnvironment } from "../domain/observed.ts";
import type { Change, DatabaseSteps } from "../domain/plan.ts";
import type { Release } from "../domain/release.ts";
import type { SiteSpec } from "../domain/revision.ts";
import type { PlanRequest } from "./plan-deployment.ts";
import { stableCounts } from "./roll-out.ts";
import type { TargetService } from "./revisions.ts";

interface Targets {
  services: Record<string, TargetService>;
  sites: Record<string, SiteSpec>;
}

/** How each part differs from what is serving. */
export const changesOf = (
  targets: Targets,
  { release, observed, database }: Pick<PlanRequest, "release" | "observed" | "database">,
): Change[] => [
  ...Object.entries(targets.services).map(([name, target]) => serviceChange(name, target, observed)),
  ...Object.keys(observed.services)
    .filter((name) => targets.services[name] === undefined)
    .map((name): Change => ({ part: "service", name, change: "removed", detail: "stopped" })),
  ...Object.entries(targets.sites).map(([name, spec]) => siteChange(name, spec, observed)),
  ...Object.keys(observed.sites)
    .filter((name) => targets.sites[name] === undefined)
    .map((name): Change => ({ part: "site", name, change: "removed", detail: "no longer served" })),
  ...databaseChange(release, observed, database),
];

const serviceChange = (name: string, target: TargetService, observed: ObservedEnvironment): Change => {
  const stable = stableCounts(observed.services[name], target.spec.kind);
  const ids = Object.keys(stable);
  if (ids.length === 0)
    return { part: "service", name, change: "added", detail: `${target.instances} instances` };
  if (ids.length === 1 && ids[0] === target.revision) {
    const now = stable[target.revision]!;
    return now === target.instances
      ? { part: "service", name, change: "unchanged", detail: `${now} instances` }
      : { part: "service", name, change: "changed", detail: `${now} → ${target.instances} instances` };
  }
  const before = observed.services[name]?.revisions[ids[0]!]?.spec;
  const same = (key: "tree" | "command" | "env" | "secrets") =>
    before !== undefined && canonicalJson(before[key]) === canonicalJson(target.spec[key]);
  const causes = [
    same("tree") ? null : "files",
    same("command") ? null : "command",
    same("env") ? null : "configuration",
    same("secrets") ? null : "secrets",
  ].filter((cause) => cause !== null);
  return {
    part: "service",
    name,
    change: "changed",
    detail: causes.length === 0 ? "settings" : causes.join(", "),
  };
};

const siteChange = (name: string, spec: SiteSpec, observed: ObservedEnvironment): Change => {
  const before = observed.sites[name]?.spec;
  if (before === undefined) return { part: "site", name, change: "added", detail: "" };
  if (canonicalJson(before) === canonicalJson(spec))
    return { part: "site", name, change: "unchanged", detail: "" };
  return { part: "site", name, change: "changed", detail: before.tree === spec.tree ? "settings" : "files" };
};

const databaseChange = (
  { migrations }: Release,
  { schema }: ObservedEnvironment,
  database: DatabaseSteps | undefined,
): Change[] => {
  const base = { part: "database" as const, name: "database" };
  if (database?.down != null) {
    const detail = `taken back to ${database.down.keep.at(-1) ?? "nothing"}`;
    return [{ ...base, change: "changed", detail }];
  }
  if (migrations === null) return [];
  const held = database?.up?.held ?? [];
  const waits = held.length === 0 ? "" : ` · held back: ${held.join(", ")}`;
  if (schema === null)
    return [{ ...base, change: "changed", detail: `schema to ${migrations.names.at(-1) ?? "nothing"}` }];
  const wanted = migrations.names.filter((name) => !held.includes(name));
  const pending = wanted.filter((name) => !schema.includes(name));
  if (pending.length === 0)
    return [{ ...base, change: "unchanged", detail: `at ${wanted.at(-1) ?? "nothing"}${waits}` }];
  return [
    {
      ...base,
      change: "changed",
      detail: `${count(pending.length, "migration")}: ${pending.join(", ")}${waits}`,
    },
  ];
};
