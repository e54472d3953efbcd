import type { AlterTableCmd, AlterTableStmt } from "libpg-query";
import { tableName, typeText } from "./names.ts";
import type { Operation } from "./operation.ts";
import { readColumn, readConstraint } from "./read-columns.ts";

export const readAlterTable = ({ relation, cmds, objtype }: AlterTableStmt): Operation[] => {
  const table = tableName(relation);
  if (objtype !== undefined && objtype !== "OBJECT_TABLE")
    return objtype === "OBJECT_INDEX" ? readAlterIndex(table, cmds) : [{ type: "other", node: objtype }];
  return (cmds ?? []).flatMap((node) =>
    "AlterTableCmd" in node ? readCommand(table, node.AlterTableCmd) : [],
  );
};

/** Attaching the index of a partition takes no lock that anyone feels. */
const readAlterIndex = (table: string, cmds: AlterTableStmt["cmds"]): Operation[] =>
  (cmds ?? []).map(() => ({ type: "other", node: `index ${table}` }));

const REWRITES: Partial<Record<NonNullable<AlterTableCmd["subtype"]>, string>> = {
  AT_SetLogged: "SET LOGGED",
  AT_SetUnLogged: "SET UNLOGGED",
  AT_SetAccessMethod: "SET ACCESS METHOD",
  AT_SetTableSpace: "SET TABLESPACE",
};

type Subtype = NonNullable<AlterTableCmd["subtype"]>;
type Reader = (table: string, command: AlterTableCmd) => Operation[];

const named = ({ name = "" }: AlterTableCmd): string => name;
const cascades = ({ behavior }: AlterTableCmd): boolean => behavior === "DROP_CASCADE";

const READERS: Partial<Record<Subtype, Reader>> = {
  AT_AddColumn: (table, { def, missing_ok: missingOk }) =>
    def !== undefined && "ColumnDef" in def
      ? [{ type: "add-column", table, column: readColumn(def.ColumnDef), ifNotExists: missingOk === true }]
      : [],
  AT_DropColumn: (table, command) => [
    {
      ...{ type: "drop-column", table, column: named(command) },
      ...{ cascade: cascades(command), ifExists: command.missing_ok === true },
    },
  ],
  AT_AlterColumnType: (table, { name = "", def }) =>
    def !== undefined && "ColumnDef" in def
      ? [{ type: "change-type", table, column: name, to: typeText(def.ColumnDef.typeName) }]
      : [],
  AT_ColumnDefault: (table, { name = "", def }) => [
    { type: def === undefined ? "drop-default" : "set-default", table, column: name },
  ],
  AT_SetNotNull: (table, { name = "" }) => [{ type: "set-not-null", table, column: name }],
  AT_DropNotNull: (table, { name = "" }) => [{ type: "drop-not-null", table, column: name }],
  AT_AddConstraint: (table, { def }) => readAddConstraint(table, def),
  AT_ValidateConstraint: (table, { name = "" }) => [{ type: "validate-constraint", table, name }],
  AT_DropConstraint: (table, command) => [
    { type: "drop-constraint", table, name: named(command), cascade: cascades(command) },
  ],
  AT_DetachPartition: (table, { def }) => readPartition(table, "detach-partition", def),
  AT_AttachPartition: (table, { def }) => readPartition(table, "attach-partition", def),
};

const readCommand = (table: string, command: AlterTableCmd): Operation[] => {
  const { subtype } = command;
  const how = subtype === undefined ? undefined : REWRITES[subtype];
  if (how !== undefined) return [{ type: "rewrite-table", table, how }];
  const reader = subtype === undefined ? undefined : READERS[subtype];
  return reader?.(table, command) ?? [{ type: "alter-table", table, what: subtype ?? "" }];
};

const readAddConstraint = (table: string, def: AlterTableCmd["def"]): Operation[] => {
  if (def === undefined || !("Constraint" in def)) return [];
  const { Constraint: written } = def;
  // PostgreSQL 18 names NOT NULL constraints, and adds them like any other.
  if (written.contype === "CONSTR_NOTNULL" && written.skip_validation !== true)
    return (written.keys ?? []).flatMap((key) =>
      "String" in key ? [{ type: "set-not-null", table, column: key.String.sval ?? "" } as const] : [],
    );
  const constraint = readConstraint(written);
  return constraint === null
    ? [{ type: "alter-table", table, what: "AT_AddConstraint" }]
    : [{ type: "add-constraint", table, constraint }];
};

const readPartition = (
  table: string,
  type: "detach-partition" | "attach-partition",
  def: AlterTableCmd["def"],
): Operation[] => {
  if (def === undefined || !("PartitionCmd" in def)) return [];
  const partition = tableName(def.PartitionCmd.name);
  const concurrently = def.PartitionCmd.concurrent === true;
  return type === "attach-partition"
    ? [{ type, table, partition }]
    : [{ type, table, partition, concurrently }];
};
