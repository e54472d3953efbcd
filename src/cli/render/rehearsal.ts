import { count } from "../../domain/count.ts";
import type { Rehearsal, RehearsalProof, RehearsedMigration } from "../../domain/rehearsal.ts";
import { shortReleaseId } from "../../domain/release.ts";
import { formatDuration } from "./duration.ts";
import { field, hanging } from "./field.ts";
import { padEnd, wrap } from "./fit.ts";
import { widthOf, type Look } from "./look.ts";
import { nextLines } from "./next-commands.ts";
import { findingLines } from "./rehearsal-findings.ts";
import {
  lockTexts,
  ORIGINS,
  PROOFS,
  rehearsalCommands,
  verdictText,
  WAYS_BACK,
  workTexts,
} from "./rehearsal-words.ts";
import { SYMBOLS } from "./symbols.ts";
import { clean } from "./text-width.ts";

export interface RehearsalShown {
  environment: string;
  exitCode: number;
  /** Also what is only worth knowing in full, and every proof. */
  verbose?: boolean;
}

const LABEL = { indent: 0, labelWidth: 11 };

/** What runs and which locks it takes, what is wrong and how to write it, what was proved, the way back, what to type next. */
export const renderRehearsal = (
  look: Look,
  rehearsal: Rehearsal,
  { environment, exitCode, verbose = false }: RehearsalShown,
): string[] => [
  ...headLines(look, rehearsal),
  ...rehearsal.migrations.flatMap((migration) => migrationLines(look, migration)),
  ...apart(findingLines(look, rehearsal.findings, { verbose })),
  ...apart(proofLines(look, rehearsal.proofs, verbose)),
  ...apart(wayBackLines(look, rehearsal)),
  ...verdictLines(look, rehearsal),
  "",
  ...nextLines(look, rehearsalCommands(rehearsal, environment), exitCode),
];

/** One migration of a rehearsal, with all that is known of it; empty: there is none of that name. */
export const renderRehearsedMigration = (look: Look, rehearsal: Rehearsal, name: string): string[] => {
  const migration = rehearsal.migrations.find((one) => one.name === name);
  const findings = rehearsal.findings.filter((finding) => finding.migration === name);
  if (migration === undefined && findings.length === 0) return [];
  return [
    ...(migration === undefined ? [look.colours.bold(clean(name))] : migrationLines(look, migration)),
    ...apart(findingLines(look, findings, { verbose: true })),
    ...(findings.length === 0 ? ["", "nothing is wrong with it"] : []),
  ];
};

/** An empty line before them, and none behind. */
const apart = (lines: string[]): string[] => {
  const trimmed = lines.at(-1) === "" ? lines.slice(0, -1) : lines;
  return trimmed.length === 0 ? [] : ["", ...trimmed];
};

const headLines = (look: Look, { from, to, origin, server, durationMs }: Rehearsal): string[] => {
  const releases =
    from === null ? shortReleaseId(to) : `${shortReleaseId(from)} ${SYMBOLS.arrow} ${shortReleaseId(to)}`;
  return field(
    look,
    "Rehearsal",
    [releases, `PostgreSQL ${clean(server.version)} ${ORIGINS[origin]}`, formatDuration(durationMs)],
    LABEL,
  );
};

const migrationLines = (look: Look, migration: RehearsedMigration): string[] => {
  const { name, kind, because, durationMs, statements } = migration;
  const locks = lockTexts(migration);
  const works = workTexts(migration);
  const facts = [count(statements, "statement"), formatDuration(durationMs)];
  const indent = { indent: 4, labelWidth: 9 };
  return [
    ...hanging(
      look,
      `  ${look.colours.bold(clean(name))}`,
      [kind === "contract" ? look.colours.yellow(kind) : kind, ...facts].join(` ${SYMBOLS.bullet} `),
    ),
    ...(because === null ? [] : field(look, "because", clean(because), indent)),
    ...field(look, "locks", locks.length === 0 ? ["none that others feel"] : locks.map(clean), indent),
    ...(works.length === 0 ? [] : field(look, "work", works.map(clean), indent)),
  ];
};

const PROOF: Record<RehearsalProof["outcome"], string> = {
  held: SYMBOLS.done,
  failed: SYMBOLS.failed,
  "not-tried": SYMBOLS.nothing,
};

const PROOF_WIDTH = Math.max(...Object.values(PROOFS).map(({ length }) => length));

const proofLines = (look: Look, proofs: RehearsalProof[], verbose: boolean): string[] => {
  const { colours } = look;
  const paint = { held: colours.green, failed: colours.red, "not-tried": colours.dim };
  return proofs.flatMap(({ name, outcome, detail }) => {
    const said = clean(detail);
    const text = outcome === "held" && !verbose && said.length > widthOf(look) / 2 ? "" : said;
    return hanging(look, `${paint[outcome](PROOF[outcome])} ${padEnd(PROOFS[name], PROOF_WIDTH)}`, text).map(
      (line) => line.trimEnd(),
    );
  });
};

const wayBackLines = (look: Look, { wayBack, because, verdict }: Rehearsal): string[] =>
  verdict === "cannot-rehearse"
    ? []
    : field(look, "Way back", `${WAYS_BACK[wayBack]}: ${clean(because)}`, LABEL);

const verdictLines = (look: Look, rehearsal: Rehearsal): string[] => {
  const { colours } = look;
  const [paint, symbol] =
    rehearsal.verdict === "pass"
      ? [colours.green, SYMBOLS.done]
      : rehearsal.verdict === "warn"
        ? [colours.yellow, SYMBOLS.warning]
        : [colours.red, SYMBOLS.failed];
  const hint = rehearsal.cannot?.hint;
  return [
    "",
    ...wrap(clean(verdictText(rehearsal)), widthOf(look) - 2).map(
      (line, index) => `${index === 0 ? paint(symbol) : " "} ${line}`,
    ),
    ...(hint === undefined ? [] : field(look, "instead", clean(hint), { indent: 4, labelWidth: 9 })),
  ];
};
