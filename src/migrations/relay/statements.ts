/** How the relay treats a statement, by what it is. */
export type StatementClass =
  /** Sent, and looked at afterwards. */
  | "ordinary"
  | "begin"
  /** SAVEPOINT, RELEASE, ROLLBACK TO. */
  | "savepoint"
  /** SET, SHOW, LISTEN …: takes no lock, and a look would be a first query that some of them must precede. */
  | "control"
  /** Ends the transaction and maybe begins another: COMMIT, ROLLBACK, PREPARE TRANSACTION. */
  | "end"
  /** Cannot run with others in a transaction: CREATE INDEX CONCURRENTLY, VACUUM, CREATE DATABASE. */
  | "own"
  /** Behaves in another way in the extended protocol: goes as it came. */
  | "plain";

export interface SplitStatement {
  /** Bytes of the text that are this statement. */
  start: number;
  end: number;
  class: StatementClass;
  /** It may have committed when it is answered, so that its locks show only while they are waited for. */
  gate: boolean;
  /** Has another meaning, or none, outside of a transaction block: SET LOCAL, LOCK TABLE, SAVEPOINT. */
  needsBlock: boolean;
}

export type Judged = Pick<SplitStatement, "class" | "gate" | "needsBlock">;

type Node = Record<string, unknown>;
interface RawStatement {
  stmt?: Record<string, Node>;
  stmt_location?: number;
  stmt_len?: number;
}

export type Parser = (text: string) => { stmts?: RawStatement[] };

/** Longer texts go as they came: their trees would take some hundred MB. */
const MAX_TEXT_BYTES = 4_000_000;

const CONTROL = new Set([
  ...["VariableSetStmt", "VariableShowStmt", "DiscardStmt", "DeallocateStmt", "ListenStmt"],
  ...["UnlistenStmt", "ConstraintsSetStmt", "ClosePortalStmt", "CheckPointStmt"],
]);
const BEGINNINGS = new Set(["TRANS_STMT_BEGIN", "TRANS_STMT_START"]);
const SAVEPOINTS = new Set(["TRANS_STMT_SAVEPOINT", "TRANS_STMT_RELEASE", "TRANS_STMT_ROLLBACK_TO"]);
const OWN = new Set([
  ...[
    "CreatedbStmt",
    "DropdbStmt",
    "AlterDatabaseRefreshCollStmt",
    "CreateTableSpaceStmt",
    "DropTableSpaceStmt",
  ],
  ...["AlterSystemStmt", "CreateSubscriptionStmt", "DropSubscriptionStmt", "AlterSubscriptionStmt"],
]);
const NEED_BLOCK = new Set(["LockStmt", "DeclareCursorStmt", "ConstraintsSetStmt", "DoStmt", "CallStmt"]);
const TOUCHES_TABLES = new Set(["IndexStmt", "DropStmt", "AlterTableStmt"]);

const options = (node: Node, list: string): string[] =>
  ((node[list] ?? []) as { DefElem?: { defname?: string } }[]).map(({ DefElem }) => DefElem?.defname ?? "");

const detaches = (node: Node): boolean =>
  ((node["cmds"] ?? []) as { AlterTableCmd?: { subtype?: string; def?: Node } }[]).some(
    ({ AlterTableCmd: command }) =>
      command?.subtype === "AT_DetachPartitionFinalize" ||
      (command?.subtype === "AT_DetachPartition" &&
        JSON.stringify(command.def).includes('"concurrent":true')),
  );

/** Refused by the server in a transaction or a text of several statements. */
const isOwn = (kind: string, node: Node): boolean => {
  if (OWN.has(kind)) return true;
  switch (kind) {
    case "IndexStmt":
    case "DropStmt":
      return node["concurrent"] === true;
    case "ReindexStmt":
      return (
        options(node, "params").includes("concurrently") ||
        !["REINDEX_OBJECT_INDEX", "REINDEX_OBJECT_TABLE"].includes(String(node["kind"]))
      );
    case "VacuumStmt":
      return node["is_vacuumcmd"] === true;
    case "ClusterStmt":
    case "RepackStmt":
      return (node["relation"] ?? null) === null;
    case "AlterTableStmt":
      return detaches(node);
    case "DiscardStmt":
      return node["target"] === "DISCARD_ALL";
    default:
      return false;
  }
};

/** Commits by itself in some cases only: of partitioned tables, or when its code says so. */
const mayBeOwn = (kind: string, node: Node): boolean =>
  ["VacuumStmt", "ReindexStmt", "ClusterStmt", "RepackStmt", "CallStmt"].includes(kind) ||
  (kind === "DoStmt" && /\b(commit|rollback)\b/i.test(JSON.stringify(node)));

const classOfTransaction = (node: Node): StatementClass => {
  const kind = String(node["kind"]);
  if (BEGINNINGS.has(kind)) return "begin";
  return SAVEPOINTS.has(kind) ? "savepoint" : "end";
};

const needsBlock = (kind: string, node: Node): boolean => {
  switch (kind) {
    case "VariableSetStmt":
      return node["is_local"] === true || node["kind"] === "VAR_SET_MULTI";
    case "TransactionStmt":
      return SAVEPOINTS.has(String(node["kind"]));
    default:
      return NEED_BLOCK.has(kind);
  }
};

const classOf = (kind: string, node: Node): StatementClass => {
  if (kind === "TransactionStmt") return classOfTransaction(node);
  if (isOwn(kind, node)) return "own";
  if (CONTROL.has(kind)) return "control";
  // A binary cursor's rows, and the error about a parameter, differ between the protocols.
  if (kind === "FetchStmt") return "plain";
  return kind !== "PrepareStmt" && JSON.stringify(node).includes('"ParamRef"') ? "plain" : "ordinary";
};

export const classify = (statement: Record<string, Node>): Judged => {
  const [kind = "", node = {}] = Object.entries(statement)[0] ?? [];
  const is = classOf(kind, node);
  // SKIP LOCKED would skip what the gate holds.
  const gate =
    (mayBeOwn(kind, node) || (is === "own" && TOUCHES_TABLES.has(kind))) &&
    !options(node, "options").includes("skip_locked");
  return { class: is, gate, needsBlock: needsBlock(kind, node) };
};

const BLANK = /[\s;]/;

/**
 * The statements of a text, or null when it has none or the parser does not understand it: then it goes to the server
 * whole, which says what is wrong. Bytes beyond ASCII are letters to PostgreSQL's scanner in every encoding that a
 * server can have, so that positions are bytes.
 */
export const splitStatements = (text: Buffer, parse: Parser): SplitStatement[] | null => {
  if (text.length === 0 || text.length > MAX_TEXT_BYTES) return null;
  const ascii = text.toString("latin1").replace(/[\x80-\xff]/g, "x");
  let raw: RawStatement[];
  try {
    raw = parse(ascii).stmts ?? [];
  } catch {
    return null; // not for us to refuse
  }
  const statements = raw.map(({ stmt = {}, stmt_location: location = 0, stmt_len: size = 0 }) => {
    const end = size === 0 ? ascii.length : location + size;
    let start = location;
    while (start < end && BLANK.test(ascii[start] ?? "")) start += 1;
    return { start, end, ...classify(stmt) };
  });
  return statements.length === 0 ? null : statements;
};
