import type { LockMode, ObservedStatement } from "../relay/types.ts";
import { blocks, predict, strongest, type Effect } from "./effects.ts";
import { costOf, DEFAULT_CALIBRATION, DEFAULT_THRESHOLDS, type Cost, type Sizes } from "./estimate.ts";
import { makeSchema, type Schema } from "./schema.ts";
import type { Operation, OperationOf } from "./sql/operation.ts";
import { readStatements, type Statement } from "./statements.ts";
import type { JudgeInput, MigrationToJudge } from "./types.ts";

/** What rules are asked about: one migration, in the release that it belongs to. */
export interface Facts {
  input: JudgeInput;
  migration: MigrationToJudge;
  statements: Statement[];
  unreadable: { message: string; line: number } | null;
  /** Marked in its file as removing what the release before may need. */
  marked: boolean;
  /** Before this migration. */
  schema: Schema;
  /** Made in this release: nobody uses it yet. The migration tools' own tables count as such. */
  isNew(table: string): boolean;
  isNewColumn(table: string, column: string): boolean;
  /** What a statement does to tables that are in use. As it was observed; as predicted where it did not run through. */
  effects(statement: Statement): Effect[];
  cost(effects: Effect[]): Cost;
  sizes: Sizes;
  /** Every operation of a kind on what is in use, with its statement. */
  each<Type extends Operation["type"]>(
    ...types: Type[]
  ): { statement: Statement; operation: OperationOf<Type> }[];
}

/** Tables and columns that the release has made so far. Grows from migration to migration. */
export interface Made {
  tables: Set<string>;
  columns: Set<string>;
}

export interface ReleaseFacts {
  input: JudgeInput;
  /** The schema that the release before uses, and the one after all migrations. */
  release: Schema;
  after: Schema;
  made: Made;
}

export const factsOf = (
  migration: MigrationToJudge,
  { input, release, after, made }: ReleaseFacts,
  marked: boolean,
): Facts => {
  // Between two migrations of one run nobody may have looked: then what the release before uses is the nearest.
  const schema = migration.before === null ? release : makeSchema(migration.before);
  const { list, unreadable } = readStatements(migration);
  const statements = list.map((statement) => resolved(statement, schema));
  for (const statement of statements) note(statement, { made, release });
  const isNew = (table: string): boolean => {
    if (input.bookkeeping.includes(table)) return true;
    if (!release.known) return made.tables.has(table);
    return !release.hasTable(table) && [made.tables, schema, after].some((one) => has(one, table));
  };
  const isNewColumn = (table: string, column: string): boolean =>
    isNew(table) ||
    (release.known
      ? release.column(table, column) === null && made.columns.has(`${table}.${column}`)
      : made.columns.has(`${table}.${column}`));
  const sizes: Sizes = {
    statistics: input.statistics,
    calibration: input.calibration ?? DEFAULT_CALIBRATION,
    thresholds: input.thresholds ?? DEFAULT_THRESHOLDS,
  };
  const held = heldModes(statements);
  const effects = (statement: Statement): Effect[] =>
    effectsOf(statement, schema, held.get(statement) ?? new Map()).filter(
      ({ table, of }) => !isNew(table) && !isNew(of),
    );
  return {
    ...{ input, migration, statements, unreadable, marked, schema, isNew, isNewColumn, effects, sizes },
    cost: (list) => costOf(list, sizes),
    each: <Type extends Operation["type"]>(...types: Type[]) =>
      statements.flatMap((statement) =>
        statement.operations
          .filter((one): one is OperationOf<Type> => (types as string[]).includes(one.type))
          .map((operation) => ({ statement, operation })),
      ),
  };
};

const has = (one: Set<string> | Schema, table: string): boolean =>
  one instanceof Set ? one.has(table) : one.hasTable(table);

const note = (
  { operations, observed }: Statement,
  { made: { tables, columns }, release }: Pick<ReleaseFacts, "made" | "release">,
): void => {
  if (observed?.error != null) return;
  for (const operation of operations) {
    // IF NOT EXISTS makes none where there is one; whether there was, only a catalog tells.
    if (operation.type === "create-table" && (!operation.ifNotExists || release.known))
      tables.add(operation.table);
    if (operation.type === "add-column") columns.add(`${operation.table}.${operation.column.name}`);
    if (operation.type === "rename" && operation.what === "column")
      columns.add(`${operation.object}.${operation.to}`);
    if (operation.type === "rename" && operation.what === "table" && tables.has(operation.object))
      tables.add(`${operation.object.split(".")[0]}.${operation.to}`);
  }
};

/** Names without a schema point at the only table of that name, as search_path would have it. */
const resolved = (statement: Statement, schema: Schema): Statement => {
  if (!schema.known) return statement;
  const name = (table: string): string =>
    schema.hasTable(table) || !table.startsWith("public.")
      ? table
      : (schema.find(table.slice("public.".length)) ?? table);
  return {
    ...statement,
    operations: statement.operations.map((operation) =>
      "table" in operation && operation.type !== "create-table"
        ? { ...operation, table: name(operation.table) }
        : operation,
    ),
  };
};

/** By statement: the strongest mode on each table that its transaction holds, this statement included. */
const heldModes = (statements: Statement[]): Map<Statement, Map<string, LockMode>> => {
  const held = new Map<string, Map<string, LockMode>>();
  const result = new Map<Statement, Map<string, LockMode>>();
  for (const statement of statements) {
    const modes = held.get(statement.transaction) ?? new Map<string, LockMode>();
    for (const { table, mode } of statement.observed?.locks ?? [])
      modes.set(
        table,
        strongest([mode, ...(modes.has(table) ? [modes.get(table) as LockMode] : [])]) ?? mode,
      );
    held.set(statement.transaction, modes);
    result.set(statement, new Map(modes));
  }
  return result;
};

const effectsOf = (statement: Statement, schema: Schema, held: Map<string, LockMode>): Effect[] => {
  const predicted = statement.operations.flatMap((operation) => predict(operation, schema));
  const { observed } = statement;
  if (observed === null || observed.error !== null) return predicted;
  const indexTables = new Map(
    observed.locks.flatMap(({ index, table }) => (index === null ? [] : [[index, table]])),
  );
  const rewritten = new Set(observed.rewrites.map((name) => indexTables.get(name) ?? name));
  const tables = new Set([...observed.locks.map(({ table }) => table), ...rewritten, ...observed.scans]);
  return [...tables].flatMap((table): Effect[] => {
    const guess = predicted.find((one) => one.table === table);
    const mode = held.get(table) ?? guess?.mode ?? "AccessShareLock";
    const work = workSeen(table, observed, { rewritten, guess });
    return work === null && !blocks(mode) ? [] : [{ table, mode, work, of: guess?.of ?? table }];
  });
};

const workSeen = (
  table: string,
  observed: ObservedStatement,
  { rewritten, guess }: { rewritten: Set<string>; guess: Effect | undefined },
): Effect["work"] => {
  const guessed = guess?.work ?? null;
  if (observed.writes[table]?.updated || observed.writes[table]?.deleted) return "update";
  if (rewritten.has(table))
    return guessed === "volatile-rewrite" || guessed === "index" ? guessed : "rewrite";
  if (!observed.scans.includes(table)) return null;
  return guessed === "index" || guessed === "foreign-key" ? guessed : "scan";
};
