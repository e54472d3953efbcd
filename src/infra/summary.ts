import type { Effect } from "./effect.ts";
import { worse } from "./effect.ts";
import { effectOf } from "./effect-of.ts";
import { dangersOf, type Danger } from "./dangers.ts";
import type { ChangeAction, InfraPlan, ResourceChange } from "./plan-change.ts";

export interface SummaryLine {
  address: string;
  /** Within its module. */
  local: string;
  type: string;
  action: ChangeAction;
  name: string | null;
  movedFrom: string | null;
  importing: string | null;
  order: ResourceChange["order"];
  attributes: ResourceChange["attributes"];
  effect: Effect;
}

export interface SummaryModule {
  /** `app.database`; empty for the root. */
  module: string;
  lines: SummaryLine[];
}

export type Counts = Record<Exclude<ChangeAction, "nothing">, number>;

/** A plan told to a person. Holds no value that Terraform calls sensitive, so it may be printed and kept. */
export interface Summary {
  counts: Counts;
  /** In the order of their names; within one, what is lost first. */
  modules: SummaryModule[];
  /** The worst that any of the changes does to who uses the app. */
  worst: Effect;
  dangers: Danger[];
  outputs: string[];
  complete: boolean;
}

const WEIGHT: ChangeAction[] = ["destroy", "replace", "update", "forget", "move", "import", "create", "read"];

/** Groups by module, with what every change costs. Pure, linear in the number of changes. */
export const summarise = (plan: InfraPlan): Summary => {
  const counts: Counts = {
    create: 0,
    update: 0,
    replace: 0,
    destroy: 0,
    read: 0,
    forget: 0,
    move: 0,
    import: 0,
  };
  const modules = new Map<string, SummaryLine[]>();
  let worst: Effect = { severity: "none", text: "" };
  for (const change of plan.changes) {
    if (change.action === "nothing") continue;
    counts[change.action] += 1;
    if (change.action === "read") continue;
    const effect = effectOf(change);
    worst = worse(worst, effect);
    const lines = modules.get(change.module) ?? [];
    lines.push(lineOf(change, effect));
    modules.set(change.module, lines);
  }
  return {
    counts,
    modules: [...modules.entries()]
      .map(([module, lines]) => ({ module: moduleName(module), lines: lines.sort(byWeight) }))
      .sort((a, b) => (a.module < b.module ? -1 : a.module > b.module ? 1 : 0)),
    worst,
    dangers: dangersOf(plan.changes),
    outputs: plan.outputs,
    complete: plan.complete,
  };
};

const lineOf = (change: ResourceChange, effect: Effect): SummaryLine => ({
  address: change.address,
  local: change.local,
  type: change.type,
  action: change.action,
  name: change.resourceName,
  movedFrom: change.movedFrom,
  importing: change.importing,
  order: change.order,
  attributes: change.attributes,
  effect,
});

const byWeight = (a: SummaryLine, b: SummaryLine): number =>
  WEIGHT.indexOf(a.action) - WEIGHT.indexOf(b.action) || (a.local < b.local ? -1 : 1);

/** `module.app.module.service["api"]` as `app.service["api"]`. */
const moduleName = (module: string): string => module.replaceAll(/(^|\.)module\./g, "$1");

/** Nothing to apply: no change of a resource, and no output that differs. */
export const isEmptyPlan = ({ counts, outputs }: Pick<Summary, "counts" | "outputs">): boolean =>
  outputs.length === 0 &&
  Object.entries(counts).every(([action, number]) => action === "read" || number === 0);
