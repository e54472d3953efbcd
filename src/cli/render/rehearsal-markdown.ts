import { count } from "../../domain/count.ts";
import type { MigrationFinding, Rehearsal, RehearsedMigration } from "../../domain/rehearsal.ts";
import { shortReleaseId } from "../../domain/release.ts";
import { formatDuration } from "./duration.ts";
import {
  groupFindings,
  instructionsOf,
  lockTexts,
  ORIGINS,
  placeText,
  PROOFS,
  verdictText,
  WAYS_BACK,
  workTexts,
} from "./rehearsal-words.ts";
import { clean } from "./text-width.ts";

/** Text of others, which must neither break the page nor mention anyone. */
const escaped = (text: string): string =>
  clean(text)
    .replaceAll(/[\\`*_[\]|#]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll("@", "@\u200b");

const code = (text: string): string => `\`${clean(text).replaceAll("`", "'").replaceAll("|", "\\|")}\``;

/** A fence longer than any within. */
const sqlBlock = (lines: string[]): string[] => {
  if (lines.length === 0) return [];
  const longest = Math.max(
    0,
    ...(lines
      .join("\n")
      .match(/`+/g)
      ?.map(({ length }) => length) ?? []),
  );
  const fence = "`".repeat(Math.max(3, longest + 1));
  return [`${fence}sql`, ...lines.map(clean), fence];
};

const VERDICTS: Record<Rehearsal["verdict"], string> = {
  pass: "✅",
  warn: "⚠️",
  block: "❌",
  "cannot-rehearse": "❌",
};
const LEVELS: Record<MigrationFinding["level"], string> = { block: "❌", warn: "⚠️", info: "ℹ️" };
const OUTCOMES = { held: "✅", failed: "❌", "not-tried": "–" } as const;

/** For a comment on a pull request: the verdict, a table of the migrations, what was found, folded away, and the proofs. */
export const rehearsalMarkdown = (rehearsal: Rehearsal): string =>
  [
    `### ${VERDICTS[rehearsal.verdict]} Migrations: ${escaped(verdictText(rehearsal))}`,
    ...(rehearsal.cannot === null ? [] : [escaped(rehearsal.cannot.hint)]),
    ...(rehearsal.migrations.length === 0 ? [] : [migrationTable(rehearsal)]),
    ...withinLimit(groupFindings(rehearsal.findings).map(findingDetails)),
    ...(rehearsal.proofs.length === 0 ? [] : [proofDetails(rehearsal)]),
    ...(rehearsal.verdict === "cannot-rehearse"
      ? []
      : [`**Way back:** ${WAYS_BACK[rehearsal.wayBack]}: ${escaped(rehearsal.because)}`]),
    footer(rehearsal),
  ].join("\n\n");

/** GitHub refuses a comment of more than 65,536 characters. */
const LIMIT = 50_000;

/** The worst come first, so that what does not fit is what matters least. */
const withinLimit = (sections: string[]): string[] => {
  let used = 0;
  const kept = sections.filter((section) => (used += section.length) <= LIMIT);
  const left = sections.length - kept.length;
  return left === 0 ? kept : [...kept, `… and ${count(left, "more rule")}: \`switchback migrate rehearse\``];
};

const migrationTable = ({ migrations, findings }: Rehearsal): string =>
  [
    "| migration | kind | what it locks and works on | found |",
    "|---|---|---|---|",
    ...migrations.map((migration) => row(migration, findings)),
  ].join("\n");

const row = (migration: RehearsedMigration, findings: MigrationFinding[]): string => {
  const own = findings.filter(({ migration: name, waived }) => name === migration.name && waived === null);
  const found = (["block", "warn", "info"] as const).flatMap((level) => {
    const number = own.filter((finding) => finding.level === level).length;
    return number === 0 ? [] : [`${LEVELS[level]} ${number}`];
  });
  const does = [...lockTexts(migration), ...workTexts(migration)].map(escaped).join("<br>");
  const kind =
    migration.because === null ? migration.kind : `${migration.kind}: ${escaped(migration.because)}`;
  return `| ${code(migration.name)} | ${kind} | ${does || "no lock that others feel"} | ${found.join(" ") || "✅"} |`;
};

const findingDetails = (group: MigrationFinding[]): string => {
  const [first] = group;
  if (first === undefined) return "";
  const places = [...new Set(group.map(placeText))].filter((place) => place !== "");
  const mark = first.waived === null ? LEVELS[first.level] : "➖";
  const open = first.waived === null && first.level === "block" ? "<details open>" : "<details>";
  const summary = `${mark} <b>${first.rule}</b> ${places.map((place) => `<code>${html(place)}</code>`).join(" ")}`;
  return [
    `${open}<summary>${summary}</summary>`,
    "",
    ...(first.waived === null ? [] : [`Waived: ${escaped(first.waived.reason)}`, ""]),
    ...group.flatMap(({ statement, what }) => [
      ...(statement === null ? [] : [...sqlBlock(statement.split("\n").slice(0, 12)), ""]),
      escaped(what),
      "",
    ]),
    `**Why:** ${escaped(first.why)}`,
    "",
    `**Instead:** ${escaped(first.instead)}`,
    "",
    ...instructionsOf(group).flatMap((lines) => [...sqlBlock(lines), ""]),
    "</details>",
  ].join("\n");
};

const html = (text: string): string =>
  clean(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("@", "@\u200b");

const proofDetails = ({ proofs }: Rehearsal): string => {
  const held = proofs.filter(({ outcome }) => outcome === "held").length;
  const failed = proofs.filter(({ outcome }) => outcome === "failed").length;
  const sum = `${count(held, "proof")} held${failed === 0 ? "" : `, ${failed} failed`}`;
  return [
    `${failed === 0 ? "<details>" : "<details open>"}<summary>${sum}</summary>`,
    "",
    "| | proof | |",
    "|---|---|---|",
    ...proofs.map(
      ({ name, outcome, detail }) => `| ${OUTCOMES[outcome]} | ${PROOFS[name]} | ${escaped(detail)} |`,
    ),
    "",
    "</details>",
  ].join("\n");
};

const footer = ({ from, to, origin, server, durationMs }: Rehearsal): string => {
  const releases = from === null ? shortReleaseId(to) : `${shortReleaseId(from)} → ${shortReleaseId(to)}`;
  return `<sub>${releases} · rehearsed ${ORIGINS[origin]}, PostgreSQL ${html(server.version)}, in ${formatDuration(durationMs)}</sub>`;
};
