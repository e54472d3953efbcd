import type { RuleFamily } from "../../domain/migration-rule.ts";
import type { Rule } from "./rule.ts";
import { compatibilityRules } from "./rules/compatibility.ts";
import { constraintRules } from "./rules/constraints.ts";
import { dataRules } from "./rules/data.ts";
import { destroyRules } from "./rules/destroys.ts";
import { errorRules } from "./rules/errors.ts";
import { indexRules } from "./rules/indexes.ts";
import { lockRules } from "./rules/locks.ts";
import { proofRules } from "./rules/proofs.ts";
import { removalRules } from "./rules/removals.ts";
import { renameRules } from "./rules/renames.ts";
import { rewriteRules } from "./rules/rewrites.ts";
import { styleRules } from "./rules/style.ts";
import { transactionRules } from "./rules/transactions.ts";
import { waiverRules } from "./rules/waivers.ts";

/** Every rule, in the order in which docs/migration-rules.md lists them. */
export const RULES: Rule[] = [
  ...indexRules,
  ...constraintRules,
  ...rewriteRules,
  ...lockRules,
  ...removalRules,
  ...renameRules,
  ...compatibilityRules,
  ...dataRules,
  ...destroyRules,
  ...transactionRules,
  ...errorRules,
  ...proofRules,
  ...waiverRules,
  ...styleRules,
];

export const RULE_IDS: ReadonlySet<string> = new Set(RULES.map(({ id }) => id));

/** Asked of a migration's down too: it runs on the target like any other. */
const OF_DOWNS = new Set<RuleFamily>(["blocks-traffic", "transactions", "errors"]);

export const rulesFor = (direction: "up" | "down", style: boolean): Rule[] =>
  RULES.filter(({ family }) => (direction === "up" || OF_DOWNS.has(family)) && (style || family !== "style"));
