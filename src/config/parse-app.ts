import type { AppDefinition } from "../domain/app-definition.ts";
import { AppError } from "../domain/errors.ts";
import type { AppConfig } from "./app-config.ts";
import { plainCopy } from "./plain-data.ts";
import { sentenceOf, type Problem } from "./problem.ts";
import { resolveApp } from "./resolve-app.ts";
import { ruleProblems } from "./rules/index.ts";
import { salvage } from "./rules/salvage.ts";
import { schemaProblems } from "./schema-problems.ts";
import { appSchema } from "./schema/app.ts";

/**
 * Checks a configuration and fills in its defaults. Throws CONFIG_INVALID, and nothing else, whatever `input` is:
 * `context.problems` holds everything that is wrong with it, not only the first. `file` names it in the message.
 */
export const parseApp = (input: unknown, { file }: { file: string }): AppDefinition => {
  const { value, problems: odd } = plainCopy(input);
  const shape = schemaProblems(appSchema, value);
  const oddPaths = new Set(odd.map(({ path }) => path));
  // What is no plain data was left out of the copy: that it is missing there is no news.
  const missing = shape.filter(({ path }) => !oddPaths.has(path));
  const accepted = shape.length === 0 && odd.length === 0 ? (value as AppConfig) : null;
  const draft = salvage(
    structuredClone(value),
    shape.map(({ at }) => at),
  );
  const problems = [...odd, ...missing.map(({ at: _at, ...problem }) => problem), ...ruleProblems(draft)];
  if (accepted === null || problems.length > 0) throw invalid(problems, file);
  return resolveApp(accepted);
};

const invalid = (problems: Problem[], file: string): AppError => {
  const [first] = problems;
  const text = first === undefined ? "is not valid" : sentenceOf(first);
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  const meant = first?.didYouMean === undefined ? "" : `did you mean ${first.didYouMean}? `;
  return new AppError("CONFIG_INVALID", `${file}: ${text}${more}`, {
    hint: `${meant}see ${first?.docs ?? "docs/config.md"}`,
    context: { file, problems },
  });
};
