import type { MigrationFinding } from "../../domain/rehearsal.ts";
import { field, hanging } from "./field.ts";
import { cut } from "./fit.ts";
import { widthOf, type Look } from "./look.ts";
import { groupFindings, instructionsOf, placeText } from "./rehearsal-words.ts";
import { sqlLines } from "./sql-lines.ts";
import { SYMBOLS } from "./symbols.ts";
import { clean } from "./text-width.ts";

const MORE = { indent: 4, labelWidth: 9 };
const SQL_INDENT = MORE.indent + MORE.labelWidth;

/** Each rule once, with every place that breaks it; in full where it stops or warns, in a line where it does not. */
export const findingLines = (
  look: Look,
  findings: MigrationFinding[],
  { verbose }: { verbose: boolean },
): string[] =>
  groupFindings(findings).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    if (first.waived !== null) return waivedLines(look, group, first.waived.reason);
    return first.level === "info" && !verbose ? shortLines(look, group) : fullLines(look, group, verbose);
  });

const lead = (look: Look, { level, rule, waived }: MigrationFinding): string => {
  const { colours } = look;
  if (waived !== null) return `${colours.dim(SYMBOLS.notice)} ${rule}`;
  const [paint, symbol] =
    level === "block"
      ? [colours.red, SYMBOLS.failed]
      : level === "warn"
        ? [colours.yellow, SYMBOLS.warning]
        : [colours.dim, SYMBOLS.notice];
  return `${paint(symbol)} ${colours.bold(rule)}`;
};

const places = (group: MigrationFinding[]): string =>
  clean([...new Set(group.map(placeText))].filter((place) => place !== "").join(", "));

const waivedLines = (look: Look, group: MigrationFinding[], reason: string): string[] =>
  group[0] === undefined
    ? []
    : [...hanging(look, lead(look, group[0]), places(group)), ...field(look, "waived", clean(reason), MORE)];

const shortLines = (look: Look, group: MigrationFinding[]): string[] =>
  group[0] === undefined
    ? []
    : [
        ...hanging(look, lead(look, group[0]), places(group)),
        ...[...new Set(group.map(({ what }) => clean(what)))].flatMap((what) =>
          field(look, "", what, { ...MORE, labelWidth: 0 }),
        ),
      ];

const fullLines = (look: Look, group: MigrationFinding[], verbose: boolean): string[] => {
  const [first] = group;
  if (first === undefined) return [];
  const basis = first.estimate?.basis;
  return [
    ...hanging(look, lead(look, first), places(group)),
    ...group.flatMap((finding) => [
      ...statementLines(look, finding),
      ...field(look, "what", clean(finding.what), MORE),
    ]),
    ...field(look, "why", clean(first.why), MORE),
    ...(verbose && basis !== undefined ? field(look, "basis", clean(basis), MORE) : []),
    ...field(look, "instead", clean(first.instead), MORE),
    ...instructionsOf(group).flatMap((lines) => sqlLines(look, lines, SQL_INDENT)),
    "",
  ];
};

const statementLines = (look: Look, { statement }: MigrationFinding): string[] =>
  statement === null
    ? []
    : [look.colours.dim(`${" ".repeat(MORE.indent)}${cut(clean(statement), widthOf(look) - MORE.indent)}`)];
