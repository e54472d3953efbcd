import type { Rule } from "../rule.ts";
import { quoted, shortName, sqlName } from "../sql/names.ts";
import { addedConstraints, indexName } from "./indexes.ts";
import { waitHit } from "./wait.ts";

const LATER = "-- in a later transaction:";

/** NOT NULL without a scan under the lock: PostgreSQL takes a validated CHECK as the proof. */
export const notNullSafely = (table: string, column: string): string[] => {
  const name = indexName(table, [column], "not_null");
  const alter = `ALTER TABLE ${sqlName(table)}`;
  return [
    `${alter} ADD CONSTRAINT ${name} CHECK (${quoted(column)} IS NOT NULL) NOT VALID;`,
    LATER,
    `${alter} VALIDATE CONSTRAINT ${name};`,
    LATER,
    `${alter} ALTER COLUMN ${quoted(column)} SET NOT NULL;`,
    `${alter} DROP CONSTRAINT ${name};`,
  ];
};

export const constraintRules: Rule[] = [
  {
    id: "check-validated-at-once",
    family: "blocks-traffic",
    level: "by-size",
    title: "A CHECK is added and compared with every row while nobody can read or write the table.",
    why: "ADD CHECK keeps its AccessExclusive lock while it reads the whole table.",
    instead: "Add it NOT VALID, then VALIDATE it in a later transaction: that lets reads and writes go on.",
    example: {
      finds: ["ALTER TABLE rides ADD CONSTRAINT rides_fare_check CHECK (fare >= 0);"],
      instead: ["ALTER TABLE rides ADD CONSTRAINT rides_fare_check CHECK (fare >= 0) NOT VALID;"],
    },
    sameAs: {
      squawk: ["constraint-missing-not-valid"],
      eugene: ["E1"],
      strong_migrations: ["add_check_constraint"],
      atlas: ["PG305"],
      pgroll: ["add_check_constraint", "create_constraint"],
    },
    check: (facts) =>
      addedConstraints(facts, "check").flatMap(({ statement, table, constraint }) => {
        if (constraint.notValid) return [];
        const name = quoted(constraint.name ?? `${shortName(table)}_check`);
        return waitHit(facts, statement, {
          table,
          does: `compares every row of ${shortName(table)} with ${constraint.name ?? "a CHECK"}`,
          instructions: [
            `ALTER TABLE ${sqlName(table)} ADD CONSTRAINT ${name} CHECK (…) NOT VALID;`,
            LATER,
            `ALTER TABLE ${sqlName(table)} VALIDATE CONSTRAINT ${name};`,
          ],
        });
      }),
  },
  {
    id: "foreign-key-validated-at-once",
    family: "blocks-traffic",
    level: "by-size",
    title: "A foreign key is added and compared with every row while nobody can write to either table.",
    why: "ADD FOREIGN KEY keeps a ShareRowExclusive lock on both tables while it looks up every row.",
    instead: "Add it NOT VALID, then VALIDATE it in a later transaction.",
    example: {
      finds: [
        "ALTER TABLE rides ADD CONSTRAINT rides_driver FOREIGN KEY (driver_id) REFERENCES drivers (id);",
      ],
      instead: [
        "ALTER TABLE rides ADD CONSTRAINT rides_driver FOREIGN KEY (driver_id) REFERENCES drivers (id) NOT VALID;",
      ],
    },
    sameAs: {
      squawk: ["adding-foreign-key-constraint", "constraint-missing-not-valid"],
      eugene: ["E1"],
      strong_migrations: ["add_foreign_key", "add_reference"],
      atlas: ["PG306"],
      pgroll: ["add_foreign_key", "create_constraint"],
    },
    check: (facts) =>
      addedConstraints(facts, "foreign-key").flatMap(({ statement, table, constraint }) => {
        const { references, columns, notValid } = constraint;
        if (notValid || references === null) return [];
        const name = constraint.name === null ? indexName(table, columns, "fkey") : quoted(constraint.name);
        const keys = columns.map(quoted).join(", ");
        const other = references.columns.map(quoted).join(", ");
        return waitHit(facts, statement, {
          table,
          does: `looks up every row of ${shortName(table)} in ${shortName(references.table)}`,
          instructions: [
            `ALTER TABLE ${sqlName(table)} ADD CONSTRAINT ${name} FOREIGN KEY (${keys}) REFERENCES ${sqlName(references.table)}${other === "" ? "" : ` (${other})`} NOT VALID;`,
            LATER,
            `ALTER TABLE ${sqlName(table)} VALIDATE CONSTRAINT ${name};`,
          ],
        });
      }),
  },
  {
    id: "set-not-null-scans",
    family: "blocks-traffic",
    level: "by-size",
    title: "SET NOT NULL reads the whole table while nobody can read or write it.",
    why: "Without a validated CHECK (… IS NOT NULL) PostgreSQL looks at every row under an AccessExclusive lock.",
    instead:
      "Add such a CHECK NOT VALID, VALIDATE it later, then SET NOT NULL: it takes the CHECK as the proof.",
    example: {
      finds: ["ALTER TABLE rides ALTER COLUMN city SET NOT NULL;"],
      // rides_status_check is there, and validated.
      instead: ["ALTER TABLE rides ALTER COLUMN status SET NOT NULL;"],
    },
    sameAs: {
      squawk: ["adding-not-nullable-field"],
      eugene: ["E2"],
      strong_migrations: ["change_column_null"],
      atlas: ["PG303"],
      pgroll: ["add_not_null_constraint"],
    },
    check: (facts) =>
      facts.each("set-not-null").flatMap(({ statement, operation: { table, column } }) =>
        waitHit(facts, statement, {
          table,
          object: `${table}.${column}`,
          does: `looks for nulls in every row of ${shortName(table)}`,
          instructions: notNullSafely(table, column),
        }),
      ),
  },
  {
    id: "validate-with-its-add",
    family: "blocks-traffic",
    level: "by-size",
    title: "A constraint is validated in the transaction that adds it.",
    why: "The strong lock of ADD CONSTRAINT is held until the transaction ends, so the validation blocks everyone after all.",
    instead: "Commit between ADD … NOT VALID and VALIDATE: two migrations, or two transactions.",
    example: {
      finds: [
        "ALTER TABLE rides ADD CONSTRAINT rides_fare_check CHECK (fare >= 0) NOT VALID;",
        "ALTER TABLE rides VALIDATE CONSTRAINT rides_fare_check;",
      ],
      instead: [
        "BEGIN;",
        "ALTER TABLE rides ADD CONSTRAINT rides_fare_check CHECK (fare >= 0) NOT VALID;",
        "COMMIT;",
        "ALTER TABLE rides VALIDATE CONSTRAINT rides_fare_check;",
      ],
    },
    sameAs: {
      squawk: ["constraint-missing-not-valid"],
      eugene: ["E4"],
      strong_migrations: ["validate_foreign_key", "validate_check_constraint"],
    },
    check: (facts) =>
      facts.each("validate-constraint").flatMap(({ statement, operation: { table, name } }) => {
        const added = facts
          .each("add-constraint")
          .find(
            ({ statement: other, operation }) =>
              other.transaction === statement.transaction &&
              operation.table === table &&
              operation.constraint.name === name,
          );
        if (added === undefined || facts.isNew(table)) return [];
        const cost = facts.cost([{ table, of: table, mode: "AccessExclusiveLock", work: "scan" }]);
        if (cost.level === null) return [];
        return [
          {
            statement,
            object: table,
            what: `It reads all of ${shortName(table)} while the lock that added ${name} is still held, ${cost.words}.`,
            ...{ level: cost.level, estimate: cost.estimate },
            instructions: ["COMMIT;", `ALTER TABLE ${sqlName(table)} VALIDATE CONSTRAINT ${quoted(name)};`],
          },
        ];
      }),
  },
];
