import type { PolicyFinding, PolicyWaiver, WaiverProblem } from "../../domain/policy-finding.ts";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

const isDay = (text: string): boolean => DAY.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));

const pattern = (address: string): RegExp =>
  new RegExp(`^${address.split("*").map(escaped).join(".*")}$`, "s");

const escaped = (text: string): string => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, "\\$&");

/**
 * Marks what a waiver lets be; nothing is left out. A waiver holds up to and including its last day, in UTC; one that
 * has expired, names no rule or fits nothing is told, and does nothing.
 */
export const applyWaivers = (
  findings: PolicyFinding[],
  waivers: PolicyWaiver[],
  { rules, today }: { rules: ReadonlySet<string>; today: string },
): { findings: PolicyFinding[]; problems: WaiverProblem[] } => {
  const judged = waivers.map((waiver) => ({
    waiver,
    fits: pattern(waiver.address),
    ...stateOf(waiver, rules, today),
  }));
  const used = new Set<PolicyWaiver>();
  const marked = findings.map((finding): PolicyFinding => {
    const found = judged.find(
      ({ waiver, fits, problem }) =>
        problem === null && waiver.rule === finding.rule && fits.test(finding.address),
    );
    if (found === undefined) return finding;
    used.add(found.waiver);
    return { ...finding, state: "waived", waiver: found.waiver };
  });
  const problems = judged.flatMap(({ waiver, problem, what }): WaiverProblem[] => {
    if (problem !== null) return [{ waiver, problem, what }];
    return used.has(waiver) ? [] : [{ waiver, problem: "unused", what: "nothing that it fits is broken" }];
  });
  return { findings: marked, problems };
};

const stateOf = (
  { rule, until }: PolicyWaiver,
  rules: ReadonlySet<string>,
  today: string,
): { problem: Exclude<WaiverProblem["problem"], "unused"> | null; what: string } => {
  if (!rules.has(rule)) return { problem: "rule-unknown", what: `there is no policy "${rule}"` };
  if (!isDay(until)) return { problem: "date-unreadable", what: `"${until}" is no day such as 2027-01-31` };
  return until < today ? { problem: "expired", what: `it expired on ${until}` } : { problem: null, what: "" };
};
