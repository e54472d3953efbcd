import type { RuleText } from "../../domain/migration-rule.ts";
import { nearestRule } from "./nearest-rule.ts";
import { RULE_IDS, RULES } from "./rules.ts";

/** What `migrate explain <rule>` says of a rule; null: there is none of that name. */
export const explainRule = (id: string): RuleText | null => {
  const rule = RULES.find((one) => one.id === id);
  if (rule === undefined) return null;
  const { family, level, title, why, instead, example, sameAs } = rule;
  return { id, family, level, title, why, instead, example, sameAs };
};

/** Every rule's text, for reports that list them. */
export const ruleTexts = (): RuleText[] => RULES.flatMap(({ id }) => explainRule(id) ?? []);

/** The rule that was most likely meant; null when none is near. */
export const meantRule = (wrong: string): string | null => nearestRule(wrong, RULE_IDS);
