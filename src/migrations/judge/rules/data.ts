import { numberText } from "../amount.ts";
import type { Facts } from "../facts.ts";
import type { Hit, Rule } from "../rule.ts";
import { quoted, shortName, sqlName } from "../sql/names.ts";
import type { Statement } from "../statements.ts";
import { uniquesOf } from "./compatibility.ts";
import { notNullSafely } from "./constraints.ts";
import { addedConstraints } from "./indexes.ts";

/** Read-only, for the target: what stands there twice. */
export const duplicatesQuery = (table: string, columns: string[]): string[] => {
  const list = columns.map(quoted).join(", ");
  return [
    "-- on the target, before anything runs:",
    `SELECT ${list}, count(*) FROM ${sqlName(table)} GROUP BY ${list} HAVING count(*) > 1 ORDER BY count(*) DESC LIMIT 20;`,
  ];
};

export const nullsQuery = (table: string, column: string): string[] => [
  "-- on the target, before anything runs:",
  `SELECT count(*) FROM ${sqlName(table)} WHERE ${quoted(column)} IS NULL;`,
];

export const orphansQuery = (
  table: string,
  columns: string[],
  references: { table: string; columns: string[] },
): string[] => {
  const other = references.columns.length > 0 ? references.columns : columns.map(() => "id");
  const same = columns
    .map((column, index) => `p.${quoted(other[index] ?? "id")} = c.${quoted(column)}`)
    .join(" AND ");
  const some = columns.map((column) => `c.${quoted(column)} IS NOT NULL`).join(" AND ");
  return [
    "-- on the target, before anything runs:",
    `SELECT c.* FROM ${sqlName(table)} c WHERE ${some} AND NOT EXISTS (SELECT FROM ${sqlName(references.table)} p WHERE ${same}) LIMIT 20;`,
  ];
};

const hasError = ({ observed }: Statement, ...states: string[]): boolean =>
  observed?.error != null && states.includes(observed.error.sqlState);
const ran = ({ observed }: Statement): boolean => observed !== null && observed.error === null;

/** The detail of PostgreSQL, `Key (code)=(A1) is duplicated.`, without the value: it may be anyone's data. */
const keyIn = ({ observed }: Statement): string[] =>
  /^Key \(([^)]*)\)/.exec(observed?.error?.detail ?? "")?.[1]?.split(", ") ?? [];

const notNulls = (facts: Facts): Hit[] =>
  facts.each("set-not-null").flatMap(({ statement, operation: { table, column } }): Hit[] => {
    if (facts.isNew(table)) return [];
    const size = facts.input.statistics?.find((one) => one.table === table);
    const share = size?.nullFractions[column];
    const failed = hasError(statement, "23502");
    // No scan, no error: PostgreSQL had a proof that there is no null.
    const proved = ran(statement) && facts.effects(statement).every(({ work }) => work === null);
    if (!failed && (proved || share === 0)) return [];
    const field = `${shortName(table)}.${column}`;
    const rows =
      share === undefined || size === undefined
        ? null
        : `about ${numberText(Math.max(1, share * size.rows))} of ${numberText(size.rows)} rows on the target`;
    return [
      {
        statement,
        object: `${table}.${column}`,
        what: failed
          ? `SET NOT NULL failed: ${field} has nulls${rows === null ? "" : `, ${rows}`}.`
          : rows === null
            ? `SET NOT NULL fails if ${field} has nulls; how many the target has is not known.`
            : `SET NOT NULL fails: ${field} has nulls, ${rows}.`,
        level: failed || rows !== null ? "block" : "info",
        instructions: [
          ...nullsQuery(table, column),
          "-- fill them in parts, until no row is left:",
          `UPDATE ${sqlName(table)} SET ${quoted(column)} = … WHERE ctid IN (SELECT ctid FROM ${sqlName(table)} WHERE ${quoted(column)} IS NULL LIMIT 5000);`,
          ...(failed || rows !== null ? notNullSafely(table, column) : []),
        ],
      },
    ];
  });

const uniques = (facts: Facts): Hit[] =>
  uniquesOf(facts).map(({ hit: { statement, object }, table, columns }) => {
    const failed = statement !== null && hasError(statement, "23505");
    const key = columns.length > 0 ? columns : statement === null ? [] : keyIn(statement);
    const over = key.length === 0 ? "" : ` (${key.join(", ")})`;
    return {
      statement,
      object,
      what: failed
        ? `${shortName(table)}${over} has the same value more than once, and the unique index could not be built.`
        : `The unique index fails if ${shortName(table)}${over} has the same value more than once.`,
      level: failed ? "block" : "warn",
      instructions: key.length === 0 ? [] : duplicatesQuery(table, key),
    };
  });

const orphans = (facts: Facts): Hit[] =>
  addedConstraints(facts, "foreign-key").flatMap(({ statement, table, constraint }): Hit[] => {
    const { references, columns, notValid } = constraint;
    const failed = hasError(statement, "23503");
    if (references === null || (notValid && !failed) || facts.isNew(table)) return [];
    if (!failed && columns.some((column) => facts.isNewColumn(table, column))) return [];
    return [
      {
        statement,
        object: `${table}.${columns[0] ?? ""}`,
        what: failed
          ? `${shortName(table)} points at rows of ${shortName(references.table)} that are not there, and the foreign key could not be added.`
          : `The foreign key fails if ${shortName(table)} points at rows of ${shortName(references.table)} that are not there.`,
        level: failed ? "block" : "info",
        instructions: orphansQuery(table, columns, references),
      },
    ];
  });

const violations = (facts: Facts): Hit[] =>
  facts.statements.flatMap((statement): Hit[] => {
    if (!hasError(statement, "23514")) return [];
    const operation = statement.operations.find(
      ({ type }) => type === "add-constraint" || type === "validate-constraint" || type === "add-column",
    );
    if (operation === undefined || !("table" in operation)) return [];
    const written = /\bcheck\s*(\(.*\))/is.exec(statement.sql)?.[1]?.replace(/\s+not\s+valid\s*$/i, "");
    const [table, name] = [operation.table, /"([^"]+)"/.exec(statement.observed?.error?.message ?? "")?.[1]];
    return [
      {
        statement,
        object: table,
        what: `Rows of ${shortName(table)} break ${name ?? "the CHECK"}, and it could not be ${operation.type === "validate-constraint" ? "validated" : "added"}.`,
        instructions:
          written === undefined
            ? []
            : [
                "-- on the target, before anything runs:",
                `SELECT * FROM ${sqlName(table)} WHERE NOT ${written} LIMIT 20;`,
              ],
      },
    ];
  });

export const dataRules: Rule[] = [
  {
    id: "not-null-with-nulls",
    family: "fails-on-data",
    level: "block",
    title: "SET NOT NULL on a column in which there are nulls, or may be.",
    why: "It fails in the middle of the deployment, on the target's rows rather than on a developer's.",
    instead:
      "Stop writing nulls, fill the old ones in parts, prove it with a validated CHECK, then SET NOT NULL.",
    example: {
      finds: ["ALTER TABLE rides ALTER COLUMN city SET NOT NULL;"],
      instead: ["ALTER TABLE rides ALTER COLUMN note SET NOT NULL;"],
    },
    sameAs: { atlas: ["MF104"], strong_migrations: ["change_column_null"] },
    check: notNulls,
  },
  {
    id: "unique-with-duplicates",
    family: "fails-on-data",
    level: "warn",
    title: "Something becomes unique that may be there twice.",
    why: "The index cannot be built over duplicates; a CONCURRENTLY build leaves an invalid index behind that still slows every write.",
    instead: "Look for duplicates on the target, mend them, and build the index CONCURRENTLY.",
    example: {
      finds: ["CREATE UNIQUE INDEX CONCURRENTLY rides_code_key ON rides (code);"],
      instead: [
        "ALTER TABLE rides ADD COLUMN reference text;",
        "CREATE UNIQUE INDEX CONCURRENTLY rides_reference_key ON rides (reference);",
      ],
    },
    sameAs: { atlas: ["MF101", "MF102"], "django-migration-linter": ["ADD_UNIQUE"] },
    check: uniques,
  },
  {
    id: "foreign-key-with-orphans",
    family: "fails-on-data",
    level: "info",
    title: "A foreign key is checked against rows that may point at nothing.",
    why: "It fails in the middle of the deployment when there is one such row.",
    instead: "Look for them on the target, mend them, add the key NOT VALID, and VALIDATE it later.",
    example: {
      finds: [
        "ALTER TABLE rides ADD CONSTRAINT rides_driver FOREIGN KEY (driver_id) REFERENCES drivers (id);",
      ],
      instead: [
        "ALTER TABLE rides ADD CONSTRAINT rides_driver FOREIGN KEY (driver_id) REFERENCES drivers (id) NOT VALID;",
      ],
    },
    sameAs: {},
    check: orphans,
  },
  {
    id: "check-with-violations",
    family: "fails-on-data",
    level: "block",
    title: "A CHECK is broken by rows that are there.",
    why: "It fails in the middle of the deployment.",
    instead: "Look for such rows on the target, mend them, add the CHECK NOT VALID, and VALIDATE it later.",
    example: { finds: [], instead: [] },
    sameAs: {},
    check: violations,
  },
];
