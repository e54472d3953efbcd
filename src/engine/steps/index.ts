import type { StepAction, StepKind } from "../../domain/plan.ts";
import { checkArtefacts, checkSecrets } from "./guard.ts";
import { migrateDown } from "./migrate-down.ts";
import { migrate } from "./migrate.ts";
import { setInstances, setWeights } from "./roll-out.ts";
import { ensureBacking, stageRevision, stageSite } from "./stage.ts";
import type { StepDefinition } from "./step.ts";
import { switchSite } from "./switch-site.ts";
import { retire } from "./tidy.ts";
import { bake, confirm, smoke } from "./verify.ts";

const DEFINITIONS: { [K in StepKind]: StepDefinition<K> } = {
  "check-artefacts": checkArtefacts,
  "check-secrets": checkSecrets,
  "ensure-backing": ensureBacking,
  "stage-revision": stageRevision,
  "stage-site": stageSite,
  migrate,
  "migrate-down": migrateDown,
  "set-instances": setInstances,
  "set-weights": setWeights,
  "switch-site": switchSite,
  smoke,
  bake,
  confirm,
  retire,
};

/** The definition for a step of a plan, its action's type set aside: the kind has picked the right one. */
export const definitionOf = (kind: StepKind): StepDefinition<StepKind> =>
  DEFINITIONS[kind] as unknown as StepDefinition<StepKind>;

/** Whether a deployment that goes back undoes this action. */
export const isTakenBack = (action: StepAction): boolean => {
  const { compensate, compensates } = definitionOf(action.kind);
  return compensate !== undefined && (compensates?.(action) ?? true);
};
