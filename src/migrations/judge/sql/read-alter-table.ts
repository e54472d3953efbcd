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

const readCommand = (table: string, command: AlterTableCmd): Operation[] => {
  const { subtype, name = "", def, behavior, missing_ok: missingOk } = command;
  const cascade = behavior === "DROP_CASCADE";
  switch (subtype) {
    case "AT_AddColumn":
      return def !== undefined && "ColumnDef" in def
        ? [{ type: "add-column", table, column: readColumn(def.ColumnDef), ifNotExists: missingOk === true }]
        : [];
    case "AT_DropColumn":
      return [{ type: "drop-column", table, column: name, cascade, ifExists: missingOk === true }];
    case "AT_AlterColumnType":
      return def !== undefined && "ColumnDef" in def
        ? [{ type: "change-type", table, column: name, to: typeText(def.ColumnDef.typeName) }]
        : [];
    case "AT_ColumnDefault":
      return [{ type: def === undefined ? "drop-default" : "set-default", table, column: name }];
    case "AT_SetNotNull":
      return [{ type: "set-not-null", table, column: name }];
    case "AT_DropNotNull":
      return [{ type: "drop-not-null", table, column: name }];
    case "AT_AddConstraint":
      return readAddConstraint(table, def);
    case "AT_ValidateConstraint":
      return [{ type: "validate-constraint", table, name }];
    case "AT_DropConstraint":
      return [{ type: "drop-constraint", table, name, cascade }];
    case "AT_DetachPartition":
    case "AT_AttachPartition":
      return readPartition(table, subtype, def);
    default: {
      const how = subtype === undefined ? undefined : REWRITES[subtype];
      return how === undefined
        ? [{ type: "alter-table", table, what: subtype ?? "" }]
        : [{ type: "rewrite-table", table, how }];
    }
  }
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
  subtype: "AT_DetachPartition" | "AT_AttachPartition",
  def: AlterTableCmd["def"],
): Operation[] => {
  if (def === undefined || !("PartitionCmd" in def)) return [];
  const partition = tableName(def.PartitionCmd.name);
  const concurrently = def.PartitionCmd.concurrent === true;
  return subtype === "AT_AttachPartition"
    ? [{ type: "attach-partition", table, partition }]
    : [{ type: "detach-partition", table, partition, concurrently }];
};
