import { posix } from "node:path";
import type { RehearsalProof, RehearsedMigration } from "../../domain/rehearsal.ts";
import type { JudgeInput, MigrationToJudge, Judgement, TriedRule } from "../judge/types.ts";
import type { LockMode, Observation } from "../relay/types.ts";
import { isReversible } from "./migration-files.ts";
import type { ObservedUp } from "./observe-up.ts";
import { differenceWords, lossWords, type DownProof } from "./prove-down.ts";
import type { EarlierProof } from "./prove-earlier.ts";
import type { Target } from "./restore-target.ts";
import { lastWord } from "./tool.ts";
import type { RehearsalRequest } from "./types.ts";

export interface Tried {
  target: Target;
  up: ObservedUp;
  /** Null: the migrations did not run, so there was nothing to try. */
  down: DownProof | null;
  earlier: EarlierProof | null;
}

/** All that was seen and tried, as the judge is told it. Pure. */
export const judgeInput = (request: RehearsalRequest, tried: Tried): JudgeInput => {
  const { target, up } = tried;
  const { limits } = request;
  return {
    migrations: up.names.flatMap((name, index) => migrationsToJudge(request, tried, { name, index })),
    major: request.major,
    statistics: target.statistics,
    timeouts: { lockMs: limits.lockTimeoutMs || null, statementMs: limits.statementTimeoutMs || null },
    bookkeeping: up.bookkeeping,
    thresholds: request.thresholds,
    tried: triedFindings(tried),
    style: request.style,
  };
};

const migrationsToJudge = (
  { folder, to }: RehearsalRequest,
  { target, up }: Tried,
  { name, index }: { name: string; index: number },
): MigrationToJudge[] => {
  const file = up.files.get(name);
  const common = {
    name,
    file: file === undefined ? null : folder === null ? file.path : posix.join(folder, file.path),
    source: file?.source ?? null,
    reversible: isReversible(file, to.migrations?.down != null),
  };
  const ran = up.result.exitCode === 0;
  return [
    {
      ...common,
      direction: "up",
      sql: file?.up ?? null,
      observation: up.observed[name] ?? null,
      // Between two migrations of one run nobody looks at the catalog.
      before: index === 0 ? target.before.catalog : null,
      after: ran && index === up.names.length - 1 ? up.after.catalog : null,
    },
  ];
};

const triedFindings = ({ up, down, earlier }: Tried): NonNullable<JudgeInput["tried"]> => {
  const last = up.names.at(-1) ?? "";
  const tell = (rule: TriedRule, what: string, object: string | null = null) => ({
    ...{ rule, what, object, instructions: [] },
    migration: object === null ? last : (migrationAbout(object, up) ?? last),
  });
  const failed = (name: RehearsalProof["name"]): RehearsalProof | undefined =>
    down?.proofs.find((one) => one.name === name && one.outcome === "failed");
  const found = [];
  if (up.result.exitCode !== 0 && !hasError(up))
    found.push({
      ...tell("migration-command-failed", `It exited with ${up.result.exitCode}: ${lastWord(up.result)}`),
      migration: failedName(up) ?? last,
    });
  for (const loss of down?.losses ?? [])
    found.push(
      tell(
        "down-loses-data",
        `After down, ${lossWords(loss)}.`,
        loss.column === null ? loss.table : `${loss.table}.${loss.column}`,
      ),
    );
  for (const difference of down?.differences ?? [])
    found.push(
      tell(
        "down-schema-differs",
        `After down, ${differenceWords(difference)}.`,
        difference.object.slice(difference.object.indexOf(":") + 1),
      ),
    );
  const downFailed = failed("down");
  if (downFailed !== undefined) found.push(tell("down-failed", `The down failed: ${downFailed.detail}.`));
  const again = failed("up-again");
  if (again !== undefined) found.push(tell("up-again-differs", `Run again after the down: ${again.detail}.`));
  return [...found, ...earlierFindings(earlier, tell)];
};

const earlierFindings = (
  earlier: EarlierProof | null,
  tell: (rule: TriedRule, what: string) => NonNullable<JudgeInput["tried"]>[number],
): NonNullable<JudgeInput["tried"]> => {
  const proofs = earlier?.proofs ?? [];
  const broken = proofs.filter(({ outcome }) => outcome === "failed");
  const untried = proofs.every(({ outcome }) => outcome === "not-tried") ? proofs[0] : undefined;
  const found = broken.map(({ detail }) => tell("earlier-release-breaks", `The release before: ${detail}.`));
  if (untried !== undefined && untried.detail !== "there is no release before")
    found.push(tell("earlier-release-not-tried", `The release before was not tried: ${untried.detail}.`));
  for (const fault of earlier?.newRelease.slice(0, 1) ?? [])
    found.push(tell("new-release-fails", `The new release on its own schema: ${fault}.`));
  return found;
};

const hasError = ({ observed }: ObservedUp): boolean =>
  Object.values(observed).some(({ statements }) => statements.some(({ error }) => error !== null));

/** The first that is not in. */
const failedName = ({ names, applied }: ObservedUp): string | undefined =>
  names.find((name) => !applied.includes(name));

/** The migration that speaks of a table or of what is on it. */
const migrationAbout = (object: string, { names, observed, files }: ObservedUp): string | undefined => {
  const words = object.split(".").slice(1);
  const said = (name: string): string =>
    [...(observed[name]?.statements ?? []).map(({ sql }) => sql), files.get(name)?.source ?? ""].join("\n");
  for (let count = words.length; count > 0; count -= 1)
    for (const name of names)
      if (words.slice(0, count).every((word) => said(name).includes(word))) return name;
  return undefined;
};

const STRENGTH: LockMode[] = [
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
];

/** Each migration in short. Pure. */
export const summarise = ({ up }: Tried, { kinds }: Judgement): RehearsedMigration[] =>
  up.names.map((name) => {
    const observation = up.observed[name] ?? { statements: [], transactions: [] };
    const { statements } = observation;
    const kind = kinds.find(({ migration }) => migration === name);
    return {
      name,
      kind: kind?.kind ?? "expand",
      because: kind?.because ?? null,
      durationMs: statements.reduce((sum, { durationMs }) => sum + durationMs, 0),
      statements: statements.length,
      locks: locksOf(observation),
      rewrites: [...new Set(statements.flatMap(({ rewrites }) => rewrites))],
      scans: [...new Set(statements.flatMap(({ scans }) => scans))],
    };
  });

const locksOf = ({ statements, transactions }: Observation): RehearsedMigration["locks"] => {
  const strongest = new Map<string, LockMode>();
  for (const { table, mode } of statements.flatMap(({ locks }) => locks)) {
    const known = strongest.get(table);
    if (known === undefined || STRENGTH.indexOf(mode) > STRENGTH.indexOf(known)) strongest.set(table, mode);
  }
  return [...strongest].map(([table, mode]) => ({
    ...{ table, mode },
    heldMs: Math.max(0, ...transactions.map(({ held }) => held[table]?.heldMs ?? 0)),
  }));
};
