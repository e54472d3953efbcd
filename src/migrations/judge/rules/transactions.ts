import type { ObservedStatement } from "../../relay/types.ts";
import { blocks } from "../effects.ts";
import type { Facts } from "../facts.ts";
import type { Hit, Rule } from "../rule.ts";
import { shortName, sqlName } from "../sql/names.ts";
import { runsAlone, type Statement } from "../statements.ts";

const withTransactions = (facts: Facts) =>
  facts.each("transaction").map(({ statement, operation }) => ({ statement, what: operation.what }));

/** What was seen in the same transaction, in whichever migration of the run. */
const seenWith = ({ observed }: Statement, { input }: Facts): ObservedStatement[] =>
  observed === null
    ? []
    : input.migrations.flatMap(({ observation }) =>
        (observation?.statements ?? []).filter(({ transaction }) => transaction === observed.transaction),
      );

/** BEGIN within a transaction, or COMMIT outside one: PostgreSQL only warns. */
const nested = (facts: Facts): Hit[] => {
  let written = false;
  return withTransactions(facts).flatMap(({ statement, what }): Hit[] => {
    const { observed } = statement;
    const open =
      observed === null
        ? written
        : what === "begin"
          ? seenWith(statement, facts).some(({ index }) => index < observed.index)
          : observed.kind === "explicit";
    if (what === "begin") written = true;
    if (what === "commit" || what === "rollback") written = false;
    if (what === "begin" && open)
      return [
        {
          statement,
          object: null,
          what: "It begins a transaction inside one: the inner COMMIT ends the outer.",
        },
      ];
    if (what === "commit" && !open)
      return [{ statement, object: null, what: "It commits where no transaction of its own is open." }];
    return [];
  });
};

/** The BEGIN of a transaction that nothing ended: not by a word, and not by an error. */
const leftOpen = (facts: Facts): Statement | null => {
  const states = withTransactions(facts).filter(({ what }) => ["begin", "commit", "rollback"].includes(what));
  const isOpen = ({ statement, what }: (typeof states)[number], index: number): boolean => {
    if (what !== "begin") return false;
    const { observed } = statement;
    if (observed === null) return index === states.length - 1;
    const outcome = facts.migration.observation?.transactions.find(
      ({ transaction }) => transaction === observed.transaction,
    )?.outcome;
    const ended = states.some(
      (other) => other.what !== "begin" && other.statement.observed?.transaction === observed.transaction,
    );
    const failed = seenWith(statement, facts).some(({ error }) => error !== null);
    return outcome !== undefined && outcome !== "committed" && !ended && !failed;
  };
  return states.find(isOpen)?.statement ?? null;
};

/** A statement that commits by itself, where a transaction is open: as PostgreSQL said, or as it is written. */
const aloneInside = (facts: Facts): Hit[] =>
  facts.statements.flatMap((statement): Hit[] => {
    const refused = statement.observed?.error?.sqlState === "25001";
    const unseen = statement.observed === null && statement.explicit && statement.operations.some(runsAlone);
    if (!refused && !unseen) return [];
    const indexes = statement.operations.flatMap((one) => (one.type === "create-index" ? [one.table] : []));
    return [
      {
        statement,
        object: indexes[0] ?? null,
        what: refused
          ? `It failed: ${statement.observed?.error?.message ?? ""}.`
          : "It cannot run inside a transaction, and one is open.",
        instructions: [
          "-- in a migration of its own, for which the tool opens no transaction:",
          `${statement.sql.replace(/;?\s*$/, "")};`,
        ],
      },
    ];
  });

/** Rows are changed after a table was locked in the same transaction. */
const backfills = (facts: Facts): Hit[] => {
  const locked = new Map<string, string>();
  const told = new Set<string>();
  return facts.statements.flatMap((statement): Hit[] => {
    const effects = facts.effects(statement);
    const before = locked.get(statement.transaction);
    const writes = effects.filter(({ work }) => work === "update");
    const lock = effects.find(({ mode, work }) => blocks(mode) && work !== "update");
    if (lock !== undefined && before === undefined) locked.set(statement.transaction, lock.table);
    const [write] = writes;
    if (write === undefined || before === undefined || told.has(statement.transaction)) return [];
    const cost = facts.cost(writes);
    if (cost.level === null) return [];
    told.add(statement.transaction);
    return [
      {
        statement,
        object: write.table,
        what: `It changes rows of ${shortName(write.table)} while the lock on ${shortName(before)} is held, ${cost.words}.`,
        ...{ level: cost.level, estimate: cost.estimate },
        instructions: [
          "COMMIT;",
          "-- then in parts, each in a transaction of its own:",
          `UPDATE ${sqlName(write.table)} SET … WHERE ctid IN (SELECT ctid FROM ${sqlName(write.table)} WHERE … LIMIT 5000);`,
        ],
      },
    ];
  });
};

export const transactionRules: Rule[] = [
  {
    id: "concurrently-in-transaction",
    family: "transactions",
    level: "block",
    title: "A statement that cannot run inside a transaction is inside one.",
    why: "CONCURRENTLY, VACUUM and DROP DATABASE commit by themselves; PostgreSQL refuses them, and the migration fails.",
    instead:
      "Put it alone in a migration without a transaction: pgm.noTransaction() (node-pg-migrate), exports.config = { transaction: false } (Knex), with op.get_context().autocommit_block() (Alembic), or a plain SQL file that holds this statement only.",
    example: {
      finds: ["BEGIN;", "CREATE INDEX CONCURRENTLY rides_city_idx ON rides (city);", "COMMIT;"],
      instead: ["CREATE INDEX CONCURRENTLY rides_city_idx ON rides (city);"],
    },
    sameAs: {
      squawk: ["ban-concurrent-index-creation-in-transaction"],
      atlas: ["PG103"],
      strong_migrations: ["add_index"],
      "django-migration-linter": ["CREATE_INDEX_EXCLUSIVE"],
    },
    check: aloneInside,
  },
  {
    id: "nested-transaction",
    family: "transactions",
    level: "warn",
    title: "A transaction is begun inside another, or ended where none is open.",
    why: "PostgreSQL has no nested transactions: the first COMMIT ends the tool's own, and what follows is not undone when it fails.",
    instead: "Leave BEGIN and COMMIT to the migration tool, or turn its transaction off for this file.",
    example: {
      finds: ["BEGIN;", "ALTER TABLE rides ADD COLUMN tip numeric;", "BEGIN;", "COMMIT;"],
      instead: ["BEGIN;", "ALTER TABLE rides ADD COLUMN tip numeric;", "COMMIT;"],
    },
    sameAs: { squawk: ["transaction-nesting"], atlas: ["nestedtx"] },
    check: nested,
  },
  {
    id: "uncommitted-transaction",
    family: "transactions",
    level: "block",
    title: "A transaction is begun and not ended.",
    why: "When the connection closes, all of it is undone, although the tool may have written down that it ran.",
    instead: "End it with COMMIT, or leave both to the migration tool.",
    example: {
      finds: ["BEGIN;", "ALTER TABLE rides ADD COLUMN tip numeric;"],
      instead: ["BEGIN;", "ALTER TABLE rides ADD COLUMN tip numeric;", "COMMIT;"],
    },
    sameAs: { squawk: ["ban-uncommitted-transaction"] },
    check: (facts) => {
      const statement = leftOpen(facts);
      return statement === null
        ? []
        : [{ statement, object: null, what: "The transaction that it belongs to is never ended." }];
    },
  },
  {
    id: "ddl-with-backfill",
    family: "transactions",
    level: "by-size",
    title: "Rows are filled in the transaction that changes the table.",
    why: "The lock of the ALTER TABLE is held until the last row is written: everyone waits.",
    instead: "Change the table in one migration, fill the rows in parts in another.",
    example: {
      finds: ["ALTER TABLE rides ADD COLUMN tip numeric;", "UPDATE rides SET tip = 0;"],
      instead: ["ALTER TABLE rides ADD COLUMN tip numeric DEFAULT 0;"],
    },
    sameAs: { strong_migrations: ["backfill"], eugene: ["E4"], pgroll: ["add_column"] },
    check: backfills,
  },
  {
    id: "irreversible-down",
    family: "transactions",
    level: "warn",
    title: "A migration has no down.",
    why: "A rollback that cannot leave the schema as it is has no other way than to restore a snapshot.",
    instead:
      "Write a down that brings the schema back, or waive the rule where the release before survives the change.",
    example: { finds: [], instead: [] },
    sameAs: { "django-migration-linter": ["RUNPYTHON_REVERSIBLE", "RUNSQL_REVERSIBLE"] },
    check: ({ migration }) =>
      migration.reversible === false && migration.direction === "up"
        ? [{ statement: null, object: null, what: `${migration.name} has no down: nothing takes it back.` }]
        : [],
  },
];
