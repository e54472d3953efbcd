import type { Facts } from "../facts.ts";
import type { Hit, Rule } from "../rule.ts";
import { quoted, shortName, sqlName } from "../sql/names.ts";
import type { CreateIndex, NewConstraint, OperationOf } from "../sql/operation.ts";
import type { Statement } from "../statements.ts";
import { blocks } from "../effects.ts";
import { APART, waitHit } from "./wait.ts";

const listed = (columns: string[]): string => columns.map(quoted).join(", ");

export const indexName = (table: string, columns: string[], suffix: string): string =>
  quoted(`${shortName(table).split(".").at(-1) ?? ""}_${columns.join("_")}_${suffix}`);

/** Where one constraint is added: by ADD CONSTRAINT, or with its column. */
export const addedConstraints = (
  facts: Facts,
  kind: NewConstraint["kind"],
): { statement: Statement; table: string; constraint: NewConstraint }[] => [
  ...facts
    .each("add-constraint")
    .filter(({ operation }) => operation.constraint.kind === kind)
    .map(({ statement, operation }) => ({ statement, ...operation })),
  ...facts
    .each("add-column")
    .flatMap(({ statement, operation: { table, column } }) =>
      column.constraints
        .filter((constraint) => constraint.kind === kind)
        .map((constraint) => ({ statement, table, constraint })),
    ),
];

const builds = (kind: "unique" | "primary-key", facts: Facts): Hit[] =>
  addedConstraints(facts, kind)
    .filter(({ constraint }) => constraint.usingIndex === null)
    .flatMap(({ statement, table, constraint: { columns, name } }) => {
      const index = name ?? indexName(table, columns, kind === "unique" ? "key" : "pkey");
      const word = kind === "unique" ? "UNIQUE" : "PRIMARY KEY";
      return waitHit(facts, statement, {
        table,
        does: `builds the index of a ${word} over ${shortName(table)} (${listed(columns)})`,
        instructions: [
          APART,
          `CREATE UNIQUE INDEX CONCURRENTLY ${quoted(index)} ON ${sqlName(table)} (${listed(columns)});`,
          "-- then:",
          `ALTER TABLE ${sqlName(table)} ADD CONSTRAINT ${quoted(index)} ${word} USING INDEX ${quoted(index)};`,
        ],
      });
    });

const createIndex = (
  { columns, unique, name, table }: OperationOf<"create-index">,
  sql: string,
): string[] => {
  const over = columns.length > 0 ? `(${listed(columns)})` : /\(.*\)/s.exec(sql)?.[0];
  const index = name ?? indexName(table, columns, "idx");
  return [
    APART,
    `CREATE ${unique ? "UNIQUE " : ""}INDEX CONCURRENTLY ${quoted(index)} ON ${sqlName(table)} ${over ?? "(…)"};`,
  ];
};

const named = ({ name, table }: CreateIndex & { table: string }): string =>
  name ?? `an index of ${shortName(table)}`;

export const indexRules: Rule[] = [
  {
    id: "create-index-blocks-writes",
    family: "blocks-traffic",
    level: "by-size",
    title: "An index is built while nobody can write to its table.",
    why: "CREATE INDEX holds a Share lock until it is done: every insert, update and delete of the table waits.",
    instead: "Build it with CONCURRENTLY, outside a transaction: reads and writes go on.",
    example: {
      finds: ["CREATE INDEX rides_city_idx ON rides (city);"],
      instead: ["CREATE INDEX CONCURRENTLY rides_city_idx ON rides (city);"],
    },
    sameAs: {
      squawk: ["require-concurrent-index-creation"],
      eugene: ["E6"],
      strong_migrations: ["add_index"],
      atlas: ["PG101"],
      pgroll: ["create_index"],
      "django-migration-linter": ["CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE"],
    },
    check: (facts) =>
      facts.each("create-index").flatMap(({ statement, operation }) =>
        operation.concurrently
          ? []
          : waitHit(facts, statement, {
              table: operation.table,
              does: `builds ${named(operation)}`,
              instructions: createIndex(operation, statement.sql),
            }),
      ),
  },
  {
    id: "drop-index-blocks",
    family: "blocks-traffic",
    level: "warn",
    title: "An index is dropped under a lock that stops reads and writes.",
    why: "DROP INDEX waits for everyone who uses the table, and everyone who comes later waits behind it.",
    instead: "Drop it with CONCURRENTLY, outside a transaction.",
    example: {
      finds: ["DROP INDEX rides_status_idx;"],
      instead: ["DROP INDEX CONCURRENTLY rides_status_idx;"],
    },
    sameAs: {
      squawk: ["require-concurrent-index-deletion"],
      strong_migrations: ["remove_index"],
      atlas: ["PG102"],
      pgroll: ["drop_index"],
      "django-migration-linter": ["DROP_INDEX"],
    },
    check: (facts) =>
      facts.each("drop").flatMap(({ statement, operation }) => {
        if (operation.what !== "index" || operation.concurrently) return [];
        const felt = facts.effects(statement).filter(({ mode }) => blocks(mode));
        if (felt.length === 0 && (statement.observed !== null || facts.schema.known)) return [];
        const names = operation.names.map(sqlName).join(", ");
        return [
          {
            statement,
            object: operation.names[0] ?? null,
            what: `It drops ${names} under an AccessExclusive lock${felt[0] ? ` on ${shortName(felt[0].table)}` : ""}.`,
            instructions: [APART, `DROP INDEX CONCURRENTLY ${names};`],
          },
        ];
      }),
  },
  {
    id: "reindex-blocks",
    family: "blocks-traffic",
    level: "by-size",
    title: "An index is built anew while nobody can write to its table.",
    why: "REINDEX holds a Share lock on the table and an AccessExclusive lock on each index: writes wait, and reads that would use the index too.",
    instead: "REINDEX … CONCURRENTLY, outside a transaction.",
    example: { finds: ["REINDEX TABLE rides;"], instead: ["REINDEX TABLE CONCURRENTLY rides;"] },
    sameAs: { squawk: ["require-concurrent-reindex"], "django-migration-linter": ["REINDEX"] },
    check: (facts) =>
      facts.each("reindex").flatMap(({ statement, operation }) => {
        if (operation.concurrently) return [];
        const table = facts.effects(statement)[0]?.table;
        if (table === undefined) return [];
        const what = operation.of.toUpperCase();
        return waitHit(facts, statement, {
          table,
          object: operation.name,
          does: `builds ${shortName(operation.name)} anew`,
          instructions: [APART, `REINDEX ${what} CONCURRENTLY ${sqlName(operation.name)};`],
        });
      }),
  },
  {
    id: "unique-constraint-builds-index",
    family: "blocks-traffic",
    level: "by-size",
    title: "A UNIQUE constraint builds its index while nobody can read or write the table.",
    why: "ADD UNIQUE takes an AccessExclusive lock and keeps it while the whole table is read and sorted.",
    instead: "Build the unique index CONCURRENTLY first, then make it a constraint with USING INDEX.",
    example: {
      finds: ["ALTER TABLE rides ADD CONSTRAINT rides_code_key UNIQUE (code);"],
      instead: ["ALTER TABLE rides ADD CONSTRAINT rides_code_key UNIQUE USING INDEX rides_code_idx;"],
    },
    sameAs: {
      squawk: ["disallowed-unique-constraint"],
      eugene: ["E7"],
      strong_migrations: ["add_unique_constraint"],
      atlas: ["PG105"],
      pgroll: ["add_unique_constraint", "create_constraint"],
    },
    check: (facts) => builds("unique", facts),
  },
  {
    id: "primary-key-builds-index",
    family: "blocks-traffic",
    level: "by-size",
    title: "A primary key builds its index while nobody can read or write the table.",
    why: "ADD PRIMARY KEY takes an AccessExclusive lock and keeps it while the whole table is read and sorted.",
    instead:
      "Set NOT NULL the safe way, build a unique index CONCURRENTLY, then make it the key with USING INDEX.",
    example: {
      finds: ["ALTER TABLE rides ADD PRIMARY KEY (code);"],
      instead: ["ALTER TABLE rides ADD CONSTRAINT rides_pkey PRIMARY KEY USING INDEX rides_id_idx;"],
    },
    sameAs: { squawk: ["adding-serial-primary-key-field"], eugene: ["E7"], atlas: ["PG104"] },
    check: (facts) => builds("primary-key", facts),
  },
  {
    id: "exclude-constraint-builds-index",
    family: "blocks-traffic",
    level: "by-size",
    title: "An EXCLUDE constraint builds its index while nobody can read or write the table.",
    why: "There is no way to add it later or to validate it apart: the table is locked until every row was compared.",
    instead: "Make a new table with the constraint and move the rows over, or guard it in the app.",
    example: {
      finds: ["ALTER TABLE rides ADD CONSTRAINT rides_apart EXCLUDE USING gist (during WITH &&);"],
      instead: [
        "CREATE TABLE bookings (during tstzrange, CONSTRAINT bookings_apart EXCLUDE USING gist (during WITH &&));",
      ],
    },
    sameAs: { eugene: ["E8"], strong_migrations: ["add_exclusion_constraint"] },
    check: (facts) =>
      addedConstraints(facts, "exclude").flatMap(({ statement, table, constraint }) =>
        waitHit(facts, statement, {
          table,
          does: `builds the index of ${constraint.name ?? "an EXCLUDE constraint"} over ${shortName(table)}`,
          instructions: [],
        }),
      ),
  },
];
