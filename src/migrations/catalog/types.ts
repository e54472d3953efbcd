/**
 * `kind:identity` → definition, such as `column:public.rides.fare` → `numeric(10,2) not null default 0`. Names are told as
 * they are, without quotes, and always with their schema. Kinds: schema, extension, type (enum, domain, composite, range),
 * sequence, table, column, constraint, index, view, materialized view, statistics, function, procedure, aggregate, operator,
 * trigger, event trigger, rule, policy, publication, cast, collation, role, member and rarer ones; of any kind
 * `owner of KIND:…`, `grants on KIND:…` where they are not the usual ones, `comment on KIND:…`; `default grants`, `settings`.
 */
export type Catalog = Record<string, string>;

export interface CatalogDifference {
  object: string;
  /** Null: it is not there. */
  was: string | null;
  is: string | null;
}

/** Per table: rows, and per column an order-free fingerprint of its values. */
export type DataFingerprint = Record<string, { rows: string; columns: Record<string, string> }>;

export interface DataLoss {
  table: string;
  /** Null: rows of the table. */
  column: string | null;
  what: "table-gone" | "column-gone" | "values-changed" | "rows-changed";
}

/** What the target's own statistics say of a table. Estimates of PostgreSQL, not counts. */
export interface TableStatistics {
  table: string;
  rows: number;
  /** Heap with TOAST, without indexes. */
  bytes: number;
  indexBytes: number;
  /** Column → share of nulls, 0 to 1; absent where it is not known. */
  nullFractions: Record<string, number>;
  /** Columns of whose values no two were equal in the server's sample. */
  distinct: string[];
}

/** A schema as statements that make it again, with the rows by which a migration tool knows what has run. */
export interface SchemaScript {
  format: 1;
  /** Major version of the server it was read from. */
  major: number;
  extensions: { name: string; version: string; schema: string }[];
  /** Roles that own or are granted something; made without a password. */
  roles: string[];
  /** In an order in which they can be run. */
  statements: string[];
  /** Rows of the tools' bookkeeping tables, column values as text. */
  bookkeeping: { table: string; columns: string[]; rows: (string | null)[][] }[];
  statistics: TableStatistics[];
  /** What has to come out of it. */
  catalog: Catalog;
}
