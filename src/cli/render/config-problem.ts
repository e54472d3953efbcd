import { field, hanging } from "./field.ts";
import type { Look } from "./look.ts";
import { SYMBOLS } from "./symbols.ts";
import { clean } from "./text-width.ts";

/** One thing that is wrong in the configuration, as found in `context.problems` of CONFIG_INVALID. */
export interface ConfigProblem {
  path: string;
  found?: string;
  message: string;
  allowed?: string[] | string;
  didYouMean?: string;
  docs?: string;
}

const isProblem = (value: unknown): value is ConfigProblem =>
  typeof value === "object" && value !== null && "message" in value && typeof value.message === "string";

/** Every problem with what was found, what may stand there, and where to read about it. Empty when the context has none. */
export const configProblemLines = (look: Look, context: Record<string, unknown>): string[] => {
  const listed = context["problems"];
  const file = typeof context["file"] === "string" ? context["file"] : "switchback.config.ts";
  return Array.isArray(listed)
    ? listed.filter(isProblem).flatMap((one) => problemLines(look, one, file))
    : [];
};

const problemLines = (look: Look, problem: ConfigProblem, file: string): string[] => {
  const { colours } = look;
  const options = { indent: 4, labelWidth: 14 };
  const lead = `${colours.red(SYMBOLS.failed)} ${colours.bold("CONFIG_INVALID")}`;
  const path = problem.path === "" ? "the configuration" : clean(problem.path);
  const headline = hanging(look, lead, `${file}: ${path} ${clean(problem.message)}`);
  const allowed = Array.isArray(problem.allowed) ? problem.allowed.join(", ") : problem.allowed;
  const said: [string, string | undefined][] = [
    ["did you mean", problem.didYouMean],
    ["found", isShown(problem) ? problem.found : undefined],
    ["allowed", allowed],
    ["docs", problem.docs],
  ];
  return [
    ...headline,
    ...said.flatMap(([label, value]) => (value ? field(look, label, clean(value), options) : [])),
  ];
};

/** The sentence itself often says what stands there. */
const isShown = ({ found, message }: ConfigProblem): boolean =>
  message.startsWith("must be") && found !== "nothing";
