import type { Finding, FindingState } from "../../domain/finding.ts";
import { field, hanging } from "./field.ts";
import { justify } from "./fit.ts";
import { widthOf, type Look } from "./look.ts";
import { SYMBOLS } from "./symbols.ts";
import { clean } from "./text-width.ts";

const SYMBOL: Record<FindingState, string> = {
  whole: SYMBOLS.done,
  repaired: SYMBOLS.done,
  notice: SYMBOLS.notice,
  wrong: SYMBOLS.failed,
  unknown: SYMBOLS.failed,
};

/** A line for each thing that was looked at; below what is not as it should be: what it means, and what to do. */
export const renderFindings = (
  look: Look,
  findings: Finding[],
  { exitCode }: { exitCode: number },
): string[] => {
  const count = (...states: FindingState[]) => findings.filter(({ state }) => states.includes(state)).length;
  const left = count("wrong", "unknown");
  const repaired = count("repaired");
  const sum = [
    left === 0 ? "nothing is wrong" : `${left} wrong`,
    ...(repaired === 0 ? [] : [`${repaired} repaired`]),
    ...(count("notice") === 0 ? [] : [`${count("notice")} to know of`]),
  ].join(", ");
  return [
    ...findings.flatMap((finding) => linesOf(look, finding)),
    ...(exitCode === 0 ? [sum] : justify(sum, look.colours.dim(`exit ${exitCode}`), widthOf(look))),
  ];
};

const linesOf = (look: Look, { state, check, subject, what, means, todo }: Finding): string[] => {
  const { colours } = look;
  const paint = state === "notice" ? colours.yellow : left(state) ? colours.red : colours.green;
  const name = subject === null ? check : `${check} ${subject}`;
  const text = state === "repaired" ? `repaired: ${what}` : what;
  return [
    ...hanging(look, `${paint(SYMBOL[state])} ${name}`, clean(text)),
    ...(means === null || state === "repaired"
      ? []
      : field(look, "means", clean(means), { indent: 4, labelWidth: 7 })),
    ...(todo === null ? [] : field(look, "next", clean(todo), { indent: 4, labelWidth: 7 })),
  ];
};

const left = (state: FindingState): boolean => state === "wrong" || state === "unknown";
