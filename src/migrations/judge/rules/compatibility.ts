import type { Facts } from "../facts.ts";
import type { Hit, Rule } from "../rule.ts";
import { quoted, shortName, sqlName } from "../sql/names.ts";
import { notNullSafely } from "./constraints.ts";
import { addedConstraints } from "./indexes.ts";
import { unlessMarked } from "./removals.ts";

/** The columns over which something becomes unique that was not. */
const newUniques = (facts: Facts): { hit: Hit; columns: string[]; table: string }[] => {
  const found = [
    ...facts
      .each("create-index")
      .filter(({ operation }) => operation.unique)
      .map(({ statement, operation: { table, columns } }) => ({ statement, table, columns })),
    ...(["unique", "primary-key"] as const).flatMap((kind) =>
      addedConstraints(facts, kind)
        .filter(({ constraint }) => constraint.usingIndex === null)
        .map(({ statement, table, constraint: { columns } }) => ({ statement, table, columns })),
    ),
  ];
  return found
    .filter(
      ({ table, columns }) =>
        !columns.some((column) => facts.isNewColumn(table, column)) && !facts.isNew(table),
    )
    .map(({ statement, table, columns }) => {
      const over = columns.length === 0 ? "an expression" : columns.join(", ");
      return {
        ...{ table, columns },
        hit: {
          statement,
          object: columns.length === 1 ? `${table}.${columns[0]}` : table,
          what: `${shortName(table)} (${over}) becomes unique. The release before still writes values that are there already, and fails.`,
          level: unlessMarked(facts, "warn"),
          contract: `makes ${shortName(table)} (${over}) unique`,
        },
      };
    });
};

export const uniquesOf = newUniques;

export const compatibilityRules: Rule[] = [
  {
    id: "add-column-not-null",
    family: "breaks-the-release-before",
    level: "block",
    title: "A NOT NULL column is added without a default.",
    why: "The release before does not know the column, so each of its inserts fails; on a table that has rows the migration itself fails.",
    instead: "Give it a default, or let it be null until every release in reach writes it.",
    example: {
      finds: ["ALTER TABLE rides ADD COLUMN seats_left int NOT NULL;"],
      instead: ["ALTER TABLE rides ADD COLUMN seats_left int NOT NULL DEFAULT 4;"],
    },
    sameAs: {
      squawk: ["adding-required-field"],
      atlas: ["MF103"],
      pgroll: ["add_column"],
      "django-migration-linter": ["NOT_NULL"],
    },
    check: (facts) =>
      facts.each("add-column").flatMap(({ statement, operation: { table, column } }) => {
        const filled = column.default !== "none" || column.serial || column.identity || column.stored;
        if (!column.notNull || filled || facts.isNew(table)) return [];
        return [
          {
            statement,
            object: `${table}.${column.name}`,
            what: `${shortName(table)}.${column.name} must not be null and has no default. Every insert of the release before fails.`,
            level: unlessMarked(facts, "block"),
            contract: `adds ${shortName(table)}.${column.name}, NOT NULL without a default`,
            instructions: [
              `ALTER TABLE ${sqlName(table)} ADD COLUMN ${quoted(column.name)} ${column.type};`,
              "-- once every release in reach writes it:",
              ...notNullSafely(table, column.name),
            ],
          },
        ];
      }),
  },
  {
    id: "set-not-null-breaks-writers",
    family: "breaks-the-release-before",
    level: "warn",
    title: "A column that may be null, and has no default, must not be null any more.",
    why: "The release before may still write nulls, or leave the column out; then its inserts fail.",
    instead: "Do it once every release in reach of a rollback writes the column.",
    example: {
      finds: ["ALTER TABLE rides ALTER COLUMN city SET NOT NULL;"],
      instead: ["ALTER TABLE rides ALTER COLUMN seats SET NOT NULL;"],
    },
    sameAs: { atlas: ["MF104"], "django-migration-linter": ["NOT_NULL"] },
    check: (facts) =>
      facts.each("set-not-null").flatMap(({ statement, operation: { table, column } }) => {
        const was = facts.schema.column(table, column);
        if (facts.isNewColumn(table, column) || was?.notNull === true || was?.hasDefault === true) return [];
        return [
          {
            statement,
            object: `${table}.${column}`,
            what: `${shortName(table)}.${column} must not be null from now on. The release before may still write nulls.`,
            level: unlessMarked(facts, "warn"),
            contract: `forbids nulls in ${shortName(table)}.${column}`,
          },
        ];
      }),
  },
  {
    id: "drop-default",
    family: "breaks-the-release-before",
    level: "warn",
    title: "The default of a column is dropped.",
    why: "Inserts of the release before that leave the column out write null; where null is forbidden they fail.",
    instead: "Drop it once every release in reach of a rollback writes the column itself.",
    example: {
      finds: ["ALTER TABLE rides ALTER COLUMN seats DROP DEFAULT;"],
      instead: ["ALTER TABLE rides ALTER COLUMN seats SET DEFAULT 2;"],
    },
    sameAs: {
      strong_migrations: ["change_column_default"],
      pgroll: ["change_default"],
      "django-migration-linter": ["NOT_NULL"],
    },
    check: (facts) =>
      facts.each("drop-default").flatMap(({ statement, operation: { table, column } }) => {
        if (facts.isNew(table)) return [];
        const added = facts
          .each("add-column")
          .find(({ operation }) => operation.table === table && operation.column.name === column);
        // A nullable column that the release before does not know: it never relied on the default.
        if (added !== undefined && !added.operation.column.notNull) return [];
        const notNull = added !== undefined || facts.schema.column(table, column)?.notNull === true;
        return [
          {
            statement,
            object: `${table}.${column}`,
            what: notNull
              ? `${shortName(table)}.${column} must not be null and loses its default. Inserts of the release before that leave it out fail.`
              : `${shortName(table)}.${column} loses its default. The release before writes null where it left it out.`,
            level: unlessMarked(facts, notNull ? "block" : "warn"),
            contract: `drops the default of ${shortName(table)}.${column}`,
          },
        ];
      }),
  },
  {
    id: "change-type-breaks",
    family: "breaks-the-release-before",
    level: "warn",
    title: "The type of a column is changed.",
    why: "The release before reads another type than it was written for, compares and writes values that do not fit, and its prepared statements end with an error once.",
    instead: "Add a column of the new type and move to it over two releases; a longer varchar is safe.",
    example: {
      finds: ["ALTER TABLE rides ALTER COLUMN fare TYPE text;"],
      instead: ["ALTER TABLE rides ALTER COLUMN city TYPE varchar(80);"],
    },
    sameAs: {
      squawk: ["changing-column-type"],
      strong_migrations: ["change_column", "change_column_constraint", "change_column_with_not_null"],
      pgroll: ["change_type"],
      "django-migration-linter": ["ALTER_COLUMN"],
    },
    check: (facts) =>
      facts.each("change-type").flatMap(({ statement, operation: { table, column, to } }) => {
        const was = facts.schema.column(table, column)?.definition ?? null;
        if (facts.isNewColumn(table, column) || isWider(was, to)) return [];
        const from = was === null ? "" : ` from ${was.replace(/\s+(not null|default)\b.*$/i, "")}`;
        return [
          {
            statement,
            object: `${table}.${column}`,
            what: `${shortName(table)}.${column} changes${from} to ${to}. The release before was written for the old type.`,
            level: unlessMarked(facts, "warn"),
            contract: `changes the type of ${shortName(table)}.${column} to ${to}`,
          },
        ];
      }),
  },
  {
    id: "new-unique",
    family: "breaks-the-release-before",
    level: "warn",
    title: "Something that may be written twice must be unique.",
    why: "The release before does not know of it and fails in the middle of what its users do.",
    instead: "Let the code check first, release that, and add the constraint in a later release.",
    example: {
      finds: ["CREATE UNIQUE INDEX CONCURRENTLY rides_code_key ON rides (code);"],
      instead: ["CREATE INDEX CONCURRENTLY rides_code_lookup ON rides (code);"],
    },
    sameAs: {
      squawk: ["disallowed-unique-constraint"],
      eugene: ["E7"],
      atlas: ["MF101", "MF102"],
      "django-migration-linter": ["ADD_UNIQUE"],
    },
    check: (facts) => newUniques(facts).map(({ hit }) => hit),
  },
  {
    id: "primary-key-sets-not-null",
    family: "breaks-the-release-before",
    level: "warn",
    title: "A primary key silently sets NOT NULL on its columns.",
    why: "With USING INDEX too: the table is scanned for nulls under an AccessExclusive lock, and the release before cannot write null any more.",
    instead: "Set NOT NULL first, with a validated CHECK; then the key takes no time.",
    example: {
      finds: ["ALTER TABLE rides ADD CONSTRAINT rides_pkey PRIMARY KEY USING INDEX rides_code_idx;"],
      instead: ["ALTER TABLE rides ADD CONSTRAINT rides_pkey PRIMARY KEY USING INDEX rides_id_idx;"],
    },
    sameAs: { eugene: ["W14"], atlas: ["PG304"] },
    check: (facts) =>
      addedConstraints(facts, "primary-key").flatMap(({ statement, table, constraint }) => {
        if (facts.isNew(table)) return [];
        const { columns: written, usingIndex } = constraint;
        const index = `${table.slice(0, table.indexOf("."))}.${usingIndex ?? ""}`;
        const columns = usingIndex === null ? written : facts.schema.columnsOfIndex(index);
        const nullable = columns.filter(
          (column) =>
            facts.schema.column(table, column)?.notNull !== true && !facts.isNewColumn(table, column),
        );
        if (nullable.length === 0) return [];
        return [
          {
            statement,
            object: `${table}.${nullable[0]}`,
            what: `${nullable.map((column) => `${shortName(table)}.${column}`).join(", ")} may be null today and is set NOT NULL by the key.`,
            level: unlessMarked(facts, "warn"),
            contract: `forbids nulls in ${shortName(table)}.${nullable[0]}`,
            instructions: nullable.flatMap((column) => notNullSafely(table, column)),
          },
        ];
      }),
  },
  {
    id: "drop-not-null",
    family: "breaks-the-release-before",
    level: "warn",
    title: "A column may be null from now on.",
    why: "The release before reads a null where it never met one, as soon as the new release has written it.",
    instead: "Release code that copes with null first; then let it be null.",
    example: {
      finds: ["ALTER TABLE rides ALTER COLUMN created_at DROP NOT NULL;"],
      instead: ["ALTER TABLE rides ALTER COLUMN city SET DEFAULT 'Oslo';"],
    },
    sameAs: { squawk: ["ban-drop-not-null"], pgroll: ["drop_not_null_constraint"] },
    check: (facts) =>
      facts.each("drop-not-null").flatMap(({ statement, operation: { table, column } }) =>
        facts.isNewColumn(table, column)
          ? []
          : [
              {
                statement,
                object: `${table}.${column}`,
                what: `${shortName(table)}.${column} may be null from now on. The release before was written for values.`,
                level: unlessMarked(facts, "warn"),
              },
            ],
      ),
  },
];

/** Every value of before fits, and code that reads it notices nothing. */
const isWider = (was: string | null, to: string): boolean => {
  const size = /^(?:character varying|varchar)\((\d+)\)/.exec(was ?? "")?.[1];
  if (size === undefined) return false;
  const next = /^(?:character varying|varchar)\((\d+)\)$/.exec(to)?.[1];
  return to === "text" || to === "varchar" || (next !== undefined && Number(next) >= Number(size));
};
