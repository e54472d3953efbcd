import { timeText } from "../amount.ts";
import { blocks } from "../effects.ts";
import type { Facts } from "../facts.ts";
import type { Hit, Rule } from "../rule.ts";
import { shortName, sqlName } from "../sql/names.ts";
import type { Statement } from "../statements.ts";
import { APART, waitOn } from "./wait.ts";

/** The first statement for which others wait before which no timeout of that name was set; null: every one is guarded. */
const unguarded = (
  facts: Facts,
  name: "lock_timeout" | "statement_timeout",
  felt: (statement: Statement) => string[],
): { statement: Statement; tables: string[] } | null => {
  const { lockMs, statementMs } = facts.input.timeouts;
  const given = name === "lock_timeout" ? lockMs : statementMs;
  let set = given !== null && given > 0;
  let first: Statement | null = null;
  const tables = new Set<string>();
  for (const statement of facts.statements) {
    for (const operation of statement.operations)
      if (operation.type === "set" && operation.name === name)
        set = operation.value !== null && !/^0\D*$/.test(operation.value);
    if (set) continue;
    for (const table of felt(statement)) {
      first ??= statement;
      tables.add(table);
    }
  }
  return first === null ? null : { statement: first, tables: [...tables] };
};

const named = (tables: string[]): string => tables.map(shortName).join(", ");

/** Work under way in a transaction after it has locked a table against everyone. */
const laterWork = (facts: Facts): Hit[] => {
  const locked = new Map<string, string>();
  const later = new Map<string, Statement[]>();
  for (const statement of facts.statements) {
    const effects = facts.effects(statement);
    const works = effects.some(({ work }) => work !== null && work !== "update");
    if (works && locked.has(statement.transaction) && !validatesItsAdd(facts, statement))
      later.set(statement.transaction, [...(later.get(statement.transaction) ?? []), statement]);
    const all = effects.find(({ mode }) => mode === "AccessExclusiveLock");
    if (all !== undefined && !locked.has(statement.transaction)) locked.set(statement.transaction, all.table);
  }
  return [...later].flatMap(([transaction, statements]): Hit[] => {
    const [first] = statements;
    const table = locked.get(transaction) ?? "";
    const cost = facts.cost(
      statements.flatMap((one) => facts.effects(one).filter(({ work }) => work !== "update")),
    );
    if (first === undefined || cost.level === null) return [];
    return [
      {
        statement: first,
        object: table,
        what: `The transaction has locked ${shortName(table)} against everyone and goes on working, ${cost.words}.`,
        ...{ level: cost.level, estimate: cost.estimate },
        instructions: ["COMMIT;", "-- and the rest in a migration of its own"],
      },
    ];
  });
};

/** A rule of its own tells of that. */
const validatesItsAdd = (facts: Facts, { operations, transaction }: Statement): boolean =>
  operations.some(
    (one) =>
      one.type === "validate-constraint" &&
      facts
        .each("add-constraint")
        .some(
          ({ statement, operation }) =>
            statement.transaction === transaction &&
            operation.table === one.table &&
            operation.constraint.name === one.name,
        ),
  );

/** So much of the time between two statements is the rehearsal's own. */
const OWN_MS = 50;

/** A lock that was held while the migration's program did something else. */
const idleLocks = (facts: Facts): Hit[] =>
  (facts.migration.observation?.transactions ?? []).flatMap(({ transaction, held }): Hit[] => {
    const statements = facts.statements.filter(({ observed }) => observed?.transaction === transaction);
    const busyMs = statements.reduce((sum, { observed }) => sum + (observed?.durationMs ?? 0) + OWN_MS, 0);
    return Object.entries(held)
      .filter(([table, { mode }]) => blocks(mode) && !facts.isNew(table))
      .filter(([, { heldMs }]) => heldMs - busyMs >= facts.sizes.thresholds.warnMs)
      .slice(0, 1)
      .map(([table, { heldMs }]) => ({
        statement: statements[0] ?? null,
        object: table,
        what: `${shortName(table)} was locked for ${timeText(heldMs)}, most of it while no statement ran.`,
      }));
  });

const COMBINED = new Set([
  "add-column",
  "drop-column",
  "change-type",
  "set-not-null",
  "drop-not-null",
  "set-default",
]);

export const lockRules: Rule[] = [
  {
    id: "no-lock-timeout",
    family: "blocks-traffic",
    level: "warn",
    title: "A strong lock is asked for without a lock_timeout.",
    why: "It waits behind the longest query that uses the table, and everyone who comes later waits behind it: a lock of a millisecond can stop an app for minutes.",
    instead:
      "Set lock_timeout to a few seconds and try again when it runs out; Switchback does both when it runs a migration.",
    example: {
      finds: ["ALTER TABLE rides ADD COLUMN tip numeric;"],
      instead: ["SET lock_timeout = '2s';", "ALTER TABLE rides ADD COLUMN tip numeric;"],
    },
    sameAs: {
      squawk: ["require-timeout-settings", "require-lock-timeout"],
      eugene: ["E9"],
      strong_migrations: ["lock_timeout"],
    },
    check: (facts) => {
      const found = unguarded(facts, "lock_timeout", (statement) =>
        facts
          .effects(statement)
          .filter(({ mode }) => blocks(mode))
          .map(({ table }) => table),
      );
      if (found === null) return [];
      return [
        {
          statement: found.statement,
          object: found.tables[0] ?? null,
          what: `It locks ${named(found.tables)} and would wait for the lock without end.`,
          instructions: ["SET lock_timeout = '2s';"],
        },
      ];
    },
  },
  {
    id: "no-statement-timeout",
    family: "blocks-traffic",
    level: "info",
    title: "Long work under a lock has no statement_timeout.",
    why: "When the table is larger than thought, nothing ends the work, and everyone waits until it is done.",
    instead: "Set statement_timeout to the longest that users may wait.",
    example: {
      finds: ["ALTER TABLE rides ALTER COLUMN seats TYPE bigint;"],
      instead: ["SET statement_timeout = '30s';", "ALTER TABLE rides ALTER COLUMN seats TYPE bigint;"],
    },
    sameAs: {
      squawk: ["require-timeout-settings", "require-statement-timeout"],
      strong_migrations: ["statement_timeout"],
    },
    check: (facts) => {
      const found = unguarded(facts, "statement_timeout", (statement) => {
        const wait = waitOn(facts, statement);
        return wait === null ? [] : [wait.effect.table];
      });
      if (found === null) return [];
      return [
        {
          statement: found.statement,
          object: found.tables[0] ?? null,
          what: `It works on ${named(found.tables)} under a lock, and nothing ends it when that takes too long.`,
          instructions: ["SET statement_timeout = '30s';"],
        },
      ];
    },
  },
  {
    id: "work-while-locked",
    family: "blocks-traffic",
    level: "by-size",
    title: "A transaction goes on working after it has locked a table against everyone.",
    why: "Every lock is held until the transaction ends, so users of the first table wait for the work on all that follow.",
    instead: "Commit after the lock, and do the rest in a migration of its own; or do the long work first.",
    example: {
      finds: [
        "ALTER TABLE drivers ADD COLUMN rating numeric;",
        "CREATE INDEX rides_city_idx ON rides (city);",
      ],
      instead: [
        "CREATE INDEX rides_city_idx ON rides (city);",
        "ALTER TABLE drivers ADD COLUMN rating numeric;",
      ],
    },
    sameAs: { eugene: ["E4"], "django-migration-linter": ["CREATE_INDEX_EXCLUSIVE"] },
    check: laterWork,
  },
  {
    id: "lock-held-while-idle",
    family: "blocks-traffic",
    level: "warn",
    title: "The rehearsal saw a lock held while the migration's program did something else.",
    why: "Users wait for a table on which nothing happens: for a file that is read, an API that is called, rows that are worked out.",
    instead: "Do that before the transaction begins, and commit at once.",
    example: { finds: [], instead: [] },
    sameAs: { eugene: ["E4"] },
    check: idleLocks,
  },
  {
    id: "detach-partition-blocks",
    family: "blocks-traffic",
    level: "warn",
    title: "A partition is detached under a lock that stops reads and writes of the whole table.",
    why: "DETACH PARTITION takes an AccessExclusive lock on the partitioned table.",
    instead: "DETACH PARTITION … CONCURRENTLY, outside a transaction.",
    example: {
      finds: ["ALTER TABLE rides DETACH PARTITION rides_2024;"],
      instead: ["ALTER TABLE rides DETACH PARTITION rides_2024 CONCURRENTLY;"],
    },
    sameAs: { squawk: ["require-concurrent-partition-detach"] },
    check: (facts) =>
      facts
        .each("detach-partition")
        .flatMap(({ statement, operation: { table, partition, concurrently } }) =>
          concurrently || facts.isNew(table)
            ? []
            : [
                {
                  statement,
                  object: table,
                  what: `It detaches ${shortName(partition)} under an AccessExclusive lock on ${shortName(table)}.`,
                  instructions: [
                    APART,
                    `ALTER TABLE ${sqlName(table)} DETACH PARTITION ${sqlName(partition)} CONCURRENTLY;`,
                  ],
                },
              ],
        ),
  },
  {
    id: "several-alters",
    family: "blocks-traffic",
    level: "info",
    title: "A table is altered several times where once would do.",
    why: "Each ALTER TABLE takes its lock anew, and each may read or write the table anew.",
    instead: "One ALTER TABLE with several parts: one lock, one pass.",
    example: {
      finds: ["ALTER TABLE rides ADD COLUMN tip numeric;", "ALTER TABLE rides ADD COLUMN toll numeric;"],
      instead: ["ALTER TABLE rides ADD COLUMN tip numeric, ADD COLUMN toll numeric;"],
    },
    sameAs: { eugene: ["W12"] },
    check: (facts) => {
      const byTable = new Map<string, Statement[]>();
      for (const statement of facts.statements)
        for (const operation of statement.operations)
          if (COMBINED.has(operation.type) && "table" in operation && !facts.isNew(operation.table)) {
            const list = byTable.get(operation.table) ?? [];
            if (!list.includes(statement)) byTable.set(operation.table, [...list, statement]);
          }
      return [...byTable].flatMap(([table, statements]): Hit[] =>
        statements.length < 2
          ? []
          : [
              {
                statement: statements[1] ?? null,
                object: table,
                what: `${shortName(table)} is altered by ${statements.length} statements that could be one.`,
              },
            ],
      );
    },
  },
];
