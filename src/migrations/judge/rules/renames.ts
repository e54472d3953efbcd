import type { Facts } from "../facts.ts";
import type { Hit, Rule } from "../rule.ts";
import { quoted, shortName, sqlName } from "../sql/names.ts";
import type { OperationOf, Renamed } from "../sql/operation.ts";
import { unlessMarked } from "./removals.ts";

type Rename = OperationOf<"rename">;

const renames = (
  facts: Facts,
  what: Renamed[],
  { isNew, instructions }: { isNew: (rename: Rename) => boolean; instructions: (rename: Rename) => string[] },
): Hit[] =>
  facts.each("rename").flatMap(({ statement, operation }) => {
    if (!what.includes(operation.what) || isNew(operation)) return [];
    const name = `${shortName(operation.object)}${operation.part === null ? "" : `.${operation.part}`}`;
    return [
      {
        statement,
        object: operation.part === null ? operation.object : `${operation.object}.${operation.part}`,
        what: `It renames ${name} to ${operation.to}. From that moment on the release before asks for a name that is not there.`,
        level: unlessMarked(facts, "block"),
        contract: `renames ${name} to ${operation.to}`,
        instructions: instructions(operation),
      },
    ];
  });

const never = () => false;
const nothing = () => [];

export const renameRules: Rule[] = [
  {
    id: "rename-table",
    family: "breaks-the-release-before",
    level: "block",
    title: "A table is renamed.",
    why: "Old and new code run side by side while a release is rolled out, and again when it is taken back; only one of them finds the table.",
    instead: "Leave a view of the old name behind in the same transaction, and drop it in a later release.",
    example: {
      finds: ["ALTER TABLE rides RENAME TO trips;"],
      instead: ["CREATE VIEW trips AS SELECT * FROM rides;"],
    },
    sameAs: {
      squawk: ["renaming-table"],
      strong_migrations: ["rename_table"],
      atlas: ["BC101"],
      pgroll: ["rename_table"],
      "django-migration-linter": ["RENAME_TABLE"],
    },
    check: (facts) =>
      renames(facts, ["table", "view"], {
        isNew: ({ object }) => facts.isNew(object) || keptByView(facts, object),
        instructions: ({ object, to }) => [
          "BEGIN;",
          `ALTER TABLE ${sqlName(object)} RENAME TO ${quoted(to)};`,
          `CREATE VIEW ${sqlName(object)} AS SELECT * FROM ${quoted(to)};`,
          "COMMIT;",
        ],
      }),
  },
  {
    id: "rename-column",
    family: "breaks-the-release-before",
    level: "block",
    title: "A column is renamed.",
    why: "The release before fails in every statement that names it, often behind a page that still answers 200.",
    instead:
      "Add the new column, write both, fill the old rows in parts, move the readers, drop the old one in a later release.",
    example: {
      finds: ["ALTER TABLE rides RENAME COLUMN fare TO price;"],
      instead: ["ALTER TABLE rides ADD COLUMN price numeric(10,2);"],
    },
    sameAs: {
      squawk: ["renaming-column"],
      strong_migrations: ["rename_column"],
      atlas: ["BC102"],
      pgroll: ["rename_column"],
      "django-migration-linter": ["RENAME_COLUMN"],
    },
    check: (facts) =>
      renames(facts, ["column"], {
        isNew: ({ object, part }) => facts.isNewColumn(object, part ?? ""),
        instructions: ({ object, part, to }) => [
          `ALTER TABLE ${sqlName(object)} ADD COLUMN ${quoted(to)} ${typeOf(facts, object, part ?? "")};`,
          "-- write both columns from now on; then, again and again until no row is left:",
          `UPDATE ${sqlName(object)} SET ${quoted(to)} = ${quoted(part ?? "")} WHERE ctid IN (SELECT ctid FROM ${sqlName(object)} WHERE ${quoted(to)} IS NULL AND ${quoted(part ?? "")} IS NOT NULL LIMIT 5000);`,
        ],
      }),
  },
  {
    id: "rename-schema",
    family: "breaks-the-release-before",
    level: "block",
    title: "A schema is renamed, or a table is moved to another.",
    why: "Every statement of the release before that names the old place fails.",
    instead: "Make the new schema with views of what the old one has, and move the code first.",
    example: {
      finds: ["ALTER SCHEMA billing RENAME TO payments;"],
      instead: ["CREATE SCHEMA payments;"],
    },
    sameAs: { strong_migrations: ["rename_schema"] },
    check: (facts) => [
      ...renames(facts, ["schema"], { isNew: never, instructions: nothing }),
      ...facts.each("set-schema").flatMap(({ statement, operation: { object, to } }): Hit[] =>
        facts.isNew(object)
          ? []
          : [
              {
                statement,
                object,
                what: `It moves ${shortName(object)} to the schema ${to}. The release before looks for it where it was.`,
                level: unlessMarked(facts, "block"),
                contract: `moves ${shortName(object)} to the schema ${to}`,
              },
            ],
      ),
    ],
  },
  {
    id: "rename-enum-value",
    family: "breaks-the-release-before",
    level: "block",
    title: "A value of an enum, or a type, is renamed.",
    why: "The release before still writes the old value and does not know the new one when it reads it.",
    instead:
      "Add the new value, let the code write it and read both, and change the rows in a later release.",
    example: {
      finds: ["ALTER TYPE ride_status RENAME VALUE 'open' TO 'requested';"],
      instead: ["ALTER TYPE ride_status ADD VALUE 'requested' AFTER 'open';"],
    },
    sameAs: { strong_migrations: ["rename_enum_value"] },
    check: (facts) =>
      renames(facts, ["enum-value", "type"], {
        isNew: never,
        instructions: ({ object, part, to }) =>
          part === null ? [] : [`ALTER TYPE ${sqlName(object)} ADD VALUE '${to}' AFTER '${part}';`],
      }),
  },
];

/** A view of the old name, made in the same migration. */
const keptByView = (facts: Facts, object: string): boolean =>
  facts.statements.some(({ sql }) =>
    new RegExp(
      `^create\\s+(or\\s+replace\\s+)?view\\s+("?public"?\\.)?"?${shortName(object)}"?\\s`,
      "i",
    ).test(sql),
  );

const typeOf = (facts: Facts, table: string, column: string): string =>
  (facts.schema.column(table, column)?.definition ?? "…").replace(
    /\s+(not null|default|generated|collate)\b.*$/i,
    "",
  );
