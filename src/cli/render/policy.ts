import type {
  PolicyFinding,
  PolicyReport,
  PolicySeverity,
  PolicyState,
  WaiverProblem,
} from "../../domain/policy-finding.ts";
import { field, hanging } from "./field.ts";
import { justify } from "./fit.ts";
import { widthOf, type Look } from "./look.ts";
import { SYMBOLS } from "./symbols.ts";
import { clean } from "./text-width.ts";

const SYMBOL: Record<PolicyState, string> = {
  broken: SYMBOLS.failed,
  unknown: SYMBOLS.notice,
  waived: SYMBOLS.notice,
};
const RANK: Record<PolicySeverity, number> = { high: 0, medium: 1, low: 2 };

/** Each rule that does not hold, once, with where; what is let be, and which waivers do nothing; the sum last. */
export const renderPolicies = (
  look: Look,
  report: PolicyReport,
  { exitCode }: { exitCode: number },
): string[] => {
  const count = (state: PolicyState) => report.findings.filter((finding) => finding.state === state).length;
  const sum = [
    count("broken") === 0
      ? `${report.rules} policies hold for ${report.resources} resources`
      : `${count("broken")} broken of ${report.rules} policies`,
    ...(count("unknown") === 0 ? [] : [`${count("unknown")} known only after the apply`]),
    ...(count("waived") === 0 ? [] : [`${count("waived")} waived`]),
  ].join(", ");
  return [
    ...groupsOf(report.findings).flatMap((findings) => linesOf(look, findings)),
    ...report.waivers.flatMap((problem) => waiverLines(look, problem)),
    ...(exitCode === 0 ? [sum] : justify(sum, look.colours.dim(`exit ${exitCode}`), widthOf(look))),
  ];
};

const groupsOf = (findings: PolicyFinding[]): PolicyFinding[][] => {
  const groups = new Map<string, PolicyFinding[]>();
  for (const finding of findings) {
    const key = `${finding.state} ${finding.rule} ${finding.waiver?.reason ?? ""}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()];
};

const linesOf = (look: Look, findings: PolicyFinding[]): string[] => {
  const { colours } = look;
  const [{ state, rule, severity, title, why, reference, waiver }] = findings as [PolicyFinding];
  const paint = state === "broken" && RANK[severity] < 2 ? colours.red : colours.yellow;
  const text = state === "unknown" ? `${title} The plan cannot tell.` : title;
  const more = { indent: 4, labelWidth: 7 };
  return [
    ...hanging(look, `${paint(SYMBOL[state])} ${rule}`, `${text} ${colours.dim(severity)}`),
    ...findings.flatMap(({ address, attribute, is, shouldBe }) => [
      `    ${clean(address)}`,
      ...hanging(look, `      ${clean(attribute)}`, `is ${clean(is)}, should be ${clean(shouldBe)}`),
    ]),
    ...(waiver === null
      ? [...field(look, "why", why, more), ...(state === "broken" ? field(look, "see", reference, more) : [])]
      : field(look, "waived", `until ${clean(waiver.until)}: ${clean(waiver.reason)}`, {
          ...more,
          labelWidth: 8,
        })),
  ];
};

const waiverLines = (look: Look, { waiver, what }: WaiverProblem): string[] =>
  hanging(
    look,
    `${look.colours.yellow(SYMBOLS.notice)} waiver of ${clean(waiver.rule)}`,
    `for ${clean(waiver.address)} does nothing: ${clean(what)}`,
  );
