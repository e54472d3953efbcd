import { escapeIdentifier } from "pg";

/** What conditions let one guess of the values of a column. */
export interface Hints {
  /** Values that stand in conditions, as text. */
  literals: string[];
  /** Whether only they will do. */
  only: boolean;
  least: number | null;
  most: number | null;
  /** Lengths that are spoken of. */
  lengths: number[];
  /** There is a condition whose meaning is not understood: values of many shapes are tried. */
  unclear: boolean;
  /** Which of them were let in, when they were tried one by one; null: nobody tried. */
  shapes: number[] | null;
}

export interface Condition {
  expression: string;
  columns: string[];
}

const unquote = (text: string): string => text.replaceAll("''", "'");
const quoted = (text: string): string[] =>
  [...text.matchAll(/'((?:[^']|'')*)'/g)].map(([, inner]) => unquote(inner ?? ""));

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The column as conditions write it: in quotes where it needs them, often in parentheses, with casts behind. */
const columnPattern = (column: string): string => {
  const plain = /^[a-z_][a-z0-9_]*$/.test(column) ? column : escapeIdentifier(column);
  return `(?<![\\w."])\\(*${escapeRegExp(plain)}\\)*(?:::[a-z ]+(?:\\(\\d+\\))?\\)*)?`;
};

/** Values with which the column is compared: `= 'x'`, `= ANY (ARRAY['x', 'y'])`, `<> 'x'` and so on. */
const comparedWith = (column: string, expression: string): string[] => {
  const value = `(?:ANY \\(+ARRAY\\[([^\\]]*)\\]|\\(*('(?:[^']|'')*'))`;
  return [
    ...expression.matchAll(new RegExp(`${columnPattern(column)} (?:=|<>|>=|<=|<|>) ${value}`, "g")),
  ].flatMap(([, array, single]) => quoted(array ?? single ?? ""));
};

const boundsOf = (column: string, expression: string): { least: number[]; most: number[] } => {
  const pattern = new RegExp(`${columnPattern(column)} (>=|>|<=|<) \\(*'?(-?\\d+(?:\\.\\d+)?)`, "g");
  const least: number[] = [];
  const most: number[] = [];
  for (const [, operator, number] of expression.matchAll(pattern)) {
    const bound = Number(number);
    if (operator === ">=") least.push(bound);
    else if (operator === ">") least.push(bound + 1);
    else if (operator === "<=") most.push(bound);
    else most.push(bound - 1);
  }
  return { least, most };
};

/** Pure. `conditions` are those of the table, with VALUE of a domain written as the column. */
export const hintsOf = (column: string, conditions: Condition[]): Hints => {
  const about = conditions.filter(({ columns }) => columns.includes(column));
  const literals = about.flatMap(({ expression }) => comparedWith(column, expression));
  const alone = about.filter(({ columns }) => columns.length === 1);
  const bounds = about.map(({ expression }) => boundsOf(column, expression));
  const least = bounds.flatMap((bound) => bound.least);
  const most = bounds.flatMap((bound) => bound.most);
  const only = alone.some(
    ({ expression }) => / = /.test(expression) && comparedWith(column, expression).length > 0,
  );
  const lengths = alone.flatMap(({ expression }) =>
    [...expression.matchAll(/\b(\d{1,3})\b/g)]
      .map(([number]) => Number(number))
      .filter((one) => one > 0 && one <= 256),
  );
  return {
    literals: [...new Set(literals)],
    only,
    least: least.length === 0 ? null : Math.max(...least),
    most: most.length === 0 ? null : Math.min(...most),
    lengths: [...new Set(lengths)].slice(0, 6),
    unclear: alone.length > 0 && !only,
    shapes: null,
  };
};
