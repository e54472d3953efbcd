import type { ClientBase } from "pg";
import { OTHER_PARTS } from "./read/others.ts";
import { RELATION_PARTS } from "./read/relations.ts";
import type { Catalog } from "./types.ts";

/** Schemas of the app, and the objects that extensions own. Temporary schemas of sessions are nobody's. */
export const APP_SCHEMAS = `
app AS MATERIALIZED (SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
member AS MATERIALIZED (SELECT classid, objid FROM pg_depend WHERE deptype = 'e')`;

const QUERY = `WITH ${APP_SCHEMAS}
SELECT object, coalesce(definition, '') AS definition
FROM (${[...RELATION_PARTS, ...OTHER_PARTS].join("\nUNION ALL")}) AS found(object, definition)`;

/**
 * Everything that a migration can make, in one query, as `kind:identity` → definition. Two databases with equal catalogs
 * behave alike: positions of columns and numbers of objects are left out, names and definitions are all in. Read with an
 * empty search path, so that every name in a definition is told with its schema. For PostgreSQL 15 to 18.
 */
export const readCatalog = async (client: ClientBase): Promise<Catalog> => {
  const { rows: before } = await client.query<{ path: string }>(
    "SELECT current_setting('search_path') AS path",
  );
  await client.query("SELECT set_config('search_path', '', false)");
  try {
    const { rows } = await client.query<{ object: string; definition: string }>(QUERY);
    return Object.fromEntries(
      rows
        .map(({ object, definition }) => [object, definition] as const)
        .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
    );
  } finally {
    await client.query("SELECT set_config('search_path', $1, false)", [before[0]!.path]);
  }
};
