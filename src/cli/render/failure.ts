import type { AppErrorJson } from "../../domain/errors.ts";
import { field, hanging } from "./field.ts";
import { cut, wrap } from "./fit.ts";
import { widthOf, type Look } from "./look.ts";
import { clean } from "./text-width.ts";

/** Of a process's last lines so many are shown; `--json` and the log have the rest. */
const LINES_SHOWN = 10;
const LABEL_WIDTH = 7;

const textIn = (context: Record<string, unknown> | undefined, key: string): string | null => {
  const value = context?.[key];
  return typeof value === "string" && value !== "" ? clean(value) : null;
};

export const linesIn = (error: AppErrorJson): string[] => {
  const lines = error.context?.["lines"];
  return Array.isArray(lines)
    ? lines.filter((line): line is string => typeof line === "string" && line.trim() !== "").map(clean)
    : [];
};

/** What an error knows beyond its sentence: why, what users noticed, and the last lines of the process. */
export const failureLines = (look: Look, error: AppErrorJson): string[] => {
  const lines = linesIn(error);
  const why = textIn(error.context, "why");
  const users = textIn(error.context, "users");
  const options = { indent: 4, labelWidth: LABEL_WIDTH };
  return [
    ...(why === null || error.message.includes(why) ? [] : field(look, "why", why, options)),
    ...(users === null ? [] : field(look, "users", users, options)),
    ...(textIn(error.context, "rehearsal") === null ? lastLines(look, lines) : findingLines(look, lines)),
  ];
};

/** What a rehearsal found is there to be read whole: it is wrapped below itself, never cut. */
const findingLines = (look: Look, lines: string[]): string[] =>
  lines.flatMap((line) => {
    const indent = 4 + line.search(/\S|$/);
    const [label = "", text = ""] = line.trim().split(/ {2,}(.*)/s);
    const lead = `${" ".repeat(indent)}${label}`;
    return text === ""
      ? wrap(line.trim(), widthOf(look) - indent).map((one) => " ".repeat(indent) + one)
      : hanging(look, lead, text);
  });

const lastLines = (look: Look, lines: string[]): string[] => {
  if (lines.length === 0) return [];
  const { dim } = look.colours;
  const shown = lines.slice(-LINES_SHOWN);
  const title = lines.length > shown.length ? `last ${shown.length} of ${lines.length} lines` : "last lines";
  return [`    ${dim(title)}`, ...shown.map((line) => `    ${dim("│")} ${cut(line, widthOf(look) - 6)}`)];
};
