import type { RuleText } from "../../domain/migration-rule.ts";
import { field, hanging } from "./field.ts";
import { padEnd } from "./fit.ts";
import type { Look } from "./look.ts";
import { sqlLines } from "./sql-lines.ts";

const LEVELS: Record<RuleText["level"], string> = {
  block: "blocks",
  warn: "warns",
  info: "worth knowing",
  "by-size": "warns or blocks, by how long others would wait at the target's size",
};

const MORE = { indent: 2, labelWidth: 11 };
const INDENT = MORE.indent + MORE.labelWidth;

/** `migrate explain <rule>`: what it finds, why that matters, the safe way, who says so too, how to let it be. */
export const renderRule = (look: Look, rule: RuleText): string[] => {
  const elsewhere = Object.entries(rule.sameAs).map(([tool, names]) => `${tool} ${names.join(", ")}`);
  return [
    ...hanging(look, look.colours.bold(rule.id), rule.title),
    ...field(look, "level", LEVELS[rule.level], MORE),
    ...(rule.example.finds.length === 0
      ? []
      : labelled(look, "finds", sqlLines(look, rule.example.finds, INDENT))),
    ...field(look, "why", rule.why, MORE),
    ...field(look, "instead", rule.instead, MORE),
    ...sqlLines(look, rule.example.instead, INDENT),
    ...(elsewhere.length === 0 ? [] : field(look, "elsewhere", elsewhere, MORE)),
    ...(rule.family === "waivers"
      ? []
      : field(look, "waiver", `-- switchback: allow ${rule.id} because <reason>`, MORE)),
  ];
};

/** The label in front of lines that are indented already. */
const labelled = (look: Look, label: string, [first = "", ...rest]: string[]): string[] => [
  `${" ".repeat(MORE.indent)}${look.colours.dim(padEnd(label, MORE.labelWidth))}${first.trimStart()}`,
  ...rest,
];
