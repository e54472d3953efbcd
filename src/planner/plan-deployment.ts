import type { EnvironmentDefinition, Strategy } from "../domain/app-definition.ts";
import type { Binding } from "../domain/binding.ts";
import { canonicalJson, type Digest } from "../domain/digest.ts";
import type { ObservedEnvironment } from "../domain/observed.ts";
import type {
  DatabaseSteps,
  DeploymentAction,
  Phase,
  Plan,
  PlannedStep,
  StepAction,
} from "../domain/plan.ts";
import type { Release } from "../domain/release.ts";
import type { SiteSpec } from "../domain/revision.ts";
import { changesOf } from "./changes.ts";
import { planRollOut } from "./roll-out.ts";
import { targetServices, targetSites, type TargetService } from "./revisions.ts";

export interface PlanRequest {
  environment: string;
  definition: EnvironmentDefinition;
  action: DeploymentAction;
  release: Release;
  binding: Binding;
  observed: ObservedEnvironment;
  /** What a way back needs: never retired. */
  wayBack: { trees: Digest[] };
  /** What was decided about the schema; absent: all migrations run, and stay. */
  database?: DatabaseSteps;
}

interface Targets {
  services: Record<string, TargetService>;
  sites: Record<string, SiteSpec>;
}

/**
 * The ordered steps that take an environment from observed to the release under its binding. Pure: equal arguments give
 * an equal plan. A rollback shifts traffic at once whatever the strategy is, as what it goes to has served before.
 */
export const planDeployment = (request: PlanRequest): Plan => {
  const { environment, definition, action, release, binding, observed } = request;
  const strategy: Strategy = action === "rollback" ? { type: "blue-green" } : definition.strategy;
  const targets = { services: targetServices(release, binding), sites: targetSites(release, binding) };
  const phases = [
    guard(release, binding, targets),
    stage(release, targets, observed),
    expand(release, targets, request),
    rollOut(targets, request, strategy),
    switchSites(targets, request),
    verify(targets, request),
    commit(targets),
    tidy(targets, request, strategy),
  ];
  const steps: PlannedStep[] = [];
  let before: string[] = [];
  for (const phase of phases) {
    steps.push(...phase.map((one) => ({ ...one, after: one.after.length > 0 ? one.after : before })));
    if (phase.length > 0) before = phase.map(({ id }) => id);
  }
  return {
    format: 1,
    environment,
    action,
    release: release.id,
    binding,
    strategy,
    changes: changesOf(targets, request),
    steps,
  };
};

/** `after` empty: after all of the phase before. */
const single = (phase: Phase, subject: string, title: string, action: StepAction): PlannedStep => ({
  id: `${phase}/${subject}`,
  phase,
  subject,
  title,
  action,
  after: [],
});

const guard = (release: Release, binding: Binding, targets: Targets): PlannedStep[] => [
  single("guard", "artefacts", "whole", {
    kind: "check-artefacts",
    trees: treesOf(targets),
    sites: Object.values(targets.sites).map(({ site, tree, fallback }) => ({ site, tree, fallback })),
  }),
  single("guard", "secrets", "readable", {
    kind: "check-secrets",
    services: Object.fromEntries(
      Object.entries(release.services).map(([service, { secrets }]) => [
        service,
        { wanted: Object.keys(secrets), bound: binding.services[service]!.secrets },
      ]),
    ),
  }),
];

const treesOf = ({ services, sites }: Targets): Digest[] => [
  ...new Set([
    ...Object.values(services).map(({ spec }) => spec.tree),
    ...Object.values(sites).map(({ tree }) => tree),
  ]),
];

const stage = (release: Release, targets: Targets, observed: ObservedEnvironment): PlannedStep[] => {
  const { database, cache, buckets } = release;
  const backing = single("stage", "backing services", "database, cache, buckets", {
    kind: "ensure-backing",
    backing: { database, cache, buckets },
  });
  const services = Object.entries(targets.services).map(([service, { revision, spec }]) =>
    single("stage", service, "staged", { kind: "stage-revision", revision, spec, release: release.id }),
  );
  const sites = Object.entries(targets.sites)
    .filter(([site, spec]) => canonicalJson(observed.sites[site]?.spec) !== canonicalJson(spec))
    .map(([site, spec]) => single("stage", site, "staged", { kind: "stage-site", spec }));
  return [...(database !== null || cache || buckets.length > 0 ? [backing] : []), ...services, ...sites];
};

const expand = (
  { migrations }: Release,
  { services }: Targets,
  { action, observed, database }: PlanRequest,
): PlannedStep[] => {
  if (database?.down != null)
    return [single("expand", "database", "taken back", { kind: "migrate-down", ...database.down })];
  if (migrations === null) return [];
  // A rollback to a release whose migrations were all applied has nothing to run: asking the release's own command for
  // that would cost users as much time on the broken release as an API needs to start.
  if (action === "rollback" && migrations.names.every((name) => observed.schema?.includes(name) === true))
    return [];
  const { spec } = services[migrations.service]!;
  return [
    single("expand", "database", "migrations", {
      kind: "migrate",
      migrations,
      spec,
      ...(database?.up == null ? {} : { run: database.up }),
    }),
  ];
};

const rollOut = (
  { services }: Targets,
  { observed, definition }: PlanRequest,
  strategy: Strategy,
): PlannedStep[] => {
  const removed = Object.entries(observed.services)
    .filter(
      ([service, { revisions }]) =>
        services[service] === undefined && Object.values(revisions).some(({ wanted }) => wanted > 0),
    )
    .map(([service]) => service);
  return [...Object.keys(services), ...removed].flatMap((service) => {
    const steps = planRollOut({
      service,
      target: services[service] ?? null,
      observed: observed.services[service],
      strategy,
      gates: definition.gates,
    });
    return steps.map((one, index) => ({ ...one, after: index === 0 ? [] : [steps[index - 1]!.id] }));
  });
};

const switchSites = ({ sites }: Targets, { observed, release }: PlanRequest): PlannedStep[] => {
  const changed = Object.entries(sites)
    .filter(
      ([site, spec]) =>
        observed.sites[site]?.release !== release.id ||
        canonicalJson(observed.sites[site].spec) !== canonicalJson(spec),
    )
    .map(([site, spec]) =>
      single("switch", site, "index.html last", {
        kind: "switch-site",
        site,
        to: { spec, release: release.id },
      }),
    );
  const removed = Object.keys(observed.sites)
    .filter((site) => sites[site] === undefined)
    .map((site) => single("switch", site, "no longer served", { kind: "switch-site", site, to: null }));
  return [...changed, ...removed];
};

const verify = (
  { services, sites }: Targets,
  { definition, action, observed }: PlanRequest,
): PlannedStep[] => {
  const checks = [
    ...Object.values(sites).map(({ route }) => ({
      path: route.replace(/\*$/, ""),
      status: 200,
      contains: null,
    })),
    ...definition.smoke,
  ];
  const watched = Object.entries(services)
    .filter(([service, { revision }]) => (observed.services[service]?.weights[revision] ?? 0) < 100)
    .map(([service, { revision }]) => ({ service, revision }));
  const forMs = action === "rollback" ? 0 : definition.bakeMs;
  const smoke = single("verify", "smoke", "smoke checks", { kind: "smoke", checks });
  const bake = single("verify", "bake", "gates hold", {
    kind: "bake",
    watched,
    forMs,
    gates: definition.gates,
  });
  return [
    ...(checks.length > 0 ? [smoke] : []),
    ...(watched.length > 0 ? [{ ...bake, after: checks.length > 0 ? [smoke.id] : [] }] : []),
  ];
};

const commit = ({ services, sites }: Targets): PlannedStep[] => [
  single("commit", "confirm", "observed once more", {
    kind: "confirm",
    services: Object.fromEntries(
      Object.entries(services).map(([service, { revision, spec }]) => [
        service,
        { revision, routed: spec.kind === "web" },
      ]),
    ),
    sites,
  }),
];

const tidy = (targets: Targets, { wayBack, definition }: PlanRequest, strategy: Strategy): PlannedStep[] => [
  single("tidy", "retire", "what nobody needs", {
    kind: "retire",
    // What served before stays warm for its time, then stops; its files stay for as long as it is the way back.
    revisions: Object.fromEntries(
      Object.entries(targets.services).map(([service, { revision }]) => [service, [revision]]),
    ),
    trees: [...new Set([...treesOf(targets), ...wayBack.trees])],
    warmMs: strategy.type === "rolling" ? 0 : definition.warmMs,
  }),
];
