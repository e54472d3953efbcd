import type { Observation, ObservedStatement } from "../relay/types.ts";

export interface AttributeInput {
  observation: Observation;
  /** In the order in which they ran; when a run failed, with those that were still to come. */
  names: string[];
  /** `schema.name` of the tables in which the tool writes down what has run. */
  ledgers: string[];
  /** As `ledgers`, and those by which it locks. */
  bookkeeping: string[];
  /** Text of a migration's file, where it has one in SQL. */
  texts: Record<string, string>;
}

/**
 * What each migration did, of a tool that runs all of them at once: a write into the tool's own table ends a migration. Where those do not fit
 * the names, statements go to the migration whose file has them. What the tool does for itself is left out. Pure.
 */
export const attribute = (input: AttributeInput): Record<string, Observation> => {
  const { observation, names } = input;
  const groups = fitting(groupsOf(input), names) ?? byText(input);
  return Object.fromEntries(
    names.map((name, index) => {
      const statements = groups[index] ?? [];
      const own = new Set(statements.map(({ transaction }) => transaction));
      const transactions = observation.transactions.filter(({ transaction }) => own.has(transaction));
      return [name, { statements, transactions }];
    }),
  );
};

interface Groups {
  /** Each ends with a write into the ledger. */
  ended: ObservedStatement[][];
  /** What follows the last of those writes. */
  rest: ObservedStatement[];
}

const groupsOf = ({ observation, ledgers, bookkeeping }: AttributeInput): Groups => {
  const ended: ObservedStatement[][] = [];
  let group: ObservedStatement[] = [];
  for (const statement of observation.statements) {
    if (!mentions(statement.sql, bookkeeping)) {
      group.push(statement);
      continue;
    }
    if (!writesTo(statement.sql, ledgers) || statement.error !== null) continue;
    ended.push(group);
    group = [];
  }
  return { ended, rest: group };
};

/** One group a name; null: they do not fit. A tool may write more than once for a migration, before and after. */
const fitting = ({ ended, rest }: Groups, names: string[]): ObservedStatement[][] | null => {
  const filled = ended.filter((group) => group.some(does));
  const groups = ended.length === names.length || filled.length > names.length ? ended : filled;
  if (groups.length > names.length || groups.length === 0)
    return rest.some(does) && groups.length === 0 ? firstOf(rest, names) : null;
  if (groups.length < names.length) {
    // Everything ran but for what failed: the next name is the one that did.
    const failed = rest.some(({ error }) => error !== null);
    return failed ? [...groups, rest] : null;
  }
  const last = groups.at(-1) ?? [];
  return [...groups.slice(0, -1), [...last, ...rest]];
};

/** Nothing was written down: it failed in the first, or there is only one. */
const firstOf = (rest: ObservedStatement[], names: string[]): ObservedStatement[][] | null =>
  names.length === 1 || rest.some(({ error }) => error !== null) ? [rest] : null;

const byText = ({ observation, names, bookkeeping, texts }: AttributeInput): ObservedStatement[][] => {
  const groups: ObservedStatement[][] = names.map(() => []);
  let current = 0;
  for (const statement of observation.statements) {
    if (mentions(statement.sql, bookkeeping)) continue;
    const sql = spaced(statement.sql);
    const found = does(statement)
      ? names.findIndex((name, index) => index >= current && spaced(texts[name] ?? "").includes(sql))
      : -1;
    if (found >= 0) current = found;
    groups[current]?.push(statement);
  }
  return groups;
};

/** More than the frame of a transaction. */
const does = ({ sql }: ObservedStatement): boolean =>
  !/^\s*(begin|commit|rollback|end|start\s+transaction|savepoint|release|set|reset|show)\b/i.test(sql);

const spaced = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .replace(/[\s;]+$/, "")
    .trim()
    .toLowerCase();

/** Named with or without its schema, in quotes or not. */
const patternOf = (table: string): string => {
  const dot = table.indexOf(".");
  const [schema, name] = [table.slice(0, dot), table.slice(dot + 1)].map(escaped);
  return `(?:"?${schema}"?\\s*\\.\\s*)?"?(?<![\\w$])${name}(?![\\w$])"?`;
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const mentions = (sql: string, tables: string[]): boolean =>
  tables.some((table) => new RegExp(patternOf(table), "i").test(sql));

const writesTo = (sql: string, tables: string[]): boolean =>
  tables.some((table) =>
    new RegExp(`\\b(?:insert\\s+into|update(?:\\s+only)?)\\s+${patternOf(table)}`, "i").test(sql),
  );
