import { DatabaseError, escapeIdentifier, type ClientBase } from "pg";
import { inOrder, readTables, type SeedColumn, type SeedKey, type SeedTable } from "./seed/tables.ts";
import { drawn, mentions, valuesOf } from "./seed/values.ts";
import type { TableStatistics } from "./types.ts";

export interface SeedOptions {
  /** For each table. */
  rows: number;
  /** What the target knows of its own rows: shares of nulls, and columns without equal values. */
  statistics?: TableStatistics[];
  /** Tables, as `schema.table`, that get none. */
  skip?: string[];
}

export interface SeedResult {
  seeded: string[];
  /** Tables that stay empty, each with what the server said. */
  unseeded: { table: string; reason: string }[];
}

/** One in so many is null where it may be and nothing is known of the target. */
const NULL_EVERY = 10;

/**
 * Rows in every table that keep its constraints, with nulls and equal values wherever the schema lets them be, so that what
 * fails on data fails in a rehearsal too. The same schema gets the same rows. Triggers do not fire. What cannot be filled
 * is told, not hidden. For a throwaway server, as its superuser.
 */
export const seedRows = async (client: ClientBase, options: SeedOptions): Promise<SeedResult> => {
  const { skip = [] } = options;
  const tables = inOrder(await readTables(client)).filter(({ name }) => !skip.includes(name));
  const result: SeedResult = { seeded: [], unseeded: [] };
  await client.query("SET session_replication_role = replica");
  try {
    for (const table of tables) {
      const reason = await seedTable(client, table, options);
      if (reason === null) result.seeded.push(table.name);
      else result.unseeded.push({ table: table.name, reason });
    }
  } finally {
    await client.query("RESET session_replication_role");
  }
  return result;
};

/** Null when it was filled. */
const seedTable = async (
  client: ClientBase,
  table: SeedTable,
  options: SeedOptions,
): Promise<string | null> => {
  try {
    const { rowCount } = await client.query(insertFor(table, options));
    return rowCount === 0 ? "no row was found that keeps all of its constraints" : null;
  } catch (error) {
    if (error instanceof DatabaseError) return error.message;
    throw error;
  }
};

/**
 * The INSERT that fills a table: many candidates, of which those that keep every condition are taken. A value is tried as
 * text and becomes the column's type in the second step; in the third a domain's conditions have been looked at. Pure.
 */
export const insertFor = (table: SeedTable, { rows, statistics }: SeedOptions): string => {
  const known = statistics?.find((one) => one.table === table.name) ?? null;
  const columns = table.columns.flatMap((column, index) => {
    const value = expressionFor(table, { column: withDistinct(column, known), index, known });
    return value === null ? [] : [{ ...column, value, quoted: escapeIdentifier(column.name) }];
  });
  if (columns.length === 0) return `INSERT INTO ${table.quoted} SELECT FROM generate_series(1, ${rows})`;
  const conditions = [
    ...table.checks.filter((check) => !table.columns.some((one) => one.byServer && check.includes(one.name))),
    ...columns.flatMap(({ quoted, domainChecks }) =>
      domainChecks.map((check) => check.replace(/\bVALUE\b/g, quoted)),
    ),
  ].map((check) => `(${check}) IS NOT FALSE`);
  const wanted = columns.filter(({ notNull }) => notNull).map(({ quoted }) => `${quoted} IS NOT NULL`);
  const where = [...conditions, ...wanted].join(" AND ") || "true";
  const candidates = conditions.length === 0 ? rows : rows * CANDIDATES;
  return (
    `INSERT INTO ${table.quoted} (${columns.map(({ quoted }) => quoted).join(", ")}) ` +
    `SELECT ${columns.map(({ quoted, type }) => `${quoted}::${type}`).join(", ")} FROM (` +
    `SELECT n, ${columns.map(({ value, quoted }) => `${value} AS ${quoted}`).join(", ")} ` +
    `FROM generate_series(1, ${candidates}) AS n ${table.keys.map((key, number) => joinParent(key, number)).join(" ")}` +
    `) AS candidate WHERE ${where} ORDER BY n LIMIT ${rows}`
  );
};

/** Rows that are tried for each that is wanted, where there are conditions. */
const CANDIDATES = 40;

const withDistinct = (column: SeedColumn, known: TableStatistics | null): SeedColumn =>
  known?.distinct.includes(column.name) === true ? { ...column, unique: true } : column;

const expressionFor = (
  table: SeedTable,
  { column, index, known }: { column: SeedColumn; index: number; known: TableStatistics | null },
): string | null => {
  if (column.byServer) return null;
  const type = column.domainChecks.length > 0 ? column.base : column.type;
  const key = table.keys.findIndex(
    ({ columns, parent }) => columns.includes(column.name) && parent !== table.quoted,
  );
  const own = table.keys.some(
    ({ columns, parent }) => columns.includes(column.name) && parent === table.quoted,
  );
  if (own && !column.notNull) return `NULL::${type}`;
  const values = valuesOf(own ? { ...column, unique: true } : column, { checks: table.checks, index });
  const value = key >= 0 ? parentColumn(table.keys[key]!, key, column) : chosen(values, index, type);
  if (value === null || column.notNull) return value;
  const share = known?.nullFractions[column.name];
  if (share === 0) return value;
  // A condition may want it null for some rows and not for others: half of the candidates each.
  const usual = table.checks.some((check) => mentions(check, column)) ? 2 : NULL_EVERY;
  const every = share === undefined ? usual : Math.max(1, Math.round(1 / share));
  return `CASE WHEN ${drawn(index + 1000)} % ${every} = 0 THEN NULL ELSE ${value} END`;
};

const chosen = (values: string[], index: number, type: string): string | null => {
  if (values.length === 0) return null;
  if (values.length === 1) return `(${values[0]!})::${type}`;
  const cases = values.map((value, number) => `WHEN ${number} THEN (${value})::text`).join(" ");
  return `(CASE ${drawn(index + 2000)} % ${values.length} ${cases} END)::${type}`;
};

/** Rows of the parent are numbered; where the reference must be unique the n-th row refers to the n-th. */
const joinParent = ({ parent, parentColumns, unique }: SeedKey, number: number): string => {
  const names = parentColumns.map((name) => escapeIdentifier(name)).join(", ");
  const at = unique ? "n" : `1 + ${drawn(number + 3000)} % (SELECT greatest(1, count(*)) FROM ${parent})`;
  return `LEFT JOIN (SELECT row_number() OVER (ORDER BY ${names}) AS at, ${names} FROM ${parent}) AS parent${number} ON parent${number}.at = ${at}`;
};

const parentColumn = (key: SeedKey, number: number, column: SeedColumn): string =>
  `parent${number}.${escapeIdentifier(key.parentColumns[key.columns.indexOf(column.name)]!)}`;
