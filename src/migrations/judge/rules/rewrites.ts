import type { Facts } from "../facts.ts";
import type { Hit, Rule } from "../rule.ts";
import { quoted, shortName, sqlName } from "../sql/names.ts";
import type { NewColumn } from "../sql/operation.ts";
import { constraintRules } from "./constraints.ts";
import { indexRules } from "./indexes.ts";
import { waitHit } from "./wait.ts";

/** Add it empty, let new rows have the value, fill the old ones in parts. */
const columnInSteps = (table: string, { name, type }: NewColumn, value: string): string[] => [
  `ALTER TABLE ${sqlName(table)} ADD COLUMN ${quoted(name)} ${type};`,
  `ALTER TABLE ${sqlName(table)} ALTER COLUMN ${quoted(name)} SET DEFAULT ${value};`,
  "-- later, again and again until no row is left:",
  `UPDATE ${sqlName(table)} SET ${quoted(name)} = DEFAULT WHERE ctid IN (SELECT ctid FROM ${sqlName(table)} WHERE ${quoted(name)} IS NULL LIMIT 5000);`,
];

const addedColumns = (
  facts: Facts,
  fits: (column: NewColumn) => boolean,
  { does, value }: { does: string; value: string },
): Hit[] =>
  facts.each("add-column").flatMap(({ statement, operation: { table, column } }) =>
    fits(column)
      ? waitHit(facts, statement, {
          table,
          object: `${table}.${column.name}`,
          does: `writes every row of ${shortName(table)} anew to ${does} ${column.name}`,
          instructions: columnInSteps(table, column, value),
        })
      : [],
  );

const INTEGER: Record<string, string> = { serial: "integer", bigserial: "bigint", smallserial: "smallint" };

const KNOWN: Rule[] = [
  {
    id: "change-type-rewrites",
    family: "blocks-traffic",
    level: "by-size",
    title:
      "A column's type is changed, and every row is read or written anew while nobody can read or write the table.",
    why: "Only a few changes keep the values as they are on disk: a longer varchar, or varchar to text.",
    instead:
      "Add a column of the new type, write both, fill the old rows in parts, move the readers, drop the old one later.",
    example: {
      finds: ["ALTER TABLE rides ALTER COLUMN seats TYPE bigint;"],
      instead: ["ALTER TABLE rides ALTER COLUMN city TYPE varchar(80);"],
    },
    sameAs: {
      squawk: ["changing-column-type"],
      eugene: ["E5"],
      strong_migrations: ["change_column"],
      atlas: ["PG301"],
      pgroll: ["change_type"],
      "django-migration-linter": ["ALTER_COLUMN"],
    },
    check: (facts) =>
      facts.each("change-type").flatMap(({ statement, operation: { table, column, to } }) =>
        waitHit(facts, statement, {
          table,
          object: `${table}.${column}`,
          does: `makes ${shortName(table)}.${column} ${to} in every row`,
          instructions: [
            `ALTER TABLE ${sqlName(table)} ADD COLUMN ${quoted(`${column}_new`)} ${to};`,
            "-- write both columns from now on; then, again and again until no row is left:",
            `UPDATE ${sqlName(table)} SET ${quoted(`${column}_new`)} = ${quoted(column)} WHERE ctid IN (SELECT ctid FROM ${sqlName(table)} WHERE ${quoted(`${column}_new`)} IS NULL AND ${quoted(column)} IS NOT NULL LIMIT 5000);`,
          ],
        }),
      ),
  },
  {
    id: "add-column-volatile-default",
    family: "blocks-traffic",
    level: "by-size",
    title: "A column is added with a default that is computed for each row.",
    why: "A constant or now() is kept once for the whole table; random(), gen_random_uuid() or nextval() need every row written anew.",
    instead: "Add the column without a default, set the default for new rows, fill the old ones in parts.",
    example: {
      finds: ["ALTER TABLE rides ADD COLUMN token uuid DEFAULT gen_random_uuid();"],
      instead: ["ALTER TABLE rides ADD COLUMN booked_at timestamptz DEFAULT now();"],
    },
    sameAs: {
      squawk: ["adding-field-with-default"],
      eugene: ["E10"],
      strong_migrations: ["add_column_default", "add_column_default_callable"],
      atlas: ["PG302"],
      pgroll: ["add_column"],
    },
    check: (facts) =>
      addedColumns(facts, ({ default: kind }) => kind === "volatile", { does: "compute", value: "…" }),
  },
  {
    id: "add-serial-column",
    family: "blocks-traffic",
    level: "by-size",
    title: "A numbered column (serial, identity) is added to a table that has rows.",
    why: "Every row gets a number of its own, so every row is written anew under an AccessExclusive lock.",
    instead: "Add a plain integer column, take the default from a sequence, number the old rows in parts.",
    example: {
      finds: ["ALTER TABLE rides ADD COLUMN number bigserial;"],
      instead: ["ALTER TABLE rides ADD COLUMN number bigint;"],
    },
    sameAs: {
      squawk: ["adding-serial-primary-key-field"],
      eugene: ["E11"],
      strong_migrations: ["add_column_auto_incrementing"],
      atlas: ["PG302"],
    },
    check: (facts) =>
      addedColumns(facts, ({ serial, identity }) => serial || identity, {
        does: "number",
        value: "nextval('…')",
      }).map((hit) => ({
        ...hit,
        instructions: (hit.instructions ?? []).map((line) =>
          line.replace(/\b(?:small|big)?serial\b/, (type) => INTEGER[type] ?? type),
        ),
      })),
  },
  {
    id: "add-stored-generated-column",
    family: "blocks-traffic",
    level: "by-size",
    title: "A stored generated column is added to a table that has rows.",
    why: "Its value is computed and written for every row under an AccessExclusive lock.",
    instead:
      "Add a plain column that a trigger fills, and fill the old rows in parts; or compute it when it is read.",
    example: {
      finds: [
        "ALTER TABLE rides ADD COLUMN fare_cents bigint GENERATED ALWAYS AS ((fare * 100)::bigint) STORED;",
      ],
      instead: ["ALTER TABLE rides ADD COLUMN fare_cents bigint;"],
    },
    sameAs: {
      squawk: ["adding-field-with-default"],
      eugene: ["E11"],
      strong_migrations: ["add_column_generated_stored"],
    },
    check: (facts) => addedColumns(facts, ({ stored }) => stored, { does: "compute", value: "…" }),
  },
  {
    id: "rebuilds-table",
    family: "blocks-traffic",
    level: "by-size",
    title: "A table is written anew as a whole: VACUUM FULL, CLUSTER, SET LOGGED, SET TABLESPACE.",
    why: "It takes an AccessExclusive lock and keeps it until the last row is copied.",
    instead:
      "Plain VACUUM frees space for new rows without a lock; pg_repack or pg_squeeze rebuild a table while it is used.",
    example: { finds: ["CLUSTER rides USING rides_status_idx;"], instead: ["VACUUM (ANALYZE) rides;"] },
    sameAs: { squawk: ["prefer-repack"], eugene: ["E10"] },
    check: (facts) =>
      facts.each("rewrite-table").flatMap(({ statement, operation: { table, how } }) =>
        waitHit(facts, statement, {
          table,
          does: `writes all of ${shortName(table)} anew (${how})`,
          instructions: [`VACUUM (ANALYZE) ${sqlName(table)};`],
        }),
      ),
  },
];

/** What was seen of a table that no rule about its very cause tells of. */
const unexplained = (facts: Facts, works: string[], does: (table: string) => string): Hit[] => {
  const told = new Set(
    [...indexRules, ...constraintRules, ...KNOWN].flatMap((rule) =>
      rule.check(facts).map(({ statement }) => statement),
    ),
  );
  return facts.statements
    .filter((statement) => statement.observed !== null && !told.has(statement))
    .flatMap((statement) =>
      facts
        .effects(statement)
        .filter(({ work }) => work !== null && works.includes(work))
        .flatMap(({ table }) =>
          waitHit(facts, statement, { table, does: does(shortName(table)), instructions: [] }),
        ),
    );
};

export const rewriteRules: Rule[] = [
  ...KNOWN,
  {
    id: "table-rewritten",
    family: "blocks-traffic",
    level: "by-size",
    title: "The rehearsal saw a table written anew under a lock, whatever caused it.",
    why: "Code, a function or an extension did what needs the whole table: users of it wait as long as for any rewrite.",
    instead: "Find the statement inside, and do it in steps that keep the table open.",
    example: { finds: [], instead: [] },
    sameAs: { eugene: ["E10"] },
    check: (facts) =>
      unexplained(facts, ["rewrite", "volatile-rewrite"], (table) => `writes all of ${table} anew`),
  },
  {
    id: "table-scanned-under-lock",
    family: "blocks-traffic",
    level: "by-size",
    title: "The rehearsal saw a whole table read under a lock that keeps others out, whatever caused it.",
    why: "While the lock is held others wait, and the larger the table, the longer.",
    instead: "Read it before the lock is taken, or in a transaction of its own.",
    example: { finds: [], instead: [] },
    sameAs: { eugene: ["E4"] },
    check: (facts) => unexplained(facts, ["scan"], (table) => `reads all of ${table}`),
  },
];
