import type { LockMode } from "../relay/types.ts";
import type { NewColumn, NewConstraint, Operation } from "./sql/operation.ts";
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

/** What PostgreSQL 15 to 18 do, as it was observed operation by operation. A rehearsal that saw something else is right. */
export const predict = (operation: Operation, schema: Schema): Effect[] => {
  switch (operation.type) {
    case "add-column":
      return addColumn(operation.table, operation.column);
    case "add-constraint":
      return addConstraint(operation.table, operation.constraint);
    case "change-type":
      return [effect(operation.table, ALL, changesInPlace(operation, schema) ? null : "rewrite")];
    case "set-not-null":
      return [effect(operation.table, ALL, isProved(operation, schema) ? null : "scan")];
    case "validate-constraint":
      return [effect(operation.table, QUIET, "scan")];
    case "rewrite-table":
      return [effect(operation.table, ALL, "rewrite")];
    case "detach-partition":
      return [effect(operation.table, operation.concurrently ? QUIET : ALL)];
    case "attach-partition":
      return [effect(operation.table, QUIET), effect(operation.partition, ALL, "scan")];
    case "create-index":
      return [effect(operation.table, operation.concurrently ? QUIET : SHARE, "index")];
    case "create-trigger":
      return [effect(operation.table, TRIGGER)];
    case "write":
      return operation.verb === "insert" ? [] : [effect(operation.table, "RowExclusiveLock", "update")];
    case "drop-column":
    case "drop-constraint":
    case "drop-not-null":
    case "set-default":
    case "drop-default":
    case "alter-table":
      return [effect(operation.table, ALL)];
    default:
      return predictOther(operation, schema);
  }
};

const predictOther = (operation: Operation, schema: Schema): Effect[] => {
  switch (operation.type) {
    case "drop": {
      if (operation.what === "table") return operation.names.map((name) => effect(name, ALL));
      if (operation.what !== "index") return [];
      const tables = operation.names.flatMap((name) => schema.tableOfIndex(name) ?? []);
      return tables.map((table) => effect(table, operation.concurrently ? QUIET : ALL));
    }
    case "rename":
      return operation.what === "table" || operation.what === "column" ? [effect(operation.object, ALL)] : [];
    case "set-schema":
      return schema.hasTable(operation.object) ? [effect(operation.object, ALL)] : [];
    case "truncate":
      return operation.tables.map((table) => effect(table, ALL));
    case "reindex": {
      const table = operation.of === "index" ? schema.tableOfIndex(operation.name) : operation.name;
      if (table === null || operation.of === "schema") return [];
      return [effect(table, operation.concurrently ? QUIET : SHARE, "index")];
    }
    case "lock":
      return [effect(operation.table, STRENGTH[Number(operation.mode) - 1] ?? ALL)];
    default:
      return [];
  }
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
