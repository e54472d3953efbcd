import { escapeLiteral } from "pg";
import type { SeedColumn } from "./tables.ts";

/** Values that repeat, so that a UNIQUE over them fails as it would on real rows. */
const REPEAT = 7;

const START = "timestamptz '2026-01-01 00:00:00+00'";

/** A number from 0 that looks as if it were drawn, the same each time: of the n-th row and the i-th column. */
export const drawn = (index: number): string => `(hashint4(n * 67 + ${index}) & 1073741823)`;

/** SQL of the values that a column may be given in the n-th row, or none where nothing is known for its type. Pure. */
export const valuesOf = (
  column: SeedColumn,
  { checks, index }: { checks: string[]; index: number },
): string[] => {
  const number = column.unique ? "n" : `(1 + ${drawn(index)} % ${REPEAT})`;
  if (column.labels !== null) {
    const at = column.unique ? "n" : `1 + ${drawn(index)} % ${column.labels.length}`;
    return [`(ARRAY[${column.labels.map((label) => escapeLiteral(label)).join(", ")}])[${at}]`];
  }
  const plain = ofType(column, number);
  if (plain === null) return [];
  const about = [...checks.filter((check) => mentions(check, column)), ...column.domainChecks];
  return about.length === 0 ? [plain] : [plain, ...otherWords(column, number), ...literalsIn(about, column)];
};

/** Whether a condition speaks of the column. */
export const mentions = (check: string, { name }: SeedColumn): boolean =>
  new RegExp(`(?<!\\w)${name.replace(/[^\w ]/g, "\\$&")}(?!\\w)`).test(check);

const TEXTS = new Set(["text", "character varying", "character", "name", "citext", "public.citext"]);

/** Words as codes and keys are often made of. */
const otherWords = ({ base, length }: SeedColumn, number: string): string[] => {
  if (!TEXTS.has(base)) return [];
  const letters = (alphabet: string): string => `translate(${number}::text, '0123456789', '${alphabet}')`;
  const digits = `lpad(${number}::text, ${Math.min(length ?? 6, 6)}, '0')`;
  return [letters("abcdefghij"), letters("ABCDEFGHIJ"), digits, `'+' || lpad(${number}::text, 10, '4')`];
};

const ofType = (column: SeedColumn, number: string): string | null => {
  if (TEXTS.has(column.base))
    return column.length !== null && column.length < 24
      ? `right(${number}::text, ${column.length})`
      : `'v' || ${number} || '@example.test'`;
  const at = `${START} + ${number} * interval '1 hour'`;
  switch (column.base) {
    case "smallint":
    case "integer":
    case "bigint":
    case "numeric":
    case "real":
    case "double precision":
    case "oid":
      return number;
    case "money":
      return `${number}::int::money`;
    case '"char"':
      return "'a'";
    case "boolean":
      return `${number} % 2 = 0`;
    case "uuid":
      return `md5('seed' || (${number}))::uuid`;
    case "date":
      return `date '2026-01-01' + ${number}::int`;
    case "timestamp with time zone":
      return at;
    case "timestamp without time zone":
      return `(${at}) AT TIME ZONE 'UTC'`;
    case "time without time zone":
    case "time with time zone":
      return `time '00:00' + ${number} * interval '1 minute'`;
    case "interval":
      return `${number} * interval '1 minute'`;
    case "json":
    case "jsonb":
      return `json_build_object('n', ${number})`;
    case "bytea":
      return `decode(md5(${number}::text), 'hex')`;
    case "inet":
    case "cidr":
      return `('10.0.' || ${number} / 256 || '.' || ${number} % 256)::inet`;
    case "tsvector":
      return `to_tsvector('simple', 'v' || (${number}))`;
    case "point":
      return `point(${number}, ${number})`;
    case "int4range":
    case "int8range":
    case "numrange":
      return `${column.base}((${number}), ${number} + 1)`;
    case "daterange":
      return `daterange(date '2026-01-01' + ${number}::int, date '2026-01-02' + ${number}::int)`;
    case "tstzrange":
      return `tstzrange(${at}, ${at} + interval '1 hour')`;
    case "tsrange":
      return `tsrange((${at}) AT TIME ZONE 'UTC', (${at} + interval '1 hour') AT TIME ZONE 'UTC')`;
    default:
      return column.base.endsWith("[]") ? "'{}'" : null;
  }
};

/** What conditions list: `status = ANY (ARRAY['asked'::text, …])`, `stars >= 1 AND stars <= 5`. */
const literalsIn = (conditions: string[], { base, alone }: SeedColumn): string[] => {
  if (alone) return [];
  const text = conditions.join(" ");
  const quoted = [...text.matchAll(/'((?:[^']|'')*)'::(?!reg)/g)].map(([, inner]) => `'${inner!}'`);
  const numbers = [...text.matchAll(/(?<![\w.'])\(?(-?\d+(?:\.\d+)?)\)?(?![\w.'])/g)].map(
    ([, digits]) => digits!,
  );
  if (TEXTS.has(base)) return [...new Set(quoted)];
  return NUMBERS.has(base)
    ? [...new Set([...numbers, ...quoted.filter((one) => /^'-?\d+(\.\d+)?'$/.test(one))])]
    : [];
};

const NUMBERS = new Set(["smallint", "integer", "bigint", "numeric", "real", "double precision"]);
