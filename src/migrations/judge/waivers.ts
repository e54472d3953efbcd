import type { MigrationFinding } from "../../domain/rehearsal.ts";
import { nearestRule } from "./nearest-rule.ts";

export interface Waiver {
  rule: string;
  reason: string;
  /** The line of the file on which it stands. */
  line: number;
  wholeFile: boolean;
}

export interface Directives {
  /** `switchback: contract` stands in the file. */
  contract: boolean;
  waivers: Waiver[];
  /** What is wrong with the others. */
  problems: {
    rule: "waiver-without-reason" | "waiver-unknown-rule" | "waiver-unreadable";
    line: number;
    what: string;
  }[];
}

const DIRECTIVE = /(?:--|\/\/|#|\/?\*+)\s*switchback:\s*(.*?)\s*(?:\*\/)?\s*$/i;
const ALLOW = /^allow\s+(\S+?)(\s+in\s+this\s+file)?(?:\s+because\b[:\s]*(.*))?$/i;

/**
 * `-- switchback: contract`, `-- switchback: allow <rule> because <reason>` for the statement below it, and
 * `… allow <rule> in this file because <reason>` for all of them. `//`, `#` and `/*` begin a comment too.
 */
export const readDirectives = (source: string | null, rules: ReadonlySet<string>): Directives => {
  const result: Directives = { contract: false, waivers: [], problems: [] };
  for (const [index, text] of (source ?? "").split("\n").entries()) {
    const said = DIRECTIVE.exec(text)?.[1];
    if (said === undefined) continue;
    const line = index + 1;
    if (/^contract\b/i.test(said)) {
      result.contract = true;
      continue;
    }
    const [, rule = "", wholeFile, reason] = ALLOW.exec(said) ?? [];
    if (rule === "") {
      const what = `"switchback: ${said}" says nothing that is known: contract, or allow <rule> because <reason>.`;
      result.problems.push({ rule: "waiver-unreadable", line, what });
    } else if (!rules.has(rule)) {
      const meant = nearestRule(rule, rules);
      const what = `There is no rule "${rule}".${meant === null ? "" : ` Did you mean ${meant}?`}`;
      result.problems.push({ rule: "waiver-unknown-rule", line, what });
    } else if (reason === undefined || reason.trim() === "") {
      const what = `${rule} is let be without a reason, so it is not: add "because …".`;
      result.problems.push({ rule: "waiver-without-reason", line, what });
    } else result.waivers.push({ rule, reason: reason.trim(), line, wholeFile: wholeFile !== undefined });
  }
  return result;
};

interface Span {
  line: number;
  endLine: number;
}

/** The line of the statement that a comment is about: the one that it stands in or behind, else the next. */
const statementAt = (line: number, spans: Span[]): number | null =>
  (
    spans.find((span) => span.line <= line && line <= span.endLine) ??
    spans.filter((span) => span.line > line).sort((a, b) => a.line - b.line)[0]
  )?.line ?? null;

/** Marks what a waiver lets be; nothing is left out. A finding that no line is known of is let be by any waiver of the file. */
export const applyWaivers = (
  findings: MigrationFinding[],
  waivers: Waiver[],
  spans: Span[],
): { findings: MigrationFinding[]; unused: Waiver[] } => {
  const used = new Set<Waiver>();
  const marked = findings.map((finding): MigrationFinding => {
    const found = waivers.find(
      ({ rule, wholeFile, line }) =>
        rule === finding.rule &&
        (wholeFile || finding.line === null || statementAt(line, spans) === finding.line),
    );
    if (found === undefined) return finding;
    used.add(found);
    return { ...finding, waived: { reason: found.reason } };
  });
  return { findings: marked, unused: waivers.filter((waiver) => !used.has(waiver)) };
};
