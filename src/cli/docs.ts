import { EXIT_CODES } from "../domain/error-codes.ts";
import { COMMANDS, GLOBAL_OPTIONS } from "./program.ts";

const table = (options: [flags: string, meaning: string][]): string[] => [
  "| option | meaning |",
  "|---|---|",
  ...options.map(([flags, meaning]) => `| \`${flags}\` | ${meaning} |`),
  "",
];

/** docs/cli.md: every command and option, from the table that the command line is made of. */
export const cliPage = (): string =>
  [
    "# Commands",
    "",
    "Made from the code by `npm run docs`. What is asked for goes to stdout, everything else to stderr.",
    "",
    ...COMMANDS.flatMap(({ usage, summary, options, repeatable = [], notes = [] }) => [
      `## ${usage.split(" ")[0] ?? usage}`,
      "",
      `\`switchback ${usage}\`: ${summary}.`,
      "",
      ...(options === undefined ? [] : table([...options, ...repeatable])),
      ...notes.flatMap((note) => [note, ""]),
    ]),
    "## Options of every command",
    "",
    ...table(GLOBAL_OPTIONS),
    "## Exit codes",
    "",
    "| code | meaning |",
    "|---|---|",
    "| 0 | what was asked for is so: the release serves, the deployment was aborted, the question was answered |",
    `| ${EXIT_CODES.failed} | it failed, and was taken back |`,
    `| ${EXIT_CODES.usage} | usage or configuration |`,
    `| ${EXIT_CODES.precondition} | a precondition does not hold: busy, locked, frozen, interrupted before |`,
    `| ${EXIT_CODES.unknown} | it could not be taken back, or the outcome is unknown |`,
    `| ${EXIT_CODES.bug} | a bug |`,
    `| ${EXIT_CODES.interrupted} | interrupted; it can be resumed |`,
    "",
  ].join("\n");
