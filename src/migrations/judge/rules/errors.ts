import type { Facts } from "../facts.ts";
import type { Hit, Rule } from "../rule.ts";
import type { Statement } from "../statements.ts";

/** Told by rules of their own, or a consequence of the error before. */
const TOLD_ELSEWHERE = new Set(["23505", "23502", "23503", "23514", "25001", "25P02", "42601"]);

interface Known {
  states: string[];
  id: string;
  title: string;
  why: string;
  instead: string;
}

const KNOWN: Known[] = [
  {
    states: ["55P03"],
    id: "lock-timeout-reached",
    title: "A lock could not be had in time.",
    why: "Nothing was changed. Someone uses the table for longer than lock_timeout; on the target it happens again and again.",
    instead: "Try again with a pause (Switchback does), end the long query, or choose a calmer hour.",
  },
  {
    states: ["57014"],
    id: "statement-timeout-reached",
    title: "A statement was ended because it took too long.",
    why: "Nothing of it stays. At the target's size it takes longer than statement_timeout.",
    instead: "Do it in parts, or with CONCURRENTLY, or allow this one statement more time.",
  },
  {
    states: ["42P01", "42703", "42704", "42883", "3F000", "3D000"],
    id: "object-missing",
    title: "A table, column, type or function is not there.",
    why: "The migration was written for another schema than the one that it meets: a migration before it is missing, or the target was changed by hand.",
    instead: "Compare with the target: `switchback migrate status` shows what has run there.",
  },
  {
    states: ["42P07", "42701", "42710", "42P06", "42723", "42P16"],
    id: "object-exists",
    title: "A table, column, index or constraint is there already.",
    why: "The migration ran in part before, or the target was changed by hand.",
    instead:
      "Find out which: `switchback migrate status`. IF NOT EXISTS hides a difference instead of mending it.",
  },
  {
    states: ["2BP01"],
    id: "object-needed",
    title: "Something else depends on what is dropped.",
    why: "A view, a foreign key or a default still uses it; PostgreSQL refuses.",
    instead: "Drop what depends on it first, by name. CASCADE drops what nobody looked at.",
  },
  {
    states: ["42501"],
    id: "permission-missing",
    title: "The migration's role may not do this.",
    why: "On the target it fails the same way, in the middle of the deployment.",
    instead: "Grant what is missing, or have the owner of the table run the migration.",
  },
  {
    states: ["22P02", "22001", "22003", "22007", "22008", "42804", "42846", "0A000"],
    id: "values-do-not-fit",
    title: "A value or a type does not fit.",
    why: "Rows that are there cannot be turned into the new type, or the statement is not possible for this table.",
    instead:
      "Look for such rows on the target, mend them, and say with USING how to turn a value into another.",
  },
  {
    states: ["40P01"],
    id: "deadlock",
    title: "Two sessions waited for each other.",
    why: "The migration takes its locks in another order than the app, or runs twice at once.",
    instead: "Take the locks of one table at a time, each in a transaction of its own.",
  },
];

const ownStates = new Set(KNOWN.flatMap(({ states }) => states));

const failures = (facts: Facts, fits: (sqlState: string) => boolean): Hit[] =>
  facts.statements.flatMap((statement) => {
    const error = statement.observed?.error ?? null;
    if (error === null || !fits(error.sqlState) || isOfTool(statement, facts)) return [];
    const detail = error.hint === null ? "" : ` ${error.hint}`;
    return [
      {
        statement,
        object: /relation "([^"]+)"/.exec(error.message)?.[1] ?? null,
        what: `It failed: ${error.message} (${error.sqlState}).${detail}`,
      },
    ];
  });

/** The tool looks whether its own table is there, and makes it when it is not. */
const isOfTool = ({ sql, line }: Statement, { input, migration }: Facts): boolean =>
  line === null &&
  migration.sql !== null &&
  input.bookkeeping.some((table) => sql.includes(table.slice(table.indexOf(".") + 1)));

export const errorRules: Rule[] = [
  ...KNOWN.map(({ states, ...texts }): Rule => ({
    ...texts,
    ...{ family: "errors", level: "block" },
    example: { finds: [], instead: [] },
    sameAs: {},
    check: (facts) => failures(facts, (state) => states.includes(state)),
  })),
  {
    id: "syntax-error",
    family: "errors",
    level: "block",
    title: "PostgreSQL cannot read a statement.",
    why: "The migration fails at this place.",
    instead: "Mend it. What only psql knows, such as \\copy, does not run anywhere else.",
    example: {
      finds: ["ALTER TABLE rides ADD COLUM tip numeric;"],
      instead: ["ALTER TABLE rides ADD COLUMN tip numeric;"],
    },
    sameAs: { squawk: ["syntax-error"] },
    check: (facts) => {
      const { unreadable, migration } = facts;
      const failed = failures(facts, (state) => state === "42601");
      if (failed.length > 0)
        return failed.map((hit) => ({ ...hit, line: hit.statement?.line ?? unreadable?.line ?? null }));
      return unreadable === null || migration.observation !== null
        ? []
        : [{ statement: null, line: unreadable.line, object: null, what: `${unreadable.message}.` }];
    },
  },
  {
    id: "statement-failed",
    family: "errors",
    level: "block",
    title: "A statement failed.",
    why: "The migration stops here; what it did before stays unless it is in the same transaction.",
    instead: "Read PostgreSQL's message, and rehearse again.",
    example: { finds: [], instead: [] },
    sameAs: {},
    check: (facts) => [
      ...failures(facts, (state) => !TOLD_ELSEWHERE.has(state) && !ownStates.has(state)),
      ...untoldData(facts),
    ],
  },
];

/** A constraint that was broken by an INSERT or UPDATE of the migration itself. */
const untoldData = (facts: Facts): Hit[] => {
  const schema = new Set([
    "set-not-null",
    "create-index",
    "add-constraint",
    "validate-constraint",
    "add-column",
  ]);
  return failures(facts, (state) => ["23505", "23502", "23503", "23514"].includes(state)).filter(
    ({ statement }) => statement?.operations.some(({ type }) => schema.has(type)) !== true,
  );
};
