/**
 * Parts of the catalog query: each gives (object, definition) pairs. `app` are the schemas of the app, `member` the
 * objects of extensions, which come and go with their extension. `acl(…)` and `options(…)` are sorted, so that the order in
 * which something was granted or set makes no difference.
 */
export const acl = (list: string, kind: string, owner: string): string =>
  `(SELECT string_agg(item::text, ',' ORDER BY item::text) FROM unnest(coalesce(${list}, acldefault('${kind}', ${owner}))) AS item)`;

const options = (list: string): string =>
  `(SELECT string_agg(item, ', ' ORDER BY item) FROM unnest(${list}) AS item)`;

const table = `
SELECT 'table:' || app.nspname || '.' || c.relname,
  concat_ws(' ', CASE c.relkind WHEN 'p' THEN 'partitioned' WHEN 'f' THEN 'foreign' END,
    CASE c.relpersistence WHEN 'u' THEN 'unlogged' END,
    'by ' || pg_get_partkeydef(c.oid),
    'parents ' || (SELECT string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid),
    pg_get_expr(c.relpartbound, c.oid),
    'with ' || ${options("c.reloptions")},
    CASE WHEN c.relrowsecurity THEN 'row security' END, CASE WHEN c.relforcerowsecurity THEN 'forced' END,
    CASE WHEN c.relreplident <> 'd' THEN 'replica identity ' || c.relreplident::text END,
    'owner ' || c.relowner::regrole, 'acl ' || ${acl("c.relacl", "r", "c.relowner")})
FROM pg_class c JOIN app ON app.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_class'::regclass AND m.objid = c.oid)`;

const column = `
SELECT 'column:' || app.nspname || '.' || c.relname || '.' || a.attname,
  concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' END,
    CASE a.attgenerated WHEN 's' THEN 'generated ' WHEN 'v' THEN 'virtual ' ELSE 'default ' END || pg_get_expr(d.adbin, d.adrelid),
    CASE a.attidentity WHEN 'a' THEN 'identity always' WHEN 'd' THEN 'identity by default' END,
    CASE WHEN a.attcollation <> t.typcollation THEN 'collate ' || a.attcollation::regcollation END,
    CASE WHEN a.attstorage <> t.typstorage THEN 'storage ' || a.attstorage::text END,
    CASE WHEN a.attcompression <> '' THEN 'compression ' || a.attcompression::text END,
    'statistics ' || nullif(nullif(a.attstattarget::int, -1), -2),
    'with ' || ${options("a.attoptions")},
    'acl ' || (SELECT string_agg(item::text, ',' ORDER BY item::text) FROM unnest(a.attacl) AS item))
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN app ON app.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped
  AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_class'::regclass AND m.objid = c.oid)`;

/** NOT NULL is told with its column; what a partition has from its parent, with the parent. */
const constraint = `
SELECT 'constraint:' || app.nspname || '.' || coalesce(c.relname, t.typname) || '.' || k.conname,
  pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN app ON app.oid = k.connamespace
LEFT JOIN pg_class c ON c.oid = k.conrelid LEFT JOIN pg_type t ON t.oid = k.contypid AND k.contypid <> 0
WHERE k.contype IN ('c', 'f', 'p', 'u', 'x') AND NOT (k.contype = 'f' AND k.conparentid <> 0)
  AND NOT EXISTS (SELECT FROM member m WHERE m.objid IN (k.conrelid, k.contypid) AND m.objid <> 0)`;

const index = `
SELECT 'index:' || app.nspname || '.' || c.relname,
  concat_ws(' ', pg_get_indexdef(i.indexrelid), CASE WHEN NOT i.indisvalid THEN 'invalid' END,
    CASE WHEN i.indisclustered THEN 'clustered' END, CASE WHEN i.indisreplident THEN 'replica identity' END)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class r ON r.oid = i.indrelid JOIN app ON app.oid = c.relnamespace
WHERE r.relkind IN ('r', 'p', 'm')
  AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_class'::regclass AND m.objid = i.indrelid)`;

const view = `
SELECT CASE c.relkind WHEN 'm' THEN 'materialized view:' ELSE 'view:' END || app.nspname || '.' || c.relname,
  concat_ws(' ', pg_get_viewdef(c.oid), 'with ' || ${options("c.reloptions")},
    CASE WHEN NOT c.relispopulated THEN 'not populated' END,
    'owner ' || c.relowner::regrole, 'acl ' || ${acl("c.relacl", "r", "c.relowner")})
FROM pg_class c JOIN app ON app.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_class'::regclass AND m.objid = c.oid)`;

const sequence = `
SELECT 'sequence:' || app.nspname || '.' || c.relname,
  concat_ws(' ', format_type(s.seqtypid, NULL), 'start', s.seqstart, 'by', s.seqincrement, 'from', s.seqmin, 'to', s.seqmax,
    'cache', s.seqcache, CASE WHEN s.seqcycle THEN 'cycle' END, CASE c.relpersistence WHEN 'u' THEN 'unlogged' END,
    'of ' || (SELECT d.refobjid::regclass || '.' || a.attname FROM pg_depend d
       JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
       WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.refclassid = 'pg_class'::regclass LIMIT 1),
    'owner ' || c.relowner::regrole, 'acl ' || ${acl("c.relacl", "s", "c.relowner")})
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN app ON app.oid = c.relnamespace
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_class'::regclass AND m.objid = c.oid)`;

export const RELATION_PARTS = [table, column, constraint, index, view, sequence];
