import type { ObservedStatement } from "../relay/types.ts";
import type { Operation } from "./sql/operation.ts";
import { parseSql, type ParsedStatement } from "./sql/parse-sql.ts";
import { readOperations } from "./sql/read-operations.ts";
import type { MigrationToJudge } from "./types.ts";

/** One statement of a migration: as it is written, and as the server carried it out. */
export interface Statement {
  sql: string;
  /** Lines of the file on which it begins and ends; null where it is not known. */
  line: number | null;
  endLine: number | null;
  operations: Operation[];
  /** Null: it was not seen to run. */
  observed: ObservedStatement | null;
  /** Equal for statements that commit together. */
  transaction: string;
  /** Between a BEGIN and its COMMIT. */
  explicit: boolean;
}

export interface Statements {
  list: Statement[];
  /** The text is no SQL that PostgreSQL reads. */
  unreadable: { message: string; line: number } | null;
}

const spaced = (sql: string): string =>
  sql
    .replaceAll(/\s+/g, " ")
    .replace(/[\s;]+$/, "")
    .trim();

/**
 * What ran, in its order, each with its line where the file has the same text; then what the file has and did not run
 * after an error. Without an observation: what the file has.
 */
export const readStatements = ({ sql, observation }: MigrationToJudge): Statements => {
  const parsed = sql === null ? null : parseSql(sql.text);
  const offset = (sql?.line ?? 1) - 1;
  const written = (parsed?.ok === true ? parsed.statements : []).map((one) => ({
    ...one,
    ...{ line: one.line + offset, endLine: one.endLine + offset },
  }));
  const unreadable = parsed?.ok === false ? { message: parsed.message, line: parsed.line + offset } : null;
  const seen = observation?.statements ?? [];
  if (seen.length === 0) return { list: numbered(written), unreadable };
  const left = [...written];
  const ran = seen.map((observed) => readObserved(observed, left));
  const failed = seen.some(({ error }) => error !== null);
  return { list: failed ? [...ran, ...numbered(left)] : ran, unreadable };
};

const readObserved = (observed: ObservedStatement, left: ParsedStatement[]): Statement => {
  const own = parseSql(observed.sql);
  const statement = own.ok ? own.statements[0] : undefined;
  const text = spaced(statement?.text ?? observed.sql);
  const place = left.findIndex((one) => spaced(one.text) === text);
  const [match] = place < 0 ? [] : left.splice(place, 1);
  return {
    sql: statement?.text ?? observed.sql.trim(),
    line: match?.line ?? null,
    endLine: match?.endLine ?? null,
    operations: own.ok ? own.statements.flatMap(({ node }) => readOperations(node)) : [],
    observed,
    transaction: `seen ${observed.transaction}`,
    explicit: observed.kind === "explicit",
  };
};

/** A file without BEGIN is held to run as one transaction, as most tools run it, unless a part of it cannot. */
const numbered = (written: ParsedStatement[]): Statement[] => {
  let transaction = 0;
  let explicit = false;
  return written.map(({ node, text, line, endLine }) => {
    const operations = readOperations(node);
    const [first] = operations;
    if (first?.type === "transaction" && first.what === "begin")
      [transaction, explicit] = [transaction + 1, true];
    const alone = !explicit && operations.some(runsAlone);
    if (alone) transaction += 1;
    const statement: Statement = {
      ...{ sql: text, line, endLine, operations, observed: null },
      ...{ transaction: `written ${transaction}`, explicit },
    };
    const ends = first?.type === "transaction" && (first.what === "commit" || first.what === "rollback");
    if (ends || alone) transaction += 1;
    if (ends) explicit = false;
    return statement;
  });
};

/** It commits by itself and cannot run in a transaction. */
export const runsAlone = (operation: Operation): boolean =>
  ("concurrently" in operation && operation.concurrently) ||
  operation.type === "vacuum" ||
  (operation.type === "drop" && operation.what === "database") ||
  (operation.type === "rewrite-table" && operation.how === "VACUUM FULL");
