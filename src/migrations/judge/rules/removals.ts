import type { Facts } from "../facts.ts";
import type { Hit, Rule } from "../rule.ts";
import { quoted, shortName, sqlName } from "../sql/names.ts";
import type { Dropped } from "../sql/operation.ts";

/** A contract migration that says so is held back until nothing needs what it removes; that it breaks is no news. */
export const unlessMarked = (facts: Facts, level: NonNullable<Hit["level"]>): NonNullable<Hit["level"]> =>
  facts.marked ? "info" : level;

export const HELD_BACK =
  "Take it out of the code in one release and drop it in a later one: Switchback holds it back until no release in reach of a rollback needs it. Say so with `-- switchback: contract` in the file.";

const drops = (facts: Facts, what: Dropped, why: (name: string) => string): Hit[] =>
  facts
    .each("drop")
    .filter(({ operation }) => operation.what === what)
    .flatMap(({ statement, operation }) =>
      operation.names
        .filter((name) => what !== "table" || !facts.isNew(name))
        .map((name) => ({
          statement,
          object: name,
          what: `It drops the ${what} ${shortName(name)}${operation.cascade ? ", and whatever hangs on it" : ""}. ${why(shortName(name))}`,
          level: unlessMarked(facts, "warn"),
          contract: `drops the ${what} ${shortName(name)}`,
          instructions: [] as string[],
        })),
    );

export const removalRules: Rule[] = [
  {
    id: "drop-table",
    family: "breaks-the-release-before",
    level: "warn",
    title: "A table is dropped.",
    why: "The release before fails wherever it still reads or writes it, and its rows are gone: no down brings them back.",
    instead: HELD_BACK,
    example: {
      finds: ["DROP TABLE drivers;"],
      instead: ["CREATE TABLE scratch (id int);", "DROP TABLE scratch;"],
    },
    sameAs: {
      squawk: ["ban-drop-table"],
      atlas: ["DS102"],
      pgroll: ["drop_table"],
      "django-migration-linter": ["DROP_TABLE"],
    },
    check: (facts) =>
      drops(facts, "table", (name) => `A release that still uses ${name} fails.`).map((hit) => ({
        ...hit,
        instructions: [
          "-- has anyone used it since the statistics were reset?",
          `SELECT seq_scan, idx_scan, n_tup_ins, n_tup_upd FROM pg_stat_user_tables WHERE relid = to_regclass('${sqlName(hit.object ?? "")}');`,
        ],
      })),
  },
  {
    id: "drop-column",
    family: "breaks-the-release-before",
    level: "warn",
    title: "A column is dropped.",
    why: "The release before fails in every statement that names it, prepared ones and SELECT * among them; its values are gone.",
    instead: HELD_BACK,
    example: {
      finds: ["ALTER TABLE rides DROP COLUMN note;"],
      instead: ["ALTER TABLE rides ADD COLUMN scratch int;", "ALTER TABLE rides DROP COLUMN scratch;"],
    },
    sameAs: {
      squawk: ["ban-drop-column"],
      strong_migrations: ["remove_column"],
      atlas: ["DS103"],
      pgroll: ["drop_column"],
      "django-migration-linter": ["DROP_COLUMN"],
    },
    check: (facts) =>
      facts.each("drop-column").flatMap(({ statement, operation: { table, column } }) =>
        facts.isNewColumn(table, column)
          ? []
          : [
              {
                statement,
                object: `${table}.${column}`,
                what: `It drops ${shortName(table)}.${column}. A release that still names it fails.`,
                level: unlessMarked(facts, "warn"),
                contract: `drops ${shortName(table)}.${column}`,
                instructions: [
                  "-- what would be lost:",
                  `SELECT count(*) FROM ${sqlName(table)} WHERE ${quoted(column)} IS NOT NULL;`,
                ],
              },
            ],
      ),
  },
  {
    id: "drop-schema",
    family: "breaks-the-release-before",
    level: "warn",
    title: "A schema is dropped.",
    why: "Everything in it goes at once, for the release before too.",
    instead: HELD_BACK,
    example: { finds: ["DROP SCHEMA archive;"], instead: ["CREATE SCHEMA reports;"] },
    sameAs: { atlas: ["DS101"] },
    check: (facts) => drops(facts, "schema", (name) => `A release that still uses what is in ${name} fails.`),
  },
  {
    id: "drop-view",
    family: "breaks-the-release-before",
    level: "warn",
    title: "A view is dropped.",
    why: "The release before fails wherever it still reads it. CREATE OR REPLACE VIEW changes one without a gap.",
    instead: HELD_BACK,
    example: {
      finds: ["DROP VIEW open_rides;"],
      instead: ["CREATE OR REPLACE VIEW open_rides AS SELECT 1 AS id;"],
    },
    sameAs: {},
    check: (facts) => drops(facts, "view", (name) => `A release that still reads ${name} fails.`),
  },
  {
    id: "drop-type",
    family: "breaks-the-release-before",
    level: "warn",
    title: "A type or an enum is dropped; PostgreSQL has no other way to take a value out of an enum.",
    why: "The release before fails wherever it still writes the type's name or the value that is no more.",
    instead: HELD_BACK,
    example: {
      finds: ["DROP TYPE ride_status;"],
      instead: ["ALTER TYPE ride_status ADD VALUE 'paused' AFTER 'open';"],
    },
    sameAs: {},
    check: (facts) => drops(facts, "type", (name) => `A release that still names ${name} fails.`),
  },
];
