import type { StepKind } from "../../domain/plan.ts";
import { checkArtefacts, checkSecrets } from "./guard.ts";
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
