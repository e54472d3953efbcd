import type pg from "pg";
import { loadParser, parseSql } from "../judge/sql/parse-sql.ts";
import type { Databases } from "./databases.ts";

/** A statement that the earlier schema understands, and the new one refuses. */
export interface RefusedStatement {
  sql: string;
  sqlState: string;
  message: string;
}

const PREPARABLE = new Set(["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"]);
const MAX_STATEMENTS = 5000;

/**
 * Asks both schemas to prepare each statement; nothing is executed. What the earlier schema refuses too says nothing. A row that a new
 * NOT NULL column refuses is not found by this.
 */
export const refusedStatements = async (
  databases: Databases,
  { statements, earlier, now }: { statements: string[]; earlier: string; now: string },
): Promise<RefusedStatement[]> => {
  await loadParser();
  const texts = [...new Set(statements.flatMap((sql) => preparable(sql) ?? []))].slice(0, MAX_STATEMENTS);
  if (texts.length === 0) return [];
  const prepareAll = (database: string) => databases.with(database, (client) => prepare(client, texts));
  const [was, is] = [await prepareAll(earlier), await prepareAll(now)];
  return texts.flatMap((sql, index) => {
    const error = is[index];
    return was[index] !== null || error === null || error === undefined ? [] : [{ sql, ...error }];
  });
};

/** One statement that can be prepared, without what ends it; null: none, or several. */
const preparable = (sql: string): string | null => {
  const parsed = parseSql(sql);
  const only = parsed.ok && parsed.statements.length === 1 ? parsed.statements[0] : undefined;
  return only !== undefined && PREPARABLE.has(Object.keys(only.node)[0] ?? "") ? only.text : null;
};

const prepare = async (
  client: pg.Client,
  texts: string[],
): Promise<({ sqlState: string; message: string } | null)[]> => {
  const results = [];
  for (const sql of texts)
    try {
      // The line feed ends a comment at the end of the text.
      await client.query(`PREPARE switchback_rehearsal AS ${sql}\n`);
      await client.query("DEALLOCATE switchback_rehearsal");
      results.push(null);
    } catch (error) {
      const { code = "", message } = error as pg.DatabaseError;
      results.push({ sqlState: code, message });
    }
  return results;
};

/** What the server has counted for one database, texts as PostgreSQL normalised them. Empty without pg_stat_statements. */
export const harvest = async (databases: Databases, database: string): Promise<string[]> =>
  databases.with("postgres", async (client) => {
    const { rows: preloaded } = await client.query<{ there: boolean }>(
      "select current_setting('shared_preload_libraries') like '%pg_stat_statements%' as there",
    );
    if (preloaded[0]?.there !== true) return [];
    await client.query("create extension if not exists pg_stat_statements");
    const { rows } = await client.query<{ query: string }>(
      `select s.query from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname = $1`,
      [database],
    );
    return rows.map(({ query }) => query);
  });
