import type { Client } from "pg";
import { z } from "zod";
import type { Names, RelationName } from "./look.ts";

const Rows = z.array(
  z.object({ oid: z.string(), schema: z.string(), name: z.string(), indexOf: z.string().nullable() }),
);

const QUERY = `SELECT c.oid::text AS oid, n.nspname AS schema, n.nspname || '.' || c.relname AS name,
  tn.nspname || '.' || t.relname AS "indexOf"
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
LEFT JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
WHERE c.oid = ANY($1::pg_catalog.oid[]) AND c.relkind IN ('r', 'p', 'i', 'I', 'm', 'v', 'f')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'`;

/** Names as committed: asked by another session while a transaction is open, those that were before it. */
export const lookUpNames = async (client: Client, relations: string[]): Promise<Names> => {
  const { rows } = await client.query<Record<string, unknown>>(QUERY, [relations]);
  return new Map(
    Rows.parse(rows).map(({ oid, name, indexOf }): [string, RelationName] => [oid, { name, indexOf }]),
  );
};
