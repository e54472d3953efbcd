import type { LockMode } from "../relay/types.ts";
import type { NewColumn, NewConstraint, Operation, OperationOf } from "./sql/operation.ts";
import type { Schema } from "./schema.ts";

/** Work that takes the longer the larger a table is. */
export type Work = "scan" | "rewrite" | "volatile-rewrite" | "index" | "foreign-key" | "update";

/** What a statement does to a table: the strongest lock that is held meanwhile, and the work. */
export interface Effect {
  table: string;
  mode: LockMode;
  work: Work | null;
  /** The table whose size counts. */
  of: string;
}

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

export const strongest = (modes: LockMode[]): LockMode | null =>
  modes.reduce<LockMode | null>(
    (best, mode) => (best === null || STRENGTH.indexOf(mode) > STRENGTH.indexOf(best) ? mode : best),
    null,
  );

/** Those who write have to wait for it, or those who read too. */
export const blocks = (mode: LockMode): boolean => STRENGTH.indexOf(mode) >= STRENGTH.indexOf("ShareLock");

const effect = (table: string, mode: LockMode, work: Work | null = null, of = table): Effect => ({
  ...{ table, mode, work, of },
});

const SHARE = "ShareLock";
const QUIET = "ShareUpdateExclusiveLock";
const TRIGGER = "ShareRowExclusiveLock";
const ALL = "AccessExclusiveLock";

type Predictors = {
  [Type in Operation["type"]]?: (operation: OperationOf<Type>, schema: Schema) => Effect[];
};

const altered = ({ table }: { table: string }): Effect[] => [effect(table, ALL)];

const PREDICTORS: Predictors = {
  "add-column": ({ table, column }) => addColumn(table, column),
  "add-constraint": ({ table, constraint }) => addConstraint(table, constraint),
  "change-type": (change, schema) => [
    effect(change.table, ALL, changesInPlace(change, schema) ? null : "rewrite"),
  ],
  "set-not-null": (change, schema) => [effect(change.table, ALL, isProved(change, schema) ? null : "scan")],
  "validate-constraint": ({ table }) => [effect(table, QUIET, "scan")],
  "rewrite-table": ({ table }) => [effect(table, ALL, "rewrite")],
  "detach-partition": ({ table, concurrently }) => [effect(table, concurrently ? QUIET : ALL)],
  "attach-partition": ({ table, partition }) => [effect(table, QUIET), effect(partition, ALL, "scan")],
  "create-index": ({ table, concurrently }) => [effect(table, concurrently ? QUIET : SHARE, "index")],
  "create-trigger": ({ table }) => [effect(table, TRIGGER)],
  write: ({ table, verb }) => (verb === "insert" ? [] : [effect(table, "RowExclusiveLock", "update")]),
  "drop-column": altered,
  "drop-constraint": altered,
  "drop-not-null": altered,
  "set-default": altered,
  "drop-default": altered,
  "alter-table": altered,
  drop: ({ what, names, concurrently }, schema) => {
    if (what === "table") return names.map((name) => effect(name, ALL));
    if (what !== "index") return [];
    const tables = names.flatMap((name) => schema.tableOfIndex(name) ?? []);
    return tables.map((table) => effect(table, concurrently ? QUIET : ALL));
  },
  rename: ({ what, object }) => (what === "table" || what === "column" ? [effect(object, ALL)] : []),
  "set-schema": ({ object }, schema) => (schema.hasTable(object) ? [effect(object, ALL)] : []),
  truncate: ({ tables }) => tables.map((table) => effect(table, ALL)),
  reindex: ({ of, name, concurrently }, schema) => {
    const table = of === "index" ? schema.tableOfIndex(name) : of === "table" ? name : null;
    return table === null ? [] : [effect(table, concurrently ? QUIET : SHARE, "index")];
  },
  lock: ({ table, mode }) => [effect(table, STRENGTH[mode - 1] ?? ALL)],
};

/** What PostgreSQL 15 to 18 do, as it was observed operation by operation. A rehearsal that saw something else is right. */
export const predict = (operation: Operation, schema: Schema): Effect[] => {
  const predictor = PREDICTORS[operation.type] as
    ((operation: Operation, schema: Schema) => Effect[]) | undefined;
  return predictor?.(operation, schema) ?? [];
};

const addColumn = (table: string, column: NewColumn): Effect[] => {
  const rewrites = column.serial || column.identity || column.stored || column.default === "volatile";
  const own = effect(table, ALL, rewrites ? "volatile-rewrite" : null);
  const others = column.constraints.flatMap((constraint) => addConstraint(table, constraint));
  // A foreign key on a column in which every value is null has nothing to compare.
  return [
    own,
    ...others.map((one) => (rewrites || column.default !== "none" ? one : { ...one, work: null })),
  ];
};

const addConstraint = (
  table: string,
  { kind, notValid, references, usingIndex }: NewConstraint,
): Effect[] => {
  switch (kind) {
    case "check":
      return [effect(table, ALL, notValid ? null : "scan")];
    case "foreign-key": {
      const work = notValid ? null : "foreign-key";
      const other = references?.table ?? table;
      return [
        effect(table, TRIGGER, work),
        ...(other === table ? [] : [effect(other, TRIGGER, work, table)]),
      ];
    }
    case "unique":
    case "primary-key":
    case "exclude":
      return [effect(table, ALL, usingIndex === null ? "index" : null)];
  }
};

const VARCHAR = /^(?:varchar|character varying)(?:\((\d+)\))?$/;

/** The values stay as they are on disk. */
const changesInPlace = (
  { table, column, to }: { table: string; column: string; to: string },
  schema: Schema,
): boolean => {
  const was = (schema.column(table, column)?.definition ?? "").toLowerCase();
  const from = /^(?:character varying|[a-z_0-9]+)(?:\(\d+(?:,\d+)?\))?/.exec(was)?.[0] ?? "";
  const [old, next] = [VARCHAR.exec(from), VARCHAR.exec(to)];
  if (old !== null && to === "text") return true;
  if (from === "text") return next !== null && next[1] === undefined;
  if (old === null || next === null) return false;
  return next[1] === undefined || (old[1] !== undefined && Number(next[1]) >= Number(old[1]));
};

/** A validated CHECK says already that there is no null. */
const isProved = ({ table, column }: { table: string; column: string }, schema: Schema): boolean =>
  schema
    .constraints(table)
    .some(
      ({ definition }) =>
        definition.toLowerCase().replaceAll('"', "").includes(`${column} is not null`) &&
        !/not valid/i.test(definition),
    );
