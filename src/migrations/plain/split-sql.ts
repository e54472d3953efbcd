import { loadParser, parseSql } from "../judge/sql/parse-sql.ts";
import { MigrationFailed, type SplitSql } from "./run-migration.ts";

/** As PostgreSQL's own parser splits it. Loaded only when a migration runs without a transaction. */
export const splitSql: SplitSql = async (text) => {
  await loadParser();
  const parsed = parseSql(text);
  if (!parsed.ok) throw new MigrationFailed(`${parsed.message} (line ${parsed.line}). Nothing of it is in.`);
  return parsed.statements.map(({ text: sql, line }) => ({ text: sql, line }));
};
