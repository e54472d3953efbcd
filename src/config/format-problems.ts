import { sentenceOf, type Problem } from "./problem.ts";

const WIDTH = 80;
const LABEL = 14;

/** All problems as lines for a terminal of 80 columns: a sentence each, and below it what was meant, what is allowed, where it is explained. */
export const formatProblems = (problems: readonly Problem[]): string =>
  problems.map(formatProblem).join("\n");

const formatProblem = (problem: Problem): string =>
  [
    sentenceOf(problem),
    ...(problem.didYouMean === undefined ? [] : [line("did you mean", problem.didYouMean)]),
    ...(isShown(problem) ? [line("found", problem.found)] : []),
    ...(problem.allowed === undefined || problem.allowed.length === 0
      ? []
      : [line("allowed", list(problem.allowed))]),
    line("docs", problem.docs),
  ].join("\n");

/** The sentence itself often says what stands there. */
const isShown = ({ found, message }: Problem): boolean =>
  message.startsWith("must be") && found !== "nothing";

const line = (label: string, text: string): string => `    ${label.padEnd(LABEL)}${text}`;

/** Breaks a list so that it stays inside the width, below its own first item. */
const list = (items: readonly string[]): string => {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last === undefined || last.length + item.length + 2 > WIDTH - LABEL - 4) lines.push(item);
    else lines[lines.length - 1] = `${last}, ${item}`;
  }
  return lines.join(`,\n${" ".repeat(LABEL + 4)}`);
};
