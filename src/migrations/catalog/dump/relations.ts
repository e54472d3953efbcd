/** Queries that give statements in an order in which they mostly can be run; what comes too early is run again later. */

const notMember = (classid: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM member m WHERE m.classid = '${classid}'::regclass AND m.objid = ${oid})`;

const sequenceOptions = (as: string): string => `concat_ws(' ', ${as}
  'START', s.seqstart, 'INCREMENT', s.seqincrement, 'MINVALUE', s.seqmin, 'MAXVALUE', s.seqmax, 'CACHE', s.seqcache,
  CASE WHEN s.seqcycle THEN 'CYCLE' END)`;

/** Those behind identity columns come with their column. */
const sequences = `
SELECT format('CREATE %sSEQUENCE %I.%I %s', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' END, app.nspname, c.relname, ${sequenceOptions("'AS', format_type(s.seqtypid, NULL),")})
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN app ON app.oid = c.relnamespace
WHERE ${notMember("pg_class", "c.oid")} AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i')
ORDER BY c.oid`;

const columns = `
(SELECT string_agg(concat_ws(' ', format('%I', a.attname), format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attcollation <> t.typcollation THEN 'COLLATE ' || (SELECT format('%I.%I', n.nspname, k.collname) FROM pg_collation k JOIN pg_namespace n ON n.oid = k.collnamespace WHERE k.oid = a.attcollation) END,
    CASE a.attgenerated WHEN 's' THEN 'GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') STORED' WHEN 'v' THEN 'GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ')'
      ELSE 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END,
    CASE WHEN a.attidentity <> '' THEN (SELECT format('GENERATED %s AS IDENTITY (SEQUENCE NAME %I.%I ', CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, sn.nspname, sc.relname) || ${sequenceOptions("")} || ')'
      FROM pg_depend sd JOIN pg_class sc ON sc.oid = sd.objid JOIN pg_namespace sn ON sn.oid = sc.relnamespace JOIN pg_sequence s ON s.seqrelid = sc.oid
      WHERE sd.classid = 'pg_class'::regclass AND sd.refobjid = c.oid AND sd.refobjsubid = a.attnum AND sd.deptype = 'i') END,
    CASE WHEN a.attnotnull AND a.attidentity = '' THEN 'NOT NULL' END), ', ' ORDER BY a.attnum)
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)`;

const tables = `
SELECT format('CREATE %sTABLE %I.%I (%s)%s%s', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' END, app.nspname, c.relname, ${columns},
  ' PARTITION BY ' || pg_get_partkeydef(c.oid), ' WITH (' || (SELECT string_agg(o, ', ') FROM unnest(c.reloptions) AS o) || ')')
FROM pg_class c JOIN app ON app.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND ${notMember("pg_class", "c.oid")} ORDER BY c.oid`;

const ownedSequences = `
SELECT format('ALTER SEQUENCE %s OWNED BY %s.%I', d.objid::regclass, d.refobjid::regclass, a.attname)
FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' JOIN app ON app.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a' AND ${notMember("pg_class", "c.oid")} ORDER BY c.oid`;

const columnSettings = `
SELECT format('ALTER TABLE %s ALTER COLUMN %I %s', c.oid::regclass, a.attname, setting)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p') JOIN app ON app.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
CROSS JOIN LATERAL (VALUES
  (CASE WHEN a.attstorage <> t.typstorage THEN 'SET STORAGE ' || CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END),
  (CASE a.attcompression WHEN 'p' THEN 'SET COMPRESSION pglz' WHEN 'l' THEN 'SET COMPRESSION lz4' END),
  ('SET STATISTICS ' || nullif(a.attstattarget::int, -1)),
  ('SET (' || (SELECT string_agg(o, ', ') FROM unnest(a.attoptions) AS o) || ')')) AS v(setting)
WHERE a.attnum > 0 AND NOT a.attisdropped AND setting IS NOT NULL AND ${notMember("pg_class", "c.oid")} ORDER BY c.oid, a.attnum`;

/** Those of a partition as well, so that it keeps their names when it is attached. */
const constraints = (kinds: string, where: string): string => `
SELECT format('ALTER TABLE ONLY %s ADD CONSTRAINT %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
FROM pg_constraint k JOIN app ON app.oid = k.connamespace JOIN pg_class c ON c.oid = k.conrelid
WHERE k.contype IN (${kinds}) AND ${where} AND ${notMember("pg_class", "c.oid")} ORDER BY k.oid`;

const indexes = `
SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class r ON r.oid = i.indrelid JOIN app ON app.oid = c.relnamespace
WHERE r.relkind IN ('r', 'p', 'm') AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) AND ${notMember("pg_class", "r.oid")}
ORDER BY i.indexrelid`;

const inheritance = `
SELECT CASE WHEN c.relispartition THEN format('ALTER TABLE ONLY %s ATTACH PARTITION %s %s', i.inhparent::regclass, c.oid::regclass, pg_get_expr(c.relpartbound, c.oid))
  ELSE format('ALTER TABLE %s INHERIT %s', c.oid::regclass, i.inhparent::regclass) END
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid AND c.relkind IN ('r', 'p') JOIN app ON app.oid = c.relnamespace ORDER BY c.oid, i.inhseqno`;

const indexPartitions = `
SELECT format('ALTER INDEX %s ATTACH PARTITION %s', i.inhparent::regclass, i.inhrelid::regclass)
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid AND c.relkind IN ('i', 'I') JOIN app ON app.oid = c.relnamespace
WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.inhparent) ORDER BY c.oid`;

/** The build of one that failed, or that was never finished, stays visible and unused: as it is in the target. */
const indexSettings = `
SELECT CASE WHEN i.indisclustered THEN format('ALTER TABLE %s CLUSTER ON %I', i.indrelid::regclass, c.relname) ELSE format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', i.indrelid::regclass, c.relname) END
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN app ON app.oid = c.relnamespace WHERE i.indisclustered OR i.indisreplident
UNION ALL
SELECT format('UPDATE pg_catalog.pg_index SET indisvalid = false WHERE indexrelid = %L::regclass', i.indexrelid::regclass)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid AND c.relkind = 'i' JOIN app ON app.oid = c.relnamespace WHERE NOT i.indisvalid`;

const tableSettings = `
SELECT format('ALTER TABLE %s %s', c.oid::regclass, setting) FROM pg_class c JOIN app ON app.oid = c.relnamespace
CROSS JOIN LATERAL (VALUES (CASE WHEN c.relrowsecurity THEN 'ENABLE ROW LEVEL SECURITY' END), (CASE WHEN c.relforcerowsecurity THEN 'FORCE ROW LEVEL SECURITY' END),
  (CASE c.relreplident WHEN 'f' THEN 'REPLICA IDENTITY FULL' WHEN 'n' THEN 'REPLICA IDENTITY NOTHING' END)) AS v(setting)
WHERE c.relkind IN ('r', 'p') AND setting IS NOT NULL AND ${notMember("pg_class", "c.oid")}`;

const views = `
SELECT format('CREATE %sVIEW %I.%I%s AS %s%s', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED ' END, app.nspname, c.relname,
  ' WITH (' || (SELECT string_agg(o, ', ') FROM unnest(c.reloptions) AS o) || ')', rtrim(pg_get_viewdef(c.oid), ';'), CASE WHEN c.relkind = 'm' AND NOT c.relispopulated THEN ' WITH NO DATA' END)
FROM pg_class c JOIN app ON app.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') AND ${notMember("pg_class", "c.oid")} ORDER BY c.oid`;

/** Where each sequence stands: a number that was given once is not given again. */
const sequenceValues = `
SELECT format('SELECT pg_catalog.setval(%L::regclass, %s, true)', format('%I.%I', s.schemaname, s.sequencename), s.last_value)
FROM pg_sequences s JOIN app ON app.nspname = s.schemaname WHERE s.last_value IS NOT NULL`;

export const RELATION_STATEMENTS = {
  sequences: [sequences],
  tables: [tables, ownedSequences, columnSettings],
  indexes: [
    constraints("'p', 'u', 'x', 'c'", "true"),
    views,
    indexes,
    inheritance,
    indexPartitions,
    constraints("'f'", "k.conparentid = 0").replaceAll("TABLE ONLY", "TABLE"),
    tableSettings,
  ],
  last: [indexSettings, sequenceValues],
};
