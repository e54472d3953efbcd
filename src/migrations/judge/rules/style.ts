import type { Facts } from "../facts.ts";
import type { Hit, Rule } from "../rule.ts";
import { quoted, shortName, sqlName } from "../sql/names.ts";
import type { NewColumn } from "../sql/operation.ts";
import type { Statement } from "../statements.ts";
import { robustRule } from "./style-robust.ts";
import { unindexedForeignKey } from "./style-foreign-key.ts";

/** Columns that the migration makes, or gives another type. */
const columns = (
  facts: Facts,
): { statement: Statement; table: string; name: string; type: string; column: NewColumn | null }[] => [
  ...facts
    .each("create-table")
    .flatMap(({ statement, operation: { table, columns: made } }) =>
      made.map((column) => ({ statement, table, name: column.name, type: column.type, column })),
    ),
  ...facts.each("add-column").map(({ statement, operation: { table, column } }) => ({
    ...{ statement, table, name: column.name, type: column.type, column },
  })),
  ...facts.each("change-type").map(({ statement, operation: { table, column, to } }) => ({
    ...{ statement, table, name: column, type: to, column: null },
  })),
];

const typed = (facts: Facts, pattern: RegExp, better: (type: string) => string): Hit[] =>
  columns(facts)
    .filter(({ type }) => pattern.test(type))
    .map(({ statement, table, name, type }) => ({
      statement,
      object: `${table}.${name}`,
      what: `${shortName(table)}.${name} is ${type}.`,
      instructions: [`${quoted(name)} ${better(type)}`],
    }));

const keyOf = ({ table, name, column }: ReturnType<typeof columns>[number], facts: Facts): boolean =>
  column?.constraints.some(({ kind }) => kind === "primary-key") === true ||
  facts
    .each("create-table")
    .some(
      ({ operation }) =>
        operation.table === table &&
        operation.constraints.some(
          ({ kind, columns: keys }) => kind === "primary-key" && keys.includes(name),
        ),
    );

const table = (column: string): string => `CREATE TABLE tips (${column});`;
const style = { family: "style", level: "info" } as const;

const LONGEST = 63;
const namesIn = (sql: string): string[] =>
  [...sql.matchAll(/"((?:[^"]|"")+)"|\b([A-Za-z_][\w$]*)/g)].map(
    ([, quotedName, plain]) => quotedName ?? plain ?? "",
  );

export const styleRules: Rule[] = [
  {
    ...style,
    id: "prefer-jsonb",
    title: "A column is json.",
    why: "json has no equality, so SELECT DISTINCT and UNION fail on it, and it cannot be indexed.",
    instead: "jsonb, unless the very text must be kept.",
    example: { finds: [table("data json")], instead: [table("data jsonb")] },
    sameAs: { eugene: ["E3"], strong_migrations: ["add_column_json"] },
    check: (facts) => typed(facts, /^json(\[\])*$/, () => "jsonb"),
  },
  {
    ...style,
    id: "prefer-text",
    title: "A column is char(n) or varchar(n).",
    why: "char pads with spaces; a limit in the type is changed under a lock, and a shorter one writes the table anew.",
    instead: "text, with a CHECK where there is a limit.",
    example: { finds: [table("code varchar(20)"), table("code char(3)")], instead: [table("code text")] },
    sameAs: { squawk: ["ban-char-field", "prefer-text-field"] },
    check: (facts) => typed(facts, /^(char|varchar\()/, () => "text"),
  },
  {
    ...style,
    id: "prefer-bigint",
    title: "A key is a 16 or 32 bit integer.",
    why: "It runs out at 2,147,483,647, and then every row is written anew under a lock.",
    instead: "bigint.",
    example: {
      finds: [table("id integer PRIMARY KEY")],
      instead: [table("id bigint PRIMARY KEY, seats int")],
    },
    sameAs: { squawk: ["prefer-bigint-over-int", "prefer-bigint-over-smallint"] },
    check: (facts) =>
      columns(facts)
        .filter(
          (one) => /^(smallint|integer|serial|smallserial|serial[24])$/.test(one.type) && keyOf(one, facts),
        )
        .map(({ statement, table: of, name, type }) => ({
          statement,
          object: `${of}.${name}`,
          what: `The key ${shortName(of)}.${name} is ${type}.`,
          instructions: [`${quoted(name)} bigint`],
        })),
  },
  {
    ...style,
    id: "prefer-timestamptz",
    title: "A column is a timestamp without a time zone.",
    why: "It means another moment in each session's time zone.",
    instead: "timestamptz.",
    example: { finds: [table("paid_at timestamp")], instead: [table("paid_at timestamptz")] },
    sameAs: { squawk: ["prefer-timestamptz"] },
    check: (facts) => typed(facts, /^timestamp(\(\d\))?$/, () => "timestamptz"),
  },
  {
    ...style,
    id: "prefer-identity",
    title: "A column is serial.",
    why: "Its sequence has grants and an owner of its own, and a copy of the table shares it.",
    instead: "GENERATED ALWAYS AS IDENTITY.",
    example: {
      finds: [table("id bigserial")],
      instead: [table("id bigint GENERATED ALWAYS AS IDENTITY")],
    },
    sameAs: { squawk: ["prefer-identity"] },
    check: (facts) =>
      columns(facts)
        .filter(({ column }) => column?.serial === true)
        .map(({ statement, table: of, name, type }) => ({
          statement,
          object: `${of}.${name}`,
          what: `${shortName(of)}.${name} is ${type}.`,
          instructions: [`${quoted(name)} bigint GENERATED ALWAYS AS IDENTITY`],
        })),
  },
  robustRule,
  {
    ...style,
    id: "enum-value-order",
    title: "A value is added to an enum without its place.",
    why: "It comes last in every ORDER BY and comparison, whatever its meaning.",
    instead: "ADD VALUE … BEFORE or AFTER another.",
    example: {
      finds: ["ALTER TYPE ride_status ADD VALUE 'paused';"],
      instead: ["ALTER TYPE ride_status ADD VALUE 'paused' AFTER 'open';"],
    },
    sameAs: { squawk: ["require-enum-value-ordering"] },
    check: (facts) =>
      facts
        .each("add-enum-value")
        .filter(({ operation }) => !operation.placed)
        .map(({ statement, operation: { name, value } }) => ({
          statement,
          object: name,
          what: `'${value}' becomes the last value of ${shortName(name)}.`,
          instructions: [`ALTER TYPE ${sqlName(name)} ADD VALUE '${value}' AFTER '…';`],
        })),
  },
  {
    ...style,
    id: "creates-enum",
    title: "An enum is made.",
    why: "A value cannot be taken out of it again.",
    instead: "A table of values with a foreign key, or text with a CHECK.",
    example: {
      finds: ["CREATE TYPE mood AS ENUM ('good', 'bad');"],
      instead: ["CREATE TABLE moods (mood text PRIMARY KEY);"],
    },
    sameAs: { eugene: ["W13"] },
    check: (facts) =>
      facts.each("create-enum").map(({ statement, operation: { name } }) => ({
        ...{ statement, object: name, what: `It makes the enum ${shortName(name)}.` },
      })),
  },
  unindexedForeignKey,
  {
    ...style,
    id: "identifier-too-long",
    title: "A name is longer than 63 bytes.",
    why: "PostgreSQL cuts it off; two long names can become the same one, and code that asks for the long one finds nothing.",
    instead: "A shorter name.",
    example: {
      finds: [table(`${"very_".repeat(13)}long int`)],
      instead: [table(`${"very_".repeat(11)}long int`)],
    },
    sameAs: { squawk: ["identifier-too-long"] },
    check: (facts) =>
      facts.statements
        .filter(({ operations }) => operations.some(({ type }) => type !== "other" && type !== "write"))
        .flatMap((statement) =>
          namesIn(statement.sql.replaceAll(/'(?:[^']|'')*'/g, "''"))
            .filter((name) => Buffer.byteLength(name) > LONGEST)
            .slice(0, 1)
            .map((name) => ({
              ...{ statement, object: null, what: `"${name}" is cut to 63 bytes.` },
            })),
        ),
  },
  {
    ...style,
    id: "domain-with-constraint",
    title: "A domain has a constraint.",
    why: "Changing it later compares every row of every table that uses the domain, under locks on all of them.",
    instead: "A CHECK on each table, which can be NOT VALID first.",
    example: {
      finds: [
        "CREATE DOMAIN positive AS int CHECK (VALUE > 0);",
        "ALTER DOMAIN code ADD CHECK (VALUE <> '');",
      ],
      instead: ["CREATE DOMAIN positive AS int;"],
    },
    sameAs: { squawk: ["ban-create-domain-with-constraint", "ban-alter-domain-with-add-constraint"] },
    check: (facts) => [
      ...facts
        .each("create-domain")
        .filter(({ operation }) => operation.constrained)
        .map(({ statement, operation: { name } }) => ({
          ...{ statement, object: name, what: `The domain ${shortName(name)} has a constraint.` },
        })),
      ...facts
        .each("add-domain-constraint")
        .filter(({ operation }) => !operation.notValid)
        .map(({ statement, operation: { name } }) => ({
          ...{
            statement,
            object: name,
            what: `The domain ${shortName(name)} gets a constraint: every table that uses it is read.`,
          },
        })),
    ],
  },
];
