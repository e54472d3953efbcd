import { count } from "../../domain/count.ts";
import type {
  DatabaseWayBack,
  MigrationFinding,
  RehearsalProof,
  Rehearsal,
  RehearsedMigration,
} from "../../domain/rehearsal.ts";
import { formatDuration } from "./duration.ts";

/** `public.rides` → `rides`; another schema stays. */
export const shortTable = (table: string): string => table.replace(/^public\./, "");

export const ORIGINS: Record<Rehearsal["origin"], string> = {
  recorded: "on the recorded schema",
  live: "on the live schema",
  replayed: "on the earlier migrations' schema",
  empty: "on an empty database",
};

export const PROOFS: Record<RehearsalProof["name"], string> = {
  up: "up",
  down: "down",
  "down-schema": "schema after down",
  "down-data": "data after down",
  "up-again": "up again",
  "earlier-boots": "release before starts",
  "earlier-health": "release before healthy",
  "earlier-smoke": "release before checked",
  "earlier-statements": "its statements",
};

export const WAYS_BACK: Record<DatabaseWayBack, string> = {
  stay: "the schema stays as it is",
  down: "the migrations are taken down",
  restore: "a snapshot is restored, by explicit word only",
};

/** "AccessExclusive lock on rides for 3 ms" */
export const lockTexts = ({ locks }: Pick<RehearsedMigration, "locks">): string[] =>
  locks.map(
    ({ table, mode, heldMs }) =>
      `${mode.replace(/Lock$/, "")} lock on ${shortTable(table)} for ${formatDuration(heldMs)}`,
  );

/** What else it did to whole tables. */
export const workTexts = ({ rewrites, scans }: Pick<RehearsedMigration, "rewrites" | "scans">): string[] => [
  ...(rewrites.length === 0 ? [] : [`rewrites ${rewrites.map(shortTable).join(", ")}`]),
  ...(scans.filter((table) => !rewrites.includes(table)).length === 0
    ? []
    : [
        `reads all of ${scans
          .filter((table) => !rewrites.includes(table))
          .map(shortTable)
          .join(", ")}`,
      ]),
];

/** Those that say the same of several places stand together, the worst first; what is waived last. */
export const groupFindings = (findings: MigrationFinding[]): MigrationFinding[][] => {
  const groups = new Map<string, MigrationFinding[]>();
  for (const finding of findings) {
    const key = [finding.rule, finding.level, finding.waived?.reason ?? ""].join("\n");
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].sort((one, other) => rankOf(one) - rankOf(other));
};

/** What to run, once where several places are mended the same way. */
export const instructionsOf = (group: MigrationFinding[]): string[][] => {
  const blocks = new Map(group.map(({ instructions }) => [instructions.join("\n"), instructions]));
  return [...blocks.values()].filter((lines) => lines.length > 0);
};

const RANK: Record<MigrationFinding["level"], number> = { block: 0, warn: 1, info: 2 };

const rankOf = ([first]: MigrationFinding[]): number =>
  first === undefined ? 9 : first.waived === null ? RANK[first.level] : 5;

/** "0008_add_fare:3" */
export const placeText = ({ migration, line }: MigrationFinding): string =>
  migration === null ? "" : line === null ? migration : `${migration}:${line}`;

/** "2 block, 1 to look at, 3 to know of, 1 waived"; nothing where there is nothing. */
export const findingCounts = (findings: MigrationFinding[]): string[] => {
  const of = (level: MigrationFinding["level"]): number =>
    findings.filter((finding) => finding.waived === null && finding.level === level).length;
  const waived = findings.filter((finding) => finding.waived !== null).length;
  return [
    ...(of("block") === 0 ? [] : [`${of("block")} ${of("block") === 1 ? "blocks" : "block"}`]),
    ...(of("warn") === 0 ? [] : [`${of("warn")} to look at`]),
    ...(of("info") === 0 ? [] : [`${of("info")} to know of`]),
    ...(waived === 0 ? [] : [`${waived} waived`]),
  ];
};

/** The sentence that a person looks for. */
export const verdictText = ({ verdict, findings, migrations, cannot }: Rehearsal): string => {
  switch (verdict) {
    case "pass":
      return `${count(migrations.length, "migration")}: nothing stands in the way`;
    case "warn":
      return `may run: ${findingCounts(findings).join(", ")}`;
    case "block":
      return `does not run: ${findingCounts(findings).join(", ") || "a proof failed"}`;
    case "cannot-rehearse":
      return `nothing was proved: ${cannot?.message ?? "it could not be rehearsed"}`;
  }
};

/** What is worth typing next. */
export const rehearsalCommands = (rehearsal: Rehearsal, environment: string): string[] => {
  const worst = groupFindings(rehearsal.findings)
    .flat()
    .find(({ level, waived }) => level !== "info" && waived === null);
  const explain = worst === undefined ? [] : [`switchback migrate explain ${worst.rule}`];
  switch (rehearsal.verdict) {
    case "pass":
      return [`switchback deploy ${environment}`];
    case "warn":
      return [...explain, `switchback deploy ${environment}`];
    case "block":
      return [...explain, `switchback migrate rehearse ${environment}`];
    case "cannot-rehearse":
      return [`switchback migrate rehearse ${environment}`];
  }
};
