import type { ClientBase } from "pg";

/** What decides which values a column can hold. */
export interface SeedColumn {
  name: string;
  /** As it is declared: a domain's or an enum's name. */
  type: string;
  /** What is behind a domain, without length. */
  base: string;
  /** Of a text with a bound; null: none. */
  length: number | null;
  /** Of an enum, in order. */
  labels: string[] | null;
  notNull: boolean;
  hasDefault: boolean;
  /** Filled in by the server: identity, serial, generated. */
  byServer: boolean;
  /** In some key or exclusion: no two rows may be equal. */
  unique: boolean;
  /** In a key of this column alone. */
  alone: boolean;
  /** Conditions of its domain, with VALUE in the place of the column. */
  domainChecks: string[];
}

export interface SeedKey {
  columns: string[];
  /** `schema.table`, quoted, and the columns there. */
  parent: string;
  parentColumns: string[];
  /** Some column of it is in a unique index. */
  unique: boolean;
}

export interface SeedTable {
  /** `schema.table` */
  name: string;
  /** The same, quoted. */
  quoted: string;
  columns: SeedColumn[];
  keys: SeedKey[];
  /** Conditions of its CHECK constraints. */
  checks: string[];
}

const QUERY = `
SELECT n.nspname || '.' || c.relname AS name, c.oid::regclass::text AS quoted,
  (SELECT coalesce(json_agg(json_build_object(
      'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
      'base', format_type(b.oid, NULL),
      'length', CASE WHEN b.typname IN ('varchar', 'bpchar') AND greatest(a.atttypmod, t.typtypmod) > 4 THEN greatest(a.atttypmod, t.typtypmod) - 4 END,
      'labels', (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = b.oid),
      'notNull', a.attnotnull OR t.typnotnull,
      'hasDefault', d.oid IS NOT NULL OR t.typdefault IS NOT NULL,
      'byServer', a.attidentity <> '' OR a.attgenerated <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%', false),
      'unique', EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND (i.indisunique OR i.indisexclusion) AND (a.attnum = ANY (i.indkey)
        OR 0 = ANY (i.indkey) AND pg_get_indexdef(i.indexrelid) ~ ('\\m' || a.attname || '\\M'))),
      'alone', EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indnkeyatts = 1 AND a.attnum = i.indkey[0]),
      'domainChecks', (SELECT coalesce(json_agg(pg_get_expr(k.conbin, 0)), '[]') FROM pg_constraint k WHERE k.contype = 'c' AND k.contypid = t.oid AND t.typtype = 'd')
    ) ORDER BY a.attnum), '[]')
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
  (SELECT coalesce(json_agg(json_build_object('parent', k.confrelid::regclass::text,
      'columns', (SELECT json_agg(a.attname ORDER BY o.at) FROM unnest(k.conkey) WITH ORDINALITY AS o(num, at) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = o.num),
      'parentColumns', (SELECT json_agg(a.attname ORDER BY o.at) FROM unnest(k.confkey) WITH ORDINALITY AS o(num, at) JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = o.num)) ORDER BY k.oid), '[]')
    FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.conparentid = 0) AS keys,
  (SELECT coalesce(json_agg(pg_get_expr(k.conbin, k.conrelid)), '[]') FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c') AS checks
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend m WHERE m.classid = 'pg_class'::regclass AND m.objid = c.oid AND m.deptype = 'e')
ORDER BY c.oid`;

export const readTables = async (client: ClientBase): Promise<SeedTable[]> =>
  (await client.query<SeedTable>(QUERY)).rows.map((table) => ({
    ...table,
    keys: table.keys.map((key) => ({
      ...key,
      unique: table.columns.some(({ name, unique }) => unique && key.columns.includes(name)),
    })),
  }));

/** A table after those that it refers to; of a circle, the one that was made first comes first. */
export const inOrder = (tables: SeedTable[]): SeedTable[] => {
  const byName = new Map(tables.map((table) => [table.quoted, table]));
  const ordered = new Set<SeedTable>();
  const visit = (table: SeedTable, path: SeedTable[]): void => {
    if (ordered.has(table) || path.includes(table)) return;
    for (const { parent } of table.keys) {
      const next = byName.get(parent);
      if (next !== undefined) visit(next, [...path, table]);
    }
    ordered.add(table);
  };
  for (const table of tables) visit(table, []);
  return [...ordered];
};
