import type { Gates, Strategy } from "../domain/app-definition.ts";
import type { ObservedService } from "../domain/observed.ts";
import type { PlannedStep, StepAction } from "../domain/plan.ts";
import type { TargetService } from "./revisions.ts";

type Numbers = Record<string, number>;

export interface RollOut {
  service: string;
  target: TargetService | null;
  observed: ObservedService | undefined;
  strategy: Strategy;
  gates: Gates;
}

/** What serves now, as instance counts by revision: revisions that take traffic, or for a worker those that run. */
export const stableCounts = (observed: ObservedService | undefined, kind: "web" | "worker"): Numbers =>
  Object.fromEntries(
    Object.entries(observed?.revisions ?? {})
      .filter(([id, { wanted }]) => wanted > 0 && (kind === "worker" || (observed?.weights[id] ?? 0) > 0))
      .map(([id, { wanted }]) => [id, wanted]),
  );

/**
 * The steps that take one service from what serves to its target, in order. Pure. Each leaves the service able to
 * answer: new instances are healthy before they get traffic, and old ones have lost theirs before they stop.
 */
export const planRollOut = (rollOut: RollOut): Omit<PlannedStep, "after">[] => {
  const { service, target, observed } = rollOut;
  const kind =
    target?.spec.kind ??
    (observed !== undefined && Object.keys(observed.weights).length > 0 ? "web" : "worker");
  const actions = actionsFor(rollOut, kind);
  return actions.map(({ action, title }, index) => ({
    id: `roll out/${service}/${index + 1}-${NAMES[action.kind] ?? action.kind}`,
    phase: "roll out" as const,
    subject: service,
    title,
    action,
  }));
};

const NAMES: Partial<Record<StepAction["kind"], string>> = {
  "set-instances": "instances",
  "set-weights": "weights",
};

interface Titled {
  title: string;
  action: StepAction;
}

const actionsFor = (
  { service, target, observed, strategy, gates }: RollOut,
  kind: "web" | "worker",
): Titled[] => {
  const instances = (counts: Numbers, title: string): Titled => ({
    title,
    action: { kind: "set-instances", service, counts },
  });
  const weights = (shares: Numbers, title: string): Titled => ({
    title,
    action: { kind: "set-weights", service, weights: shares },
  });
  if (target === null)
    return [...(kind === "web" ? [weights({}, "no traffic")] : []), instances({}, "stop all instances")];

  const { revision, instances: wanted } = target;
  const full = { [revision]: wanted };
  const all = { [revision]: 100 };
  const stable = stableCounts(observed, kind);
  if (stable[revision] !== undefined && Object.keys(stable).length === 1) {
    const settled = stable[revision] === wanted && (observed?.revisions[revision]?.healthy ?? 0) >= wanted;
    return settled ? [] : [instances(full, `${wanted} instances`)];
  }
  if (kind === "worker") return [instances(full, `${wanted} instances`)];
  if (Object.keys(stable).length === 0)
    return [instances(full, `${wanted} instances of the first release`), weights(all, "100 % of traffic")];
  if (strategy.type === "rolling")
    return rolling({ service, revision, wanted, stable, batch: strategy.batch });

  const both = instances({ ...stable, ...full }, `${wanted} instances of the candidate`);
  const last = weights(all, "100 % to the candidate");
  const shares =
    strategy.type === "blue-green"
      ? []
      : strategy.type === "canary"
        ? strategy.percents
        : linearPercents(strategy.stepPercent);
  const partly = shares.flatMap((percent): Titled[] => [
    weights(shared(stable, revision, percent), `${percent} % to the candidate`),
    {
      title: `bake at ${percent} %`,
      action: {
        kind: "bake",
        watched: [{ service, revision }],
        forMs: "bakeMs" in strategy ? strategy.bakeMs : 0,
        gates,
      },
    },
  ]);
  return [both, ...partly, last];
};

/** The candidate's percent; the rest is shared among what is stable, by its instances, and sums to 100. */
export const shared = (stable: Numbers, revision: string, percent: number): Numbers => {
  const others = Object.entries(stable).filter(([id]) => id !== revision);
  const total = others.reduce((sum, [, count]) => sum + count, 0);
  return {
    ...Object.fromEntries(others.map(([id, count]) => [id, ((100 - percent) * count) / total])),
    [revision]: percent,
  };
};

const linearPercents = (stepPercent: number): number[] => {
  const percents: number[] = [];
  for (let percent = stepPercent; percent < 100; percent += stepPercent) percents.push(percent);
  return percents;
};

const rolling = (roll: {
  service: string;
  revision: string;
  wanted: number;
  stable: Numbers;
  batch: number;
}): Titled[] => {
  const { service, revision, wanted, batch } = roll;
  const steps: Titled[] = [];
  let old = Object.fromEntries(Object.entries(roll.stable).filter(([id]) => id !== revision));
  for (let up = roll.stable[revision] ?? 0; up < wanted;) {
    up = Math.min(up + batch, wanted);
    const left = up === wanted ? {} : shrink(old, Math.max(1, wanted - up));
    const counts = { [revision]: up };
    steps.push(
      {
        title: `${up} of ${wanted} started`,
        action: { kind: "set-instances", service, counts: { ...old, ...counts } },
      },
      {
        title: `traffic to ${up} of ${wanted}`,
        action: { kind: "set-weights", service, weights: byInstances({ ...left, ...counts }) },
      },
      {
        title: `${up} of ${wanted} replaced`,
        action: { kind: "set-instances", service, counts: { ...left, ...counts } },
      },
    );
    old = left;
  }
  return steps;
};

/** At most `keep` instances in all, taken from the last revision first. */
const shrink = (counts: Numbers, keep: number): Numbers => {
  let room = keep;
  const kept: Numbers = {};
  for (const [id, count] of Object.entries(counts)) {
    const take = Math.min(count, room);
    if (take > 0) kept[id] = take;
    room -= take;
  }
  return kept;
};

const byInstances = (counts: Numbers): Numbers => {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return Object.fromEntries(Object.entries(counts).map(([id, count]) => [id, (100 * count) / total]));
};
