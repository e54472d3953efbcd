import { createHash } from "node:crypto";
import { escapeIdentifier } from "pg";
import { conditionsOf, domainConditions } from "./conditions.ts";
import { hintsOf, type Condition, type Hints } from "./hints.ts";
import type { SeedStep } from "./order-tables.ts";
import { baseOf, valueOf } from "./value-of.ts";
import type { ForeignKey, SeedColumn, SeedSchema, SeedTable } from "./read-tables.ts";

/** Columns whose share of nulls nobody knows. */
const USUAL_NULLS = 0.2;
/** A share that is small but not nothing has to show among few rows. */
const LEAST_NULLS = 0.05;

export interface InsertOptions {
  step: SeedStep;
  schema: SeedSchema;
  rows: number;
  /** From 0: later rounds make other values. */
  round: number;
  nullFractions: Record<string, number>;
  /** What was found out of columns by trying. */
  hints: Map<string, Hints>;
  /** Tables that foreign keys refer to, with the rows that are there. */
  parents: Map<number, { from: string; rows: number }>;
}

export type Insert = { statement: string } | { reason: string };

/** A number that follows from names alone, so that every run makes the same rows. */
const saltOf = (...parts: string[]): number =>
  createHash("sha256").update(parts.join("\0")).digest().readUInt32BE(0);

const hash = (seed: string, salt: number): string =>
  `(pg_catalog.hashint8extended((${seed})::int8, ${salt}) & 9223372036854775807)`;

const quote = escapeIdentifier;
const ROW = quote("switchback row");
const COPY = quote("switchback copy");

interface Draft {
  options: InsertOptions;
  conditions: Condition[];
  /** Foreign key by the column that it fills. */
  keys: Map<string, ForeignKey>;
  pool: number;
}

const makeDraft = (options: InsertOptions): Draft => {
  const { step, schema, rows } = options;
  const keys = new Map<string, ForeignKey>();
  for (const key of step.ready)
    if (!key.columns.some((column) => keys.has(column)))
      for (const column of key.columns) keys.set(column, key);
  return {
    options,
    conditions: conditionsOf(step.table, schema),
    keys,
    pool: Math.max(2, Math.ceil(rows / 3)),
  };
};

const nullsOf = ({ options }: Draft, column: string): number => {
  const known = options.nullFractions[column];
  if (known === undefined) return USUAL_NULLS;
  return known === 0 ? 0 : Math.max(known, LEAST_NULLS);
};

const withNulls = (value: string, share: number, salt: number): string =>
  share <= 0
    ? value
    : `CASE WHEN ${hash(COPY, salt)} % 1000 < ${Math.round(share * 1000)} THEN NULL ELSE ${value} END`;

const isNullable = (column: SeedColumn, { schema }: InsertOptions): boolean => {
  for (let at = schema.types.get(column.type); at !== undefined;) {
    if (at.notNull) return false;
    at = at.kind === "d" && at.of !== null ? schema.types.get(at.of) : undefined;
  }
  return !column.notNull;
};

/** SQL of the column in a candidate row; a reason why there is none; null to leave it to its default. */
const candidateOf = (column: SeedColumn, draft: Draft): { sql: string } | { reason: string } => {
  const { options, keys } = draft;
  const { table } = options.step;
  const salt = saltOf(table.table, column.name);
  const nullable = isNullable(column, options);
  const key = keys.get(column.name);
  if (key !== undefined) {
    const parent = options.parents.get(key.parent);
    const mixed = key.columns.some(
      (name) => table.columns.find((one) => one.name === name)?.notNull === true,
    );
    const share = nullable && !(key.full && mixed) ? nullsOf(draft, column.name) : 0;
    const from = `${quote(`key ${key.name}`)}.${quote(key.parentColumns[key.columns.indexOf(column.name)]!)}`;
    if (parent !== undefined && parent.rows > 0)
      return { sql: withNulls(from, share, saltOf(table.table, key.name, "null")) };
    return nullable
      ? { sql: nullOf(column, options) }
      : { reason: `the table that ${key.name} refers to has no rows` };
  }
  if (nullable && options.step.later.some(({ columns }) => columns.includes(column.name)))
    return { sql: nullOf(column, options) };
  const isUnique = table.unique.includes(column.name);
  const seeds = {
    value: isUnique ? `(${ROW})` : `(${hash(COPY, salt)} % ${draft.pool})`,
    shape: hash(ROW, salt + 1),
  };
  const hints = options.hints.get(column.name) ?? hintsOf(column.name, draft.conditions);
  const value = valueOf({ type: column.type, modifier: column.modifier, hints, seeds }, options.schema.types);
  if (value !== null) return { sql: withNulls(value, nullable ? nullsOf(draft, column.name) : 0, salt + 2) };
  if (nullable) return { sql: nullOf(column, options) };
  const type = options.schema.types.get(column.type)?.sql ?? "unknown";
  return { reason: `no value of the type ${type} of column ${column.name} is known` };
};

const nullOf = (column: SeedColumn, { schema }: InsertOptions): string => {
  const type = schema.types.get(column.type);
  return type === undefined ? "NULL" : `NULL::${baseOf(type, schema.types).sql}`;
};

const usedKeys = (draft: Draft): ForeignKey[] =>
  [...new Set(draft.keys.values())].filter(
    ({ parent }) => (draft.options.parents.get(parent)?.rows ?? 0) > 0,
  );

/** One parent row for each row; different ones where the key is unique. */
const joinOf = (key: ForeignKey, { options }: Draft): string => {
  const { table } = options.step;
  const parent = options.parents.get(key.parent)!;
  const columns = key.parentColumns.map(quote).join(", ");
  const unique = key.columns.length === 1 && table.unique.includes(key.columns[0]!);
  const nth = unique ? ROW : hash(COPY, saltOf(table.table, key.name));
  return `LEFT JOIN (SELECT ${columns}, row_number() OVER (ORDER BY ${columns}) - 1 AS nth FROM ${parent.from}) ${quote(`key ${key.name}`)}
    ON ${quote(`key ${key.name}`)}.nth = (${nth}) % ${parent.rows}`;
};

/** A second foreign key over a column that is filled by another has to find its row by chance. */
const chanceOf = (key: ForeignKey, { parents }: InsertOptions): string => {
  const pairs = key.columns.map((column, at) => `p.${quote(key.parentColumns[at]!)} = c.${quote(column)}`);
  const nulls = key.columns.map((column) => `c.${quote(column)} IS NULL`);
  return `(${nulls.join(" OR ")} OR EXISTS (SELECT FROM ${parents.get(key.parent)?.from ?? "(SELECT) x"} p WHERE ${pairs.join(" AND ")}))`;
};

const filtersOf = (draft: Draft, made: Set<string>): string[] => {
  const { step } = draft.options;
  const conditions = [...step.table.checks, ...domainConditions(step.table, draft.options.schema)]
    .filter(({ columns }) => !columns.some((column) => made.has(column)))
    .map(({ expression }) => `(${expression}) IS NOT FALSE`);
  const partitions = step.table.partitions.map((expression) => `(${expression})`);
  const used = new Set(usedKeys(draft));
  const chances = step.ready
    .filter((key) => !used.has(key) && (draft.options.parents.get(key.parent)?.rows ?? 0) > 0)
    .filter((key) => key.columns.some((column) => draft.keys.get(column) !== key))
    .map((key) => chanceOf(key, draft.options));
  return [...conditions, ...(partitions.length === 0 ? [] : [`(${partitions.join(" OR ")})`]), ...chances];
};

/**
 * Candidates are many more rows than are wanted; those that the table's conditions let in are taken, so that a condition need
 * not be understood to be met. Every fourth is a copy of the one before in all that is not unique. Pure.
 */
export const insertStatement = (options: InsertOptions): Insert => {
  const { step, rows, round } = options;
  const draft = makeDraft(options);
  const ours = step.table.columns.filter(({ source }) => source === "ours");
  const generated = step.table.columns.filter(({ source }) => source === "generated");
  const made = new Set(step.table.columns.filter(({ source }) => source === "made").map(({ name }) => name));
  const values: string[] = [];
  for (const column of ours) {
    const candidate = candidateOf(column, draft);
    if ("reason" in candidate) return candidate;
    values.push(`${candidate.sql} AS ${quote(column.name)}`);
  }
  const filters = filtersOf(draft, made);
  const count = rows * (filters.length === 0 ? 2 : 20);
  const first = 1 + round * count;
  const names = ours.map(({ name }) => quote(name));
  if (names.length === 0) return { statement: emptyRows(step.table, rows) };
  return {
    statement: `INSERT INTO ${step.table.sql} (${names.join(", ")})
SELECT ${names.map((name) => `c.${name}`).join(", ")} FROM (
  SELECT b.*${generated.map(({ name, expression }) => `, (${expression}) AS ${quote(name)}`).join("")} FROM (
    SELECT ${ROW}, ${values.join(",\n      ")}
    FROM (SELECT n AS ${ROW}, CASE WHEN n % 4 = 0 THEN n - 1 ELSE n END AS ${COPY} FROM generate_series(${first}, ${first + count - 1}) n) s
    ${usedKeys(draft)
      .map((key) => joinOf(key, draft))
      .join("\n    ")}
  ) b
) c${filters.length === 0 ? "" : `\nWHERE ${filters.join("\n  AND ")}`}
ORDER BY ${ROW} LIMIT ${rows} ON CONFLICT DO NOTHING`,
  };
};

/** All columns come from sequences, or there are none. */
const emptyRows = ({ sql, columns }: SeedTable, rows: number): string =>
  columns.length === 0
    ? `INSERT INTO ${sql} SELECT FROM generate_series(1, ${rows})`
    : `INSERT INTO ${sql} (${quote(columns[0]!.name)}) ${columns[0]!.source === "made" ? "OVERRIDING USER VALUE " : ""}SELECT n FROM generate_series(1, ${rows}) n ON CONFLICT DO NOTHING`;
