import { Client } from "pg";
import type { RowQuestion } from "../../../ports/platform.ts";
import type { Environment } from "./environment.ts";

/** Address of the environment's database for reading; null: none was asked for yet. */
export const readerOf = async ({ name, deps, state }: Environment): Promise<string | null> => {
  const { backing } = state();
  return backing === null ? null : deps.backing.readerUrl(name, backing);
};

/** The statement is made by PostgreSQL itself, from what it finds under that name. */
const STATEMENT = `
  SELECT CASE WHEN $2::text IS NULL THEN format('SELECT count(*)::int AS n FROM %s', t.oid::regclass)
    ELSE format('SELECT count(%I)::int AS n FROM %s', a.attname, t.oid::regclass) END AS statement
  FROM pg_class t LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = $2 AND NOT a.attisdropped
  WHERE t.oid = to_regclass($1) AND t.relkind IN ('r', 'p') AND ($2::text IS NULL OR a.attname IS NOT NULL)`;

export const countRows = async (environment: Environment, questions: RowQuestion[]): Promise<number[]> => {
  const connectionString = await readerOf(environment);
  if (connectionString === null) return questions.map(() => 0);
  const client = new Client({ connectionString, application_name: "switchback counts rows" });
  client.on("error", () => {});
  await client.connect();
  try {
    const counts: number[] = [];
    for (const { table, column } of questions) {
      const { rows } = await client.query<{ statement: string }>(STATEMENT, [table, column]);
      const statement = rows[0]?.statement;
      counts.push(statement === undefined ? 0 : (await client.query<{ n: number }>(statement)).rows[0]!.n);
    }
    return counts;
  } finally {
    await client.end();
  }
};
