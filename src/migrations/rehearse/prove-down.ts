import { digestOf } from "../../domain/digest.ts";
import type { RehearsalProof } from "../../domain/rehearsal.ts";
import type { CatalogDifference, DataFingerprint, DataLoss } from "../catalog/types.ts";
import { MIGRATED, type ObservedUp } from "./observe-up.ts";
import type { Target } from "./restore-target.ts";
import { compareRows, compareSchemas, takeSnapshot, type Snapshot } from "./snapshot.ts";
import type { Stage } from "./stage.ts";
import { lastWord } from "./tool.ts";

const BACK = "back";
const SHOWN = 3;

export interface DownProof {
  proofs: RehearsalProof[];
  losses: DataLoss[];
  differences: CatalogDifference[];
}

const proof = (
  name: RehearsalProof["name"],
  outcome: RehearsalProof["outcome"],
  detail: string,
): RehearsalProof => ({ name, outcome, detail });

const notTried = (names: RehearsalProof["name"][], why: string): RehearsalProof[] =>
  names.map((name) => proof(name, "not-tried", why));

/** Back to the earlier set and up again, on a copy: each time compared object for object, and value by value. */
export const proveDown = async (stage: Stage, target: Target, up: ObservedUp): Promise<DownProof> => {
  const { databases, tool } = stage;
  const nothing = { losses: [], differences: [] };
  if (tool.down === null)
    return {
      ...nothing,
      proofs: notTried(["down", "down-schema", "down-data", "up-again"], "the release has no command for it"),
    };
  await databases.copy(MIGRATED, BACK);
  const url = databases.url(BACK);
  const result = await tool.down(url, up.applied, target.applied);
  const back = await databases.with(BACK, (client) => takeSnapshot(client, stage.names));
  const left = sameLedgers(target.before, back) ? [] : await tool.status(url);
  const surplus = left.filter((name) => !target.applied.includes(name));
  if (result.exitCode !== 0 || surplus.length > 0) {
    const why = result.exitCode === 0 ? `${surplus.join(", ")} is still applied` : lastWord(result);
    return {
      ...nothing,
      proofs: [
        proof("down", "failed", why),
        ...notTried(["down-schema", "down-data", "up-again"], "the way back did not run"),
      ],
    };
  }
  const differences = compareSchemas(target.before, back);
  const losses = compareRows(target.before, back);
  return {
    losses,
    differences,
    proofs: [
      proof("down", "held", `${up.names.toReversed().join(", ")} taken back`),
      differences.length === 0
        ? proof("down-schema", "held", `${Object.keys(target.before.catalog).length} objects as before`)
        : proof("down-schema", "failed", some(differences.map(differenceWords))),
      losses.length === 0
        ? proof("down-data", "held", "every value of every column as before")
        : proof("down-data", "failed", some(losses.map(lossWords))),
      await proveUpAgain(stage, up, { url, before: target.before }),
    ],
  };
};

/** The tool's own rows are as before, value by value: nothing more is applied, and the tool need not be asked. */
const sameLedgers = (before: Snapshot, back: Snapshot): boolean => {
  const ledgers = before.bookkeeping.filter(({ role }) => role === "ledger");
  return (
    ledgers.length > 0 &&
    ledgers.every(({ table }) => digestOf(before.data[table]) === digestOf(back.data[table]))
  );
};

const proveUpAgain = async (
  { databases, tool, names }: Stage,
  up: ObservedUp,
  { url, before }: { url: string; before: Snapshot },
): Promise<RehearsalProof> => {
  const again = await tool.up(url, up.names);
  if (again.exitCode !== 0) return proof("up-again", "failed", lastWord(again));
  const after = await databases.with(BACK, (client) => takeSnapshot(client, names));
  const differences = compareSchemas(up.after, after);
  if (differences.length > 0) return proof("up-again", "failed", some(differences.map(differenceWords)));
  // What a migration fills in by itself (`now()`, `random()`) may differ from run to run; what it left alone may not.
  const untouched = { ...up.after, data: sameIn(before.data, up.after.data) };
  const losses = compareRows(untouched, after);
  return losses.length === 0
    ? proof("up-again", "held", "the same schema as the first time")
    : proof("up-again", "failed", some(losses.map(lossWords)));
};

/** The columns whose values the migrations did not change. */
const sameIn = (before: DataFingerprint, after: DataFingerprint): DataFingerprint =>
  Object.fromEntries(
    Object.entries(before).flatMap(([table, was]) => {
      const is = after[table];
      if (is === undefined || is.rows !== was.rows) return [];
      const columns = Object.entries(was.columns).filter(([name, print]) => is.columns[name] === print);
      return [[table, { rows: was.rows, columns: Object.fromEntries(columns) }]];
    }),
  );

export const lossWords = ({ table, column, what }: DataLoss): string => {
  const name = column === null ? table : `${table}.${column}`;
  switch (what) {
    case "table-gone":
      return `${name} is gone with all its rows`;
    case "column-gone":
      return `${name} is gone with all its values`;
    case "rows-changed":
      return `${name} does not have the same rows any more`;
    case "values-changed":
      return `the values of ${name} are not those from before`;
  }
};

export const differenceWords = ({ object, was, is }: CatalogDifference): string => {
  const name = object.replace(":", " ");
  if (is === null) return `${name} is missing`;
  return was === null ? `${name} is left over` : `${name} was ${was}, is ${is}`;
};

const some = (words: string[]): string =>
  words.length <= SHOWN
    ? words.join("; ")
    : `${words.slice(0, SHOWN).join("; ")}; and ${words.length - SHOWN} more`;
