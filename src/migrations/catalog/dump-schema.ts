import type { ClientBase } from "pg";
import { AppError } from "../../domain/errors.ts";
import { ENDING } from "./dump/ending.ts";
import { ALIASES, EDGES } from "./dump/links.ts";
import { orderNodes, type Link, type SchemaNode } from "./dump/order-nodes.ts";
import { readBookkeeping } from "./dump/read-bookkeeping.ts";
import { MAKE_ROLES, ROLES } from "./dump/roles.ts";
import { ROUTINE_NODES } from "./dump/routine-nodes.ts";
import { TABLE_NODES } from "./dump/table-nodes.ts";
import { TYPE_NODES } from "./dump/type-nodes.ts";
import { selectCatalog } from "./read-catalog.ts";
import { COMMON } from "./sql/common.ts";
import { SET_LOCAL_PLAIN } from "./sql/plain-output.ts";
import { OWNED } from "./sql/rights.ts";
import { readStatistics } from "./statistics.ts";
import type { SchemaScript } from "./types.ts";

/** Reads only, waits for nobody for long, and makes nobody wait. */
const BEGIN = [
  "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
  "SET LOCAL statement_timeout = '30s'",
  "SET LOCAL lock_timeout = '2s'",
  "SET LOCAL idle_in_transaction_session_timeout = '60s'",
  ...SET_LOCAL_PLAIN,
].join(";");

const WITH = `WITH ${COMMON}, owned AS MATERIALIZED (${OWNED})`;

const NODES = `${WITH}
${[...TYPE_NODES, ...TABLE_NODES, ...ROUTINE_NODES]
  .map(
    (part) =>
      `SELECT class || ':' || oid AS id, phase, name, statements FROM (${part}) p(class, oid, phase, name, statements)`,
  )
  .join("\nUNION ALL\n")}`;

const END = `${WITH}
${ENDING.map((part, at) => `SELECT ${at} AS part, row_number() OVER () AS nth, statements FROM (${part}) p(statements)`).join("\nUNION ALL\n")}
ORDER BY 1, 2`;

const links = (query: string): string =>
  `SELECT DISTINCT classid::regclass || ':' || objid AS from, refclassid::regclass || ':' || refobjid AS to FROM (${query}) l`;

const statementsOf = (rows: { statements: (string | null)[] | null }[]): string[] =>
  rows.flatMap(({ statements }) => (statements ?? []).filter((statement) => statement !== null));

const readObjects = async (client: ClientBase): Promise<{ nodes: SchemaNode[]; ordered: SchemaNode[] }> => {
  const { rows } = await client.query<SchemaNode & { statements: (string | null)[] }>(NODES);
  const nodes = rows.map((row) => ({ ...row, statements: statementsOf([row]) }));
  const aliases = (await client.query<Link>(links(ALIASES))).rows;
  const edges = (await client.query<Link>(links(EDGES))).rows;
  return { nodes, ordered: orderNodes(nodes, { aliases, edges }) };
};

/** Filled when all else is there: what their queries call may need more than is on record. */
const refreshesOf = async (client: ClientBase, ordered: SchemaNode[]): Promise<string[]> => {
  const { rows } = await client.query<{ id: string; name: string }>(
    `${WITH} SELECT 'pg_class:' || oid AS id, id AS name FROM rel WHERE relkind = 'm' AND relispopulated`,
  );
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return ordered.flatMap(({ id }) =>
    names.has(id) ? [`REFRESH MATERIALIZED VIEW ${names.get(id) ?? ""}`] : [],
  );
};

const readStatements = async (client: ClientBase, roles: string[]): Promise<string[]> => {
  const { nodes, ordered } = await readObjects(client);
  const makeRoles = await client.query<{ statement: string }>(MAKE_ROLES, [roles]);
  const ending = (await client.query<{ part: number; statements: (string | null)[] }>(END)).rows;
  const isLast = ({ part }: { part: number }): boolean => part === ENDING.length - 1;
  const hasPublic = nodes.some(({ id, name }) => id.startsWith("pg_namespace:") && name === "public");
  return [
    ...makeRoles.rows.map(({ statement }) => statement),
    ...(hasPublic ? [] : ["DROP SCHEMA IF EXISTS public"]),
    ...statementsOf(ordered),
    ...statementsOf(ending.filter((row) => !isLast(row))),
    ...(await refreshesOf(client, ordered)),
    ...statementsOf(ending.filter(isLast)),
  ];
};

const readScript = async (client: ClientBase, bookkeeping: string[]): Promise<SchemaScript> => {
  const version = await client.query<{ major: number }>(
    "SELECT current_setting('server_version_num')::int / 10000 AS major",
  );
  const extensions = await client.query<SchemaScript["extensions"][number]>(
    `SELECT extname::text AS name, extversion AS version, nspname::text AS schema
     FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace ORDER BY 1`,
  );
  const roles = (await client.query<{ name: string }>(`${WITH} ${ROLES}`)).rows.map(({ name }) => name);
  return {
    format: 1,
    major: version.rows[0]!.major,
    extensions: extensions.rows,
    roles,
    statements: await readStatements(client, roles),
    bookkeeping: await readBookkeeping(client, bookkeeping),
    catalog: await selectCatalog(client),
    statistics: await readStatistics(client),
  };
};

/**
 * The schema of this database as statements, with the rows of the bookkeeping tables that are named (`schema.table`). Reads in one read-only transaction, with the locks of a reader and none for long: it may be
 * run on a live database, by any role that can read the bookkeeping tables. No other row and no password is read. What it
 * cannot make again is found by restoreSchema. The client may not be inside a transaction. Throws REHEARSAL_IMPOSSIBLE.
 */
export const dumpSchema = async (
  client: ClientBase,
  { bookkeeping = [] }: { bookkeeping?: string[] } = {},
): Promise<SchemaScript> => {
  try {
    await client.query(BEGIN);
    return await readScript(client, bookkeeping);
  } catch (error) {
    throw new AppError("REHEARSAL_IMPOSSIBLE", `the schema could not be read: ${(error as Error).message}`, {
      hint: "try again when nobody changes the schema, as a role that may read the migration tool's tables",
      cause: error,
    });
  } finally {
    await client.query("ROLLBACK").catch(() => {});
  }
};
