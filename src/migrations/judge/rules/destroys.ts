import type { Facts } from "../facts.ts";
import type { Hit, Rule } from "../rule.ts";
import { shortName, sqlName } from "../sql/names.ts";
import { unlessMarked } from "./removals.ts";

const truncated = (facts: Facts, cascade: boolean): Hit[] =>
  facts.each("truncate").flatMap(({ statement, operation }) => {
    const tables = operation.tables.filter((table) => !facts.isNew(table));
    if (operation.cascade !== cascade || tables.length === 0) return [];
    const names = tables.map(shortName).join(", ");
    return [
      {
        statement,
        object: tables[0] ?? null,
        what: cascade
          ? `It empties ${names} and every table that points at them, named or not.`
          : `It empties ${names}.`,
        instructions: tables.map((table) => `SELECT count(*) FROM ${sqlName(table)};`),
      },
    ];
  });

export const destroyRules: Rule[] = [
  {
    id: "drop-database",
    family: "destroys",
    level: "block",
    title: "A database is dropped.",
    why: "Everything in it is gone, and no way back of a deployment brings it back.",
    instead: "Drop it by hand, after a snapshot, when nothing uses it any more.",
    example: { finds: ["DROP DATABASE rideshare;"], instead: ["CREATE SCHEMA scratch;"] },
    sameAs: { squawk: ["ban-drop-database"] },
    check: (facts) =>
      facts
        .each("drop")
        .filter(({ operation }) => operation.what === "database")
        .map(({ statement, operation }) => ({
          statement,
          object: operation.names[0] ?? null,
          what: `It drops the database ${operation.names[0] ?? ""}.`,
        })),
  },
  {
    id: "truncate",
    family: "destroys",
    level: "block",
    title: "A table that is in use is emptied.",
    why: "Its rows are gone for the release before too, and readers wait for the AccessExclusive lock.",
    instead: "Delete what is not needed in parts, or do it by hand after a snapshot.",
    example: {
      finds: ["TRUNCATE rides;"],
      instead: ["CREATE TABLE scratch (id int);", "TRUNCATE scratch;"],
    },
    sameAs: { squawk: ["ban-truncate-cascade"] },
    check: (facts) => truncated(facts, false),
  },
  {
    id: "truncate-cascade",
    family: "destroys",
    level: "block",
    title: "TRUNCATE … CASCADE empties every table that points at the one it names.",
    why: "Which tables those are changes with every foreign key; the rows are gone.",
    instead: "Name each table, after a snapshot, or delete in parts.",
    example: { finds: ["TRUNCATE drivers CASCADE;"], instead: ["DELETE FROM drivers WHERE id < 0;"] },
    sameAs: { squawk: ["ban-truncate-cascade"] },
    check: (facts) => truncated(facts, true),
  },
  {
    id: "drop-cascade",
    family: "destroys",
    level: "block",
    title: "DROP … CASCADE takes along whatever depends on what it drops.",
    why: "Views, foreign keys and columns go that the migration does not name and that nobody looked at.",
    instead: "Drop each dependent object by its name, then drop without CASCADE.",
    example: { finds: ["DROP TABLE drivers CASCADE;"], instead: ["DROP VIEW open_rides;"] },
    sameAs: { strong_migrations: ["create_table"], atlas: ["DS102"] },
    check: (facts) => [
      ...facts.each("drop").flatMap(({ statement, operation }): Hit[] => {
        const names = operation.names.filter((name) => operation.what !== "table" || !facts.isNew(name));
        if (!operation.cascade || names.length === 0) return [];
        return [
          {
            statement,
            object: names[0] ?? null,
            what: `It drops whatever depends on ${names.map(shortName).join(", ")}.`,
          },
        ];
      }),
      ...facts
        .each("drop-column")
        .filter(({ operation: { cascade, table, column } }) => cascade && !facts.isNewColumn(table, column))
        .map(({ statement, operation: { table, column } }) => ({
          statement,
          object: `${table}.${column}`,
          what: `It drops whatever depends on ${shortName(table)}.${column}.`,
        })),
    ],
  },
  {
    id: "drop-constraint",
    family: "destroys",
    level: "warn",
    title: "A constraint is dropped.",
    why: "Rows that it forbade are written from then on, and it cannot be added again before they are mended.",
    instead: "Keep it until the code that relies on it is gone from every release in reach.",
    example: {
      finds: ["ALTER TABLE rides DROP CONSTRAINT rides_seats_check;"],
      instead: [
        "ALTER TABLE rides ADD CONSTRAINT rides_fare_check CHECK (fare >= 0) NOT VALID;",
        "ALTER TABLE rides DROP CONSTRAINT rides_fare_check;",
      ],
    },
    sameAs: { atlas: ["CD101"], pgroll: ["drop_constraint", "drop_multi_column_constraint"] },
    check: (facts) =>
      facts.each("drop-constraint").flatMap(({ statement, operation: { table, name } }) =>
        facts.isNew(table) || addedHere(facts, table, name)
          ? []
          : [
              {
                statement,
                object: table,
                what: `It drops ${name} of ${shortName(table)}.`,
                level: unlessMarked(facts, "warn"),
              },
            ],
      ),
  },
  {
    id: "recreate-table",
    family: "destroys",
    level: "block",
    title: "A table is dropped and made again in one migration.",
    why: "Its rows are gone although a table of the same name is there, so that nothing looks wrong.",
    instead: "Alter the table, or make a new one of another name and move the rows over.",
    example: {
      finds: ["DROP TABLE IF EXISTS drivers;", "CREATE TABLE drivers (id bigint PRIMARY KEY);"],
      instead: ["CREATE TABLE IF NOT EXISTS couriers (id bigint PRIMARY KEY);"],
    },
    sameAs: { strong_migrations: ["create_table"] },
    check: (facts) => {
      const dropped = facts.each("drop").filter(({ operation }) => operation.what === "table");
      return facts.each("create-table").flatMap(({ statement, operation: { table } }): Hit[] => {
        const before = dropped.find(
          ({ statement: one, operation }) =>
            operation.names.includes(table) &&
            facts.statements.indexOf(one) < facts.statements.indexOf(statement),
        );
        if (before === undefined || (facts.schema.known && !facts.schema.hasTable(table))) return [];
        return [
          {
            statement,
            object: table,
            what: `It drops ${shortName(table)} with its rows and makes an empty one.`,
          },
        ];
      });
    },
  },
];

/** Such as the CHECK that proves a NOT NULL and is needed no longer. */
const addedHere = (facts: Facts, table: string, name: string): boolean =>
  facts
    .each("add-constraint")
    .some(({ operation }) => operation.table === table && operation.constraint.name === name) ||
  (facts.schema.known &&
    facts.each("set-not-null").some(({ operation }) => operation.table === table) &&
    facts.schema.constraints(table).some((one) => one.name === name && /is not null/i.test(one.definition)));
