import { ERROR_CODES } from "../../domain/error-codes.ts";
import type { AppError } from "../../domain/errors.ts";
import { configProblemLines } from "./config-problem.ts";
import { failureLines } from "./failure.ts";
import { field, hanging } from "./field.ts";
import { justify } from "./fit.ts";
import { widthOf, type Look } from "./look.ts";
import { SYMBOLS } from "./symbols.ts";
import { clean } from "./text-width.ts";

export interface ErrorOptions {
  verbose: boolean;
  /** Where a bug is reported. */
  reportTo?: string;
}

const OPTIONS = { indent: 4, labelWidth: 7 };

/** What happened, why, what to do next as a command, where to read more, and the exit code. */
export const renderError = (look: Look, error: AppError, options: ErrorOptions): string[] => {
  const problems = error.code === "CONFIG_INVALID" ? configProblemLines(look, error.context) : null;
  if (problems !== null && problems.length > 0)
    return withExit(look, [...problems, ...chainLines(look, error, options)], error.exitCode);
  return withExit(
    look,
    [
      ...headline(look, error),
      ...failureLines(look, error.toJSON()),
      ...(error.hint === undefined ? [] : field(look, "next", clean(error.hint), OPTIONS)),
      ...(error.code === "BUG" ? bugLines(look, error, options) : chainLines(look, error, options)),
      ...field(look, "docs", `docs/errors.md#${error.code.toLowerCase()}`, OPTIONS),
    ],
    error.exitCode,
  );
};

const headline = (look: Look, { code, message }: AppError): string[] => {
  const { colours } = look;
  return hanging(look, `${colours.red(SYMBOLS.failed)} ${colours.bold(code)}`, clean(message));
};

const withExit = (look: Look, lines: string[], exitCode: number): string[] => [
  ...lines.slice(0, -1),
  ...justify(lines.at(-1) ?? "", look.colours.dim(`exit ${exitCode}`), widthOf(look)),
];

const stackOf = (error: unknown): string[] =>
  error instanceof Error
    ? (error.stack ?? error.message).split("\n").map((line) => clean(line).trimEnd())
    : [];

/** Nobody can act on a bug but us: all that is needed to find it, and where to bring it. */
const bugLines = (look: Look, error: AppError, { reportTo }: ErrorOptions): string[] => {
  const stack = stackOf(error.cause ?? error);
  return [
    ...field(look, "what", ERROR_CODES.BUG.when, OPTIONS),
    ...stack.map((line) => `    ${look.colours.dim("│")} ${line.trim()}`),
    ...(reportTo === undefined ? [] : field(look, "report", reportTo, { indent: 4, labelWidth: 8 })),
  ];
};

const chainLines = (look: Look, error: AppError, { verbose }: ErrorOptions): string[] => {
  if (!verbose) return [];
  const lines: string[] = [];
  for (let cause = error.cause, depth = 0; cause !== undefined && depth < 10; depth += 1) {
    const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    lines.push(...field(look, "cause", clean(text), OPTIONS));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return lines;
};
