/**
 * `id` is a name as SQL writes it, `key` as the catalog tells it. What all parts select from: `ns` the app's own schemas, `members` what belongs to an extension, `rel` the app's relations.
 * What an extension brings is told by the extension alone.
 */
export const COMMON = `
ns AS MATERIALIZED (
  SELECT oid, nspname AS key, quote_ident(nspname) AS id, nspowner, nspacl FROM pg_namespace
  WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    AND oid NOT IN (SELECT objid FROM pg_depend WHERE classid = 'pg_namespace'::regclass AND deptype = 'e')
),
members AS MATERIALIZED (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
rel AS MATERIALIZED (
  SELECT c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relpersistence, c.reloptions, c.relispartition, c.relpartbound,
    c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.reloftype, c.relam, c.reltablespace, c.reltoastrelid, c.reltype,
    c.relispopulated, ns.key || '.' || c.relname AS key, ns.id || '.' || quote_ident(c.relname) AS id,
    CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' WHEN 'i' THEN 'index'
      WHEN 'I' THEN 'index' WHEN 'f' THEN 'foreign table' WHEN 'c' THEN 'type' ELSE 'table' END AS kind
  FROM pg_class c JOIN ns ON ns.oid = c.relnamespace
  WHERE c.relpersistence <> 't' AND NOT EXISTS (SELECT FROM members WHERE classid = 'pg_class'::regclass AND objid = c.oid)
),
typ AS MATERIALIZED (
  SELECT t.*, ns.key || '.' || t.typname AS key, ns.id || '.' || quote_ident(t.typname) AS id FROM pg_type t JOIN ns ON ns.oid = t.typnamespace
  WHERE (t.typrelid = 0 OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
    AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
    AND t.typtype <> 'm'
    AND NOT EXISTS (SELECT FROM members WHERE classid = 'pg_type'::regclass AND objid = t.oid)
),
proc AS MATERIALIZED (
  SELECT p.*, ns.key || '.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')' AS key,
    ns.id || '.' || quote_ident(p.proname) || '(' || oidvectortypes(p.proargtypes) || ')' AS id,
    CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END AS kind
  FROM pg_proc p JOIN ns ON ns.oid = p.pronamespace
  WHERE NOT EXISTS (SELECT FROM members WHERE classid = 'pg_proc'::regclass AND objid = p.oid)
    -- Constructors of a range or multirange type come and go with it.
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
)`;

/** Not of an extension; `catalog` is the system catalog of the object. */
export const notMember = (catalog: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM members WHERE classid = '${catalog}'::regclass AND objid = ${oid})`;

/** How values are written, whatever the session or the database says. */
export const PLAIN_OUTPUT: Record<string, string> = {
  search_path: "",
  TimeZone: "UTC",
  DateStyle: "ISO, YMD",
  IntervalStyle: "postgres",
  extra_float_digits: "1",
  bytea_output: "hex",
  quote_all_identifiers: "off",
};
