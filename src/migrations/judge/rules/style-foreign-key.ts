import type { Facts } from "../facts.ts";
import type { Rule } from "../rule.ts";
import { makeSchema } from "../schema.ts";
import { quoted, shortName, sqlName } from "../sql/names.ts";
import { addedConstraints, indexName } from "./indexes.ts";

const isIndexed = (facts: Facts, table: string, columns: string[]): boolean => {
  const leads = (indexed: string[]): boolean =>
    columns.every((column) => indexed.slice(0, columns.length).includes(column));
  const made = facts
    .each("create-index")
    .some(({ operation }) => operation.table === table && leads(operation.columns));
  const keys = facts
    .each("create-table")
    .filter(({ operation }) => operation.table === table)
    .flatMap(({ operation }) => [
      ...operation.constraints,
      ...operation.columns.flatMap((one) => one.constraints),
    ])
    .some(({ kind, columns: of }) => (kind === "primary-key" || kind === "unique") && leads(of));
  return (
    made ||
    keys ||
    [facts.migration.before, facts.migration.after].some((catalog) => {
      const schema = makeSchema(catalog);
      return Object.keys(catalog ?? {})
        .filter((key) => key.startsWith("index:"))
        .map((key) => key.slice("index:".length))
        .some((index) => schema.tableOfIndex(index) === table && leads(schema.columnsOfIndex(index)));
    })
  );
};

export const unindexedForeignKey: Rule = {
  id: "unindexed-foreign-key",
  family: "style",
  level: "info",
  title: "A foreign key has no index on the columns that point.",
  why: "Each delete or change of a key in the other table reads the whole of this one.",
  instead: "An index that begins with the columns.",
  example: {
    finds: [
      "ALTER TABLE rides ADD CONSTRAINT rides_driver FOREIGN KEY (driver_id) REFERENCES drivers (id) NOT VALID;",
    ],
    instead: [
      "ALTER TABLE rides ADD CONSTRAINT rides_driver FOREIGN KEY (driver_id) REFERENCES drivers (id) NOT VALID;",
      "CREATE INDEX CONCURRENTLY rides_driver_idx ON rides (driver_id);",
    ],
  },
  sameAs: { eugene: ["E15"] },
  check: (facts) => {
    const inTables = facts
      .each("create-table")
      .flatMap(({ statement, operation: { table, columns, constraints } }) =>
        [...constraints, ...columns.flatMap((column) => column.constraints)]
          .filter(({ kind }) => kind === "foreign-key")
          .map((constraint) => ({ statement, table, constraint })),
      );
    return [...addedConstraints(facts, "foreign-key"), ...inTables]
      .filter(({ table, constraint }) => !isIndexed(facts, table, constraint.columns))
      .map(({ statement, table, constraint: { columns } }) => ({
        statement,
        object: `${table}.${columns[0] ?? ""}`,
        what: `Nothing indexes ${shortName(table)} (${columns.join(", ")}), which points at another table.`,
        instructions: [
          `CREATE INDEX CONCURRENTLY ${indexName(table, columns, "idx")} ON ${sqlName(table)} (${columns.map(quoted).join(", ")});`,
        ],
      }));
  },
};
