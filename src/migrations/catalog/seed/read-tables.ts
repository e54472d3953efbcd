import type { ClientBase } from "pg";

/** A type as values are made for it; of arrays, domains, ranges and composites with those that they are made of. */
export interface SeedType {
  /** As SQL writes it: `public.mood`, `character varying`. */
  sql: string;
  /** Bare name: `int4`, `mood`. */
  name: string;
  kind: "b" | "c" | "d" | "e" | "m" | "p" | "r";
  /** Oid of the element of an array, the base of a domain, the subtype of a range, the range of a multirange. */
  of: number | null;
  ofModifier: number;
  notNull: boolean;
  labels: string[];
  parts: { type: number; modifier: number }[];
  /** Conditions of a domain, in which VALUE is the value. */
  checks: string[];
}

export interface SeedColumn {
  name: string;
  number: number;
  type: number;
  modifier: number;
  notNull: boolean;
  /** "made": by a sequence. "generated": from other columns, by `expression`. */
  source: "ours" | "made" | "generated";
  expression: string | null;
}

export interface ForeignKey {
  name: string;
  columns: string[];
  parent: number;
  parentColumns: string[];
  /** MATCH FULL: all of its columns are null or none is. */
  full: boolean;
}

export interface SeedTable {
  oid: number;
  /** `schema.name`, as catalogs and statistics call it. */
  table: string;
  /** As SQL writes it, and as it is read without the rows of tables that inherit from it. */
  sql: string;
  from: string;
  columns: SeedColumn[];
  checks: { name: string; columns: string[]; expression: string }[];
  /** Columns that are unique each alone. */
  unique: string[];
  foreignKeys: ForeignKey[];
  /** What a row of a partitioned table has to fulfil, one condition a partition; empty for others. */
  partitions: string[];
}

const names = (numbers: string, relation: string): string =>
  `(SELECT coalesce(json_agg(attname ORDER BY n), '[]') FROM unnest(${numbers}) WITH ORDINALITY k(num, n) JOIN pg_attribute ON attrelid = ${relation} AND attnum = num)`;

const TABLES = `
SELECT c.oid::int8::float8 AS oid, nspname || '.' || relname AS "table", format('%I.%I', nspname, relname) AS sql,
  format('%s%I.%I', CASE relkind WHEN 'r' THEN 'ONLY ' ELSE '' END, nspname, relname) AS from,
  (SELECT coalesce(json_agg(json_build_object('name', attname, 'number', attnum, 'type', atttypid::int8, 'modifier', atttypmod,
      'notNull', attnotnull, 'expression', CASE WHEN attgenerated <> '' THEN pg_get_expr(adbin, adrelid) END,
      'source', CASE WHEN attgenerated <> '' THEN 'generated' WHEN attidentity <> '' OR EXISTS (SELECT FROM pg_depend s JOIN pg_sequence
        ON seqrelid = refobjid WHERE s.classid = 'pg_attrdef'::regclass AND s.objid = d.oid AND s.refclassid = 'pg_class'::regclass)
        THEN 'made' ELSE 'ours' END) ORDER BY attnum), '[]')
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON adrelid = attrelid AND adnum = attnum
    WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns,
  (SELECT coalesce(json_agg(json_build_object('name', conname, 'columns', ${names("conkey", "conrelid")},
      'expression', pg_get_expr(conbin, conrelid)) ORDER BY conname), '[]')
    FROM pg_constraint k WHERE conrelid = c.oid AND contype = 'c' AND coalesce(to_jsonb(k) ->> 'conenforced', 'true') = 'true') AS checks,
  (SELECT coalesce(json_agg(DISTINCT attname), '[]') FROM pg_index JOIN pg_attribute ON attrelid = indrelid
    WHERE indrelid = c.oid AND indisunique AND indpred IS NULL AND indnkeyatts = 1 AND (attnum = indkey[0]
      OR (indkey[0] = 0 AND strpos(pg_get_indexdef(indexrelid, 1, true), quote_ident(attname)) > 0))) AS "unique",
  (SELECT coalesce(json_agg(json_build_object('name', conname, 'full', confmatchtype = 'f', 'columns', ${names("conkey", "conrelid")}, 'parent', confrelid::int8,
      'parentColumns', ${names("confkey", "confrelid")}) ORDER BY array_length(conkey, 1) DESC, conname), '[]')
    FROM pg_constraint WHERE conrelid = c.oid AND contype = 'f' AND conparentid = 0) AS "foreignKeys",
  CASE WHEN relkind = 'p' THEN (SELECT coalesce(json_agg(pg_get_partition_constraintdef(relid)), '[]')
    FROM pg_partition_tree(c.oid) WHERE isleaf AND relid <> c.oid) ELSE '[]' END AS partitions
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE relkind IN ('r', 'p') AND NOT relispartition AND relpersistence <> 't' AND nspname !~ '^pg_' AND nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 2`;

const TYPES = `
WITH RECURSIVE used(oid) AS (
  SELECT DISTINCT atttypid FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE relkind IN ('r', 'p', 'c') AND relnamespace IN
    (SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')
  UNION SELECT o.of FROM used JOIN pg_type t ON t.oid = used.oid, LATERAL (SELECT coalesce(nullif(typbasetype, 0), nullif(typelem, 0),
    (SELECT rngsubtype FROM pg_range WHERE rngtypid = t.oid), (SELECT rngtypid FROM pg_range WHERE rngmultitypid = t.oid)) AS of) o WHERE o.of IS NOT NULL
)
SELECT t.oid::int8::float8 AS oid, format_type(t.oid, -1) AS sql, typname::text AS name, typtype AS kind, typnotnull AS "notNull", typtypmod AS "ofModifier",
  coalesce(nullif(typbasetype, 0), CASE WHEN typcategory = 'A' THEN nullif(typelem, 0) END, (SELECT rngsubtype FROM pg_range WHERE rngtypid = t.oid),
    (SELECT rngtypid FROM pg_range WHERE rngmultitypid = t.oid))::int8::float8 AS of,
  (SELECT coalesce(json_agg(enumlabel ORDER BY enumsortorder), '[]') FROM pg_enum WHERE enumtypid = t.oid) AS labels,
  (SELECT coalesce(json_agg(json_build_object('type', atttypid::int8, 'modifier', atttypmod) ORDER BY attnum), '[]')
    FROM pg_attribute WHERE typrelid <> 0 AND attrelid = typrelid AND attnum > 0 AND NOT attisdropped) AS parts,
  (SELECT coalesce(json_agg(pg_get_expr(conbin, 0)), '[]') FROM pg_constraint WHERE contypid = t.oid AND contype = 'c') AS checks
FROM (SELECT DISTINCT oid FROM used) u JOIN pg_type t ON t.oid = u.oid`;

export interface SeedSchema {
  tables: SeedTable[];
  types: Map<number, SeedType>;
}

export const readTables = async (client: ClientBase): Promise<SeedSchema> => {
  const { rows: tables } = await client.query<SeedTable>(TABLES);
  const { rows: types } = await client.query<SeedType & { oid: number }>(TYPES);
  return { tables, types: new Map(types.map((type) => [type.oid, type])) };
};
