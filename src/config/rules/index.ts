import type { Problem } from "../problem.ts";
import type { Draft, Rule } from "./draft.ts";
import * as aws from "./aws.ts";
import * as names from "./names.ts";
import * as scaling from "./scaling.ts";
import * as times from "./times.ts";
import * as variables from "./variables.ts";

/** What a shape cannot say, in the order in which it is reported. */
const RULES: readonly Rule[] = [
  names.somethingToRelease,
  names.namesOnce,
  names.namesUsable,
  names.bucketsOnce,
  names.routesOnce,
  names.migrationsService,
  names.promotions,
  variables.overridesExist,
  variables.reservedVariables,
  variables.secretsNotInTheClear,
  variables.secretsOnce,
  variables.noCredentials,
  times.freezeWindows,
  times.canaryPercents,
  times.healthNeedsRoute,
  scaling.mostInstances,
  scaling.scalingHasRoom,
  aws.awsNeedsPlatform,
  aws.awsPartsExist,
  aws.existingHasItsSize,
  aws.certificateOfRegion,
  aws.storageGrows,
  aws.ownTags,
];

/** Every problem that the rules find. Never throws: a draft may lack anything. */
export const ruleProblems = (draft: Draft): Problem[] => RULES.flatMap((rule) => rule(draft));
