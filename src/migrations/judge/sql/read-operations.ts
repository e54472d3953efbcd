import type { CreateStmt, IndexStmt, Node, TransactionStmt, VariableSetStmt } from "libpg-query";
import { qualified, tableName, wordsOf } from "./names.ts";
import type { Operation, OperationOf } from "./operation.ts";
import { readAlterTable } from "./read-alter-table.ts";
import { readColumn, readConstraint } from "./read-columns.ts";
import { readDrop, readRename } from "./read-removals.ts";

/** What a statement does. What nothing is asked of comes as "other"; nothing is left out. */
export const readOperations = (node: Node): Operation[] =>
  readSchemaStatement(node) ??
  readDataStatement(node) ?? [{ type: "other", node: Object.keys(node)[0] ?? "" }];

const readSchemaStatement = (node: Node): Operation[] | null => {
  if ("AlterTableStmt" in node) return readAlterTable(node.AlterTableStmt);
  if ("IndexStmt" in node) return [readIndex(node.IndexStmt)];
  if ("CreateStmt" in node) return readCreateTable(node.CreateStmt);
  if ("CreateTableAsStmt" in node && node.CreateTableAsStmt.objtype === "OBJECT_TABLE")
    return [
      ...[{ type: "create-table", table: tableName(node.CreateTableAsStmt.into?.rel) } as const].map(
        (made) => ({
          ...made,
          ...{ columns: [], constraints: [], ifNotExists: node.CreateTableAsStmt.if_not_exists === true },
        }),
      ),
    ];
  if ("CreateTrigStmt" in node)
    return [{ type: "create-trigger", table: tableName(node.CreateTrigStmt.relation) }];
  if ("CreateEnumStmt" in node) return [{ type: "create-enum", name: nameIn(node.CreateEnumStmt.typeName) }];
  if ("CreateDomainStmt" in node) {
    const { domainname, constraints = [] } = node.CreateDomainStmt;
    const constrained = constraints.some(
      (one) => "Constraint" in one && one.Constraint.contype !== "CONSTR_DEFAULT",
    );
    return [{ type: "create-domain", name: nameIn(domainname), constrained }];
  }
  if ("AlterDomainStmt" in node) {
    const { subtype, typeName, def } = node.AlterDomainStmt;
    const notValid = def !== undefined && "Constraint" in def && def.Constraint.skip_validation === true;
    return subtype === "C" || subtype === "O"
      ? [{ type: "add-domain-constraint", name: nameIn(typeName), notValid }]
      : [{ type: "other", node: "AlterDomainStmt" }];
  }
  if ("AlterEnumStmt" in node) {
    const { typeName, oldVal, newVal = "", newValNeighbor } = node.AlterEnumStmt;
    const name = nameIn(typeName);
    return oldVal === undefined
      ? [{ type: "add-enum-value", name, value: newVal, placed: newValNeighbor !== undefined }]
      : [{ type: "rename", what: "enum-value", object: name, part: oldVal, to: newVal }];
  }
  return readDrop(node) ?? readRename(node);
};

const nameIn = (words: Node[] | undefined): string => qualified((words ?? []).flatMap(wordsOf));

const readIndex = (index: IndexStmt): OperationOf<"create-index"> => {
  const elements = (index.indexParams ?? []).flatMap((one) => ("IndexElem" in one ? [one.IndexElem] : []));
  const columns = elements.flatMap(({ name }) => name ?? []);
  return {
    type: "create-index",
    table: tableName(index.relation),
    name: index.idxname ?? null,
    columns: columns.length === elements.length ? columns : [],
    unique: index.unique === true,
    concurrently: index.concurrent === true,
    ifNotExists: index.if_not_exists === true,
  };
};

const readCreateTable = ({ relation, tableElts = [], if_not_exists: exists }: CreateStmt): Operation[] => {
  const columns = tableElts.flatMap((one) => ("ColumnDef" in one ? [readColumn(one.ColumnDef)] : []));
  const constraints = tableElts.flatMap((one) =>
    "Constraint" in one ? (readConstraint(one.Constraint) ?? []) : [],
  );
  return [
    { type: "create-table", table: tableName(relation), columns, constraints, ifNotExists: exists === true },
  ];
};

const readDataStatement = (node: Node): Operation[] | null => {
  if ("UpdateStmt" in node) {
    const { relation, whereClause, fromClause } = node.UpdateStmt;
    return [written("update", tableName(relation), whereClause, fromClause !== undefined)];
  }
  if ("DeleteStmt" in node)
    return [written("delete", tableName(node.DeleteStmt.relation), node.DeleteStmt.whereClause, false)];
  if ("InsertStmt" in node) {
    const { relation, selectStmt } = node.InsertStmt;
    const select = selectStmt !== undefined && "SelectStmt" in selectStmt ? selectStmt.SelectStmt : undefined;
    return [written("insert", tableName(relation), undefined, select?.fromClause !== undefined)];
  }
  if ("TransactionStmt" in node) return [readTransaction(node.TransactionStmt)];
  if ("VariableSetStmt" in node) return [readSet(node.VariableSetStmt)];
  if ("SelectStmt" in node) return readSetConfig(node);
  if ("DoStmt" in node || "CallStmt" in node) return [{ type: "code" }];
  if ("LockStmt" in node)
    return (node.LockStmt.relations ?? []).flatMap((one) =>
      "RangeVar" in one
        ? [{ type: "lock", table: tableName(one.RangeVar), mode: node.LockStmt.mode ?? 8 }]
        : [],
    );
  return null;
};

const written = (
  verb: OperationOf<"write">["verb"],
  table: string,
  where: Node | undefined,
  fromQuery: boolean,
): Operation => ({ type: "write", verb, table, where: where !== undefined, fromQuery });

const TRANSACTION: Partial<Record<NonNullable<TransactionStmt["kind"]>, OperationOf<"transaction">["what"]>> =
  {
    TRANS_STMT_BEGIN: "begin",
    TRANS_STMT_START: "begin",
    TRANS_STMT_COMMIT: "commit",
    TRANS_STMT_ROLLBACK: "rollback",
    TRANS_STMT_SAVEPOINT: "savepoint",
  };

const readTransaction = ({ kind }: TransactionStmt): Operation => ({
  type: "transaction",
  what: (kind === undefined ? undefined : TRANSACTION[kind]) ?? "other",
});

const readSet = ({ kind, name = "", args = [] }: VariableSetStmt): Operation => ({
  type: "set",
  name: name.toLowerCase(),
  value: kind === "VAR_SET_VALUE" ? constantText(args[0]) : null,
});

/** `select set_config('lock_timeout', …)` sets it too. */
const readSetConfig = (node: Extract<Node, { SelectStmt: unknown }>): Operation[] | null => {
  const [target] = node.SelectStmt.targetList ?? [];
  const value = target !== undefined && "ResTarget" in target ? target.ResTarget.val : undefined;
  if (value === undefined || !("FuncCall" in value)) return null;
  const { funcname = [], args = [] } = value.FuncCall;
  if (funcname.flatMap(wordsOf).at(-1) !== "set_config") return null;
  return [{ type: "set", name: constantText(args[0])?.toLowerCase() ?? "", value: constantText(args[1]) }];
};

const constantText = (node: Node | undefined): string | null => {
  if (node === undefined || !("A_Const" in node)) return null;
  const constant = node.A_Const;
  if ("sval" in constant) return constant.sval?.sval ?? "";
  if ("ival" in constant) return String(constant.ival?.ival ?? 0);
  return null;
};
