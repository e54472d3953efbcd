import {
  isWrongWaiver,
  type PolicyFinding,
  type PolicyReport,
  type PolicyState,
  type WaiverProblem,
} from "../../domain/policy-finding.ts";
import { field } from "./field.ts";
import { justify, wrap } from "./fit.ts";
import { widthOf, type Look } from "./look.ts";
import { SYMBOLS } from "./symbols.ts";
import { clean } from "./text-width.ts";

export interface ShownPolicies {
  /** What the command ends with; 0 is not said. */
  exitCode: number;
  /** Every place, and what only the apply can tell. */
  verbose: boolean;
}

/** So many resources of one rule are named without --verbose. */
const FEW = 6;
const MORE = { indent: 4, labelWidth: 8 };

/** Each rule that does not hold, once, with where; what is let be, and which waivers do nothing; the sum last. */
export const renderPolicies = (
  look: Look,
  report: PolicyReport,
  { exitCode, verbose }: ShownPolicies,
): string[] => {
  const told = report.findings.filter(({ state }) => verbose || state !== "unknown");
  const sum = field(look, "policies", sumOf(report, verbose), { indent: 0, labelWidth: 11 });
  const last = sum.pop()!;
  return [
    ...groupsOf(told).flatMap((findings) => ruleLines(look, findings, verbose)),
    ...report.waivers.flatMap((problem) => waiverLines(look, problem)),
    ...sum,
    ...(exitCode === 0 ? [last] : justify(last, look.colours.dim(`exit ${exitCode}`), widthOf(look))),
  ];
};

const sumOf = ({ findings, waivers, rules, resources }: PolicyReport, verbose: boolean): string => {
  const of = (state: PolicyState) => findings.filter((finding) => finding.state === state);
  const [broken, unknown, waived] = [of("broken"), of("unknown"), of("waived")];
  const wrong = waivers.filter(isWrongWaiver).length;
  return [
    broken.length === 0
      ? unknown.length === 0
        ? `all ${rules} hold for ${resources} resources`
        : `none of ${rules} broken`
      : `${new Set(broken.map(({ rule }) => rule)).size} of ${rules} broken in ${placesText(broken.length)}`,
    ...(unknown.length === 0
      ? []
      : [`${unknown.length} open until the apply${verbose ? "" : " (--verbose)"}`]),
    ...(waived.length === 0 ? [] : [`${waived.length} waived`]),
    ...(wrong === 0 ? [] : [`${wrong} of the waivers wrong`]),
  ].join(", ");
};

const placesText = (number: number): string => (number === 1 ? "1 place" : `${number} places`);

const grouped = <T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
};

const groupsOf = (findings: PolicyFinding[]): PolicyFinding[][] => [
  ...grouped(findings, ({ state, rule, waiver }) => `${state} ${rule} ${waiver?.reason ?? ""}`).values(),
];

const SYMBOL: Record<PolicyState, string> = {
  broken: SYMBOLS.failed,
  unknown: SYMBOLS.notice,
  waived: SYMBOLS.notice,
};

const ruleLines = (look: Look, findings: PolicyFinding[], verbose: boolean): string[] => {
  const { colours } = look;
  const [{ state, rule, severity, title, why, waiver }] = findings as [PolicyFinding];
  const paint = state === "broken" && severity !== "low" ? colours.red : colours.yellow;
  const text = state === "unknown" ? `${title} The plan cannot tell.` : title;
  return [
    `${paint(`${SYMBOL[state]} ${rule}`)}  ${colours.dim(severity)}`,
    ...wrap(text, widthOf(look) - MORE.indent).map((line) => " ".repeat(MORE.indent) + line),
    ...placeLines(look, findings, verbose),
    ...(waiver === null
      ? field(look, "why", why, MORE)
      : field(look, "waived", `until ${clean(waiver.until)}: ${clean(waiver.reason)}`, MORE)),
    ...(state === "broken" ? field(look, "see", `docs/policies.md#${rule}`, MORE) : []),
  ];
};

/** The resources, and below them what is and what should be: once for all of which the same is said. */
const placeLines = (look: Look, findings: PolicyFinding[], verbose: boolean): string[] => {
  const saidOf = grouped(findings, ({ address }) => address);
  const places = grouped(saidOf, ([, here]) =>
    here.map(({ attribute, is, shouldBe }) => `${attribute} is ${is}, should be ${shouldBe}`).join("\n"),
  );
  const indented = (text: string, indent: number) =>
    wrap(clean(text), widthOf(look) - indent).map((line) => " ".repeat(indent) + line);
  return [...places].flatMap(([said, here]) => {
    const shown = verbose ? here : here.slice(0, FEW);
    const more = here.length - shown.length;
    return [
      ...shown.flatMap(([address]) => indented(address, MORE.indent)),
      ...(more === 0 ? [] : [look.colours.dim(`${" ".repeat(MORE.indent)}and ${more} more: --verbose`)]),
      ...said.split("\n").flatMap((line) => indented(line, MORE.indent + 2)),
    ];
  });
};

const waiverLines = (look: Look, problem: WaiverProblem): string[] => {
  const { colours } = look;
  const { waiver, what } = problem;
  const lead = isWrongWaiver(problem)
    ? colours.red(`${SYMBOLS.failed} waiver of ${clean(waiver.rule)}`)
    : colours.yellow(`${SYMBOLS.notice} waiver of ${clean(waiver.rule)}`);
  return [
    lead,
    ...field(look, "at", clean(waiver.address), MORE),
    ...field(look, "does", `nothing: ${clean(what)}`, MORE),
    ...field(look, "reason", clean(waiver.reason), MORE),
  ];
};
