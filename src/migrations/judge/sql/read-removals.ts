import type { DropStmt, Node, ObjectType, RenameStmt } from "libpg-query";
import { qualified, tableName, wordsOf } from "./names.ts";
import type { Dropped, Operation, Renamed } from "./operation.ts";

const DROPPED: Partial<Record<ObjectType, Dropped>> = {
  OBJECT_TABLE: "table",
  OBJECT_FOREIGN_TABLE: "table",
  OBJECT_VIEW: "view",
  OBJECT_MATVIEW: "view",
  OBJECT_INDEX: "index",
  OBJECT_SCHEMA: "schema",
  OBJECT_TYPE: "type",
  OBJECT_DOMAIN: "type",
  OBJECT_SEQUENCE: "sequence",
  OBJECT_FUNCTION: "function",
  OBJECT_PROCEDURE: "function",
  OBJECT_ROUTINE: "function",
};

/** What takes something away, empties it, or writes it anew. Null: it is none of these. */
export const readDrop = (node: Node): Operation[] | null => {
  if ("DropStmt" in node) return [readDropStatement(node.DropStmt)];
  if ("DropdbStmt" in node) {
    const { dbname = "", missing_ok: ifExists } = node.DropdbStmt;
    return [
      {
        type: "drop",
        what: "database",
        names: [dbname],
        cascade: false,
        ifExists: ifExists === true,
        concurrently: false,
      },
    ];
  }
  if ("TruncateStmt" in node) {
    const { relations = [], behavior } = node.TruncateStmt;
    const tables = relations.flatMap((one) => ("RangeVar" in one ? [tableName(one.RangeVar)] : []));
    return [{ type: "truncate", tables, cascade: behavior === "DROP_CASCADE" }];
  }
  return readRebuild(node);
};

const readDropStatement = ({
  objects = [],
  removeType,
  behavior,
  missing_ok,
  concurrent,
}: DropStmt): Operation => {
  const what = (removeType === undefined ? undefined : DROPPED[removeType]) ?? "other";
  const name = what === "schema" ? (words: string[]) => words.join(".") : qualified;
  return {
    type: "drop",
    what,
    names: objects.map((one) => name(wordsOf(one))),
    cascade: behavior === "DROP_CASCADE",
    ifExists: missing_ok === true,
    concurrently: concurrent === true,
  };
};

const readRebuild = (node: Node): Operation[] | null => {
  if ("VacuumStmt" in node) {
    const { options = [], rels = [] } = node.VacuumStmt;
    if (!options.some((one) => "DefElem" in one && one.DefElem.defname === "full"))
      return [{ type: "vacuum" }];
    return rels.flatMap((one) =>
      "VacuumRelation" in one
        ? [
            {
              type: "rewrite-table",
              table: tableName(one.VacuumRelation.relation),
              how: "VACUUM FULL",
            } as const,
          ]
        : [],
    );
  }
  if ("ClusterStmt" in node)
    return [{ type: "rewrite-table", table: tableName(node.ClusterStmt.relation), how: "CLUSTER" }];
  if ("ReindexStmt" in node) {
    const { kind, relation, name, params = [] } = node.ReindexStmt;
    const of =
      kind === "REINDEX_OBJECT_INDEX" ? "index" : kind === "REINDEX_OBJECT_TABLE" ? "table" : "schema";
    const concurrently = params.some((one) => "DefElem" in one && one.DefElem.defname === "concurrently");
    return [
      {
        type: "reindex",
        of,
        name: relation === undefined ? (name ?? "") : tableName(relation),
        concurrently,
      },
    ];
  }
  return null;
};

const RENAMED: Partial<Record<ObjectType, Renamed>> = {
  OBJECT_TABLE: "table",
  OBJECT_FOREIGN_TABLE: "table",
  OBJECT_COLUMN: "column",
  OBJECT_SCHEMA: "schema",
  OBJECT_VIEW: "view",
  OBJECT_MATVIEW: "view",
  OBJECT_TYPE: "type",
};

/** What gives something another name or place. */
export const readRename = (node: Node): Operation[] | null => {
  if ("RenameStmt" in node) return [readRenameStatement(node.RenameStmt)];
  if (!("AlterObjectSchemaStmt" in node)) return null;
  const { relation, object, newschema = "" } = node.AlterObjectSchemaStmt;
  const name = relation === undefined ? qualified(wordsOf(object)) : tableName(relation);
  return [{ type: "set-schema", object: name, to: newschema }];
};

const readRenameStatement = ({
  renameType,
  relation,
  object,
  subname,
  newname = "",
}: RenameStmt): Operation => {
  const what = (renameType === undefined ? undefined : RENAMED[renameType]) ?? "other";
  if (what === "schema") return { type: "rename", what, object: subname ?? "", part: null, to: newname };
  const name = relation === undefined ? qualified(wordsOf(object)) : tableName(relation);
  return {
    type: "rename",
    what,
    object: name,
    part: what === "column" ? (subname ?? "") : null,
    to: newname,
  };
};
