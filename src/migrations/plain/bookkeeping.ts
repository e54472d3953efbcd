import type pg from "pg";
import type { AppliedMigration } from "./plan.ts";

/** Where it stands which migrations have run: in the first schema of the search path. */
export const PLAIN_TABLE = "switchback_migrations";

const CREATE = `create table if not exists ${PLAIN_TABLE} (
  position integer generated always as identity primary key,
  name text not null unique,
  checksum text not null,
  statements integer,
  applied_at timestamptz not null default now()
)`;

export const ensureBookkeeping = async (client: pg.Client): Promise<void> => {
  // Asked first: `create table if not exists` needs the right to create even when there is nothing to do.
  if (!(await hasBookkeeping(client))) await client.query(CREATE);
};

const hasBookkeeping = async (client: pg.Client): Promise<boolean> => {
  const { rows } = await client.query<{ there: boolean }>(`select to_regclass($1) is not null as there`, [
    PLAIN_TABLE,
  ]);
  return rows[0]?.there === true;
};

/** In the order in which they were applied. Empty where nothing ever ran. */
export const readApplied = async (client: pg.Client): Promise<AppliedMigration[]> => {
  if (!(await hasBookkeeping(client))) return [];
  const { rows } = await client.query<AppliedMigration>(
    `select name, checksum, statements from ${PLAIN_TABLE} order by position`,
  );
  return rows;
};

/** `statements`: as many are in; null: all. */
export const writeApplied = async (client: pg.Client, row: AppliedMigration): Promise<void> => {
  await client.query(
    `insert into ${PLAIN_TABLE} (name, checksum, statements) values ($1, $2, $3)
     on conflict (name) do update set statements = excluded.statements, applied_at = now()`,
    [row.name, row.checksum, row.statements],
  );
};

export const forgetApplied = async (client: pg.Client, name: string): Promise<void> => {
  await client.query(`delete from ${PLAIN_TABLE} where name = $1`, [name]);
};
