import type { Rule } from "./rule.ts";
import { accessRules } from "./rules/access.ts";
import { availabilityRules } from "./rules/availability.ts";
import { backupRules } from "./rules/backups.ts";
import { deletionRules } from "./rules/deletion.ts";
import { distributionRules } from "./rules/distribution.ts";
import { encryptionRules } from "./rules/encryption.ts";
import { imageRules } from "./rules/images.ts";
import { loggingRules } from "./rules/logging.ts";
import { publicAccessRules } from "./rules/public-access.ts";
import { successorRules } from "./rules/successors.ts";
import { tagRules } from "./rules/tags.ts";
import { transportRules } from "./rules/transport.ts";

export interface RuleGroup {
  title: string;
  rules: Rule[];
}

/** Every policy, in the order in which docs/policies.md lists them. */
export const RULE_GROUPS: RuleGroup[] = [
  { title: "Encryption at rest", rules: encryptionRules },
  { title: "Public access", rules: publicAccessRules },
  { title: "Encryption in transit", rules: transportRules },
  { title: "Backups", rules: backupRules },
  { title: "Deletion", rules: deletionRules },
  { title: "Logs and measurements", rules: loggingRules },
  { title: "Access", rules: accessRules },
  { title: "Availability", rules: availabilityRules },
  { title: "Images and tasks", rules: imageRules },
  { title: "The distribution", rules: distributionRules },
  { title: "Successors", rules: successorRules },
  { title: "Tags", rules: tagRules },
];

export const RULES: Rule[] = RULE_GROUPS.flatMap(({ rules }) => rules);
