import type { ClientBase } from "pg";
import { COMMON } from "./sql/common.ts";
import { withPlainOutput } from "./sql/plain-output.ts";
import { RELATION_PARTS } from "./sql/relations.ts";
import { OWNED, RIGHT_PARTS } from "./sql/rights.ts";
import { ROUTINE_PARTS } from "./sql/routines.ts";
import { TYPE_PARTS } from "./sql/types.ts";
import type { Catalog } from "./types.ts";

const PARTS = [...TYPE_PARTS, ...RELATION_PARTS, ...ROUTINE_PARTS, ...RIGHT_PARTS];

const QUERY = `WITH ${COMMON}, owned AS MATERIALIZED (${OWNED})
${PARTS.map((part) => `SELECT * FROM (${part}) p(kind, identity, definition)`).join("\nUNION ALL\n")}`;

const asCatalog = (rows: { kind: string; identity: string; definition: string }[]): Catalog => {
  const entries = rows.map(({ kind, identity, definition }) => [`${kind}:${identity}`, definition] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** Reads with settings by which values are written plainly (PLAIN_OUTPUT). */
export const selectCatalog = async (client: ClientBase): Promise<Catalog> =>
  asCatalog((await client.query<{ kind: string; identity: string; definition: string }>(QUERY)).rows);

/**
 * All that a migration can make in this database, by what it is called, never by a number: databases with equal catalogs
 * behave alike. Told apart are no column positions, no names of NOT NULL constraints (PostgreSQL 18), no passwords and
 * nothing that belongs to an extension. One query; changes nothing. For PostgreSQL 15 to 18.
 */
export const readCatalog = (client: ClientBase): Promise<Catalog> =>
  withPlainOutput(client, () => selectCatalog(client));
