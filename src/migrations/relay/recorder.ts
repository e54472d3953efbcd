import type { Clock } from "../../ports/clock.ts";
import { stronger } from "./lock-modes.ts";
import type { ObservedStatement, ObservedTransaction, Observation, LockMode } from "./types.ts";

/** What a look at the server after a statement showed. */
export type Sight = Pick<ObservedStatement, "locks" | "rewrites" | "scans" | "writes">;

export type StatementEnd = Pick<ObservedStatement, "tag" | "error">;

export const NOTHING_SEEN: Sight = { locks: [], rewrites: [], scans: [], writes: {} };

/** Beyond these, statements are counted no more: a program that runs for hours in "errors" mode stays small. */
const MAX_STATEMENTS = 50_000;
const MAX_SQL = 200_000;

interface OpenTransaction {
  number: number;
  explicit: boolean;
  /** `sinceMs` is on the connection's own watch, which stands still while the relay looks. */
  held: Map<string, { mode: LockMode; sinceMs: number }>;
  failed: boolean;
}

/** One connection's statements, in order. */
export interface ConnectionRecorder {
  /** A statement begins; `explicit`: a transaction block is open. */
  begin(sql: string, options: { explicit: boolean }): StatementRecord;
  /** The transaction has ended, at this moment. Nothing when none is open. */
  end(outcome: "committed" | "rolled-back"): void;
  /** True when a statement of the open transaction failed. */
  failed(): boolean;
  /** Time in which the relay kept the client waiting for its own sake counts for no lock. */
  apart<T>(look: () => Promise<T>): Promise<T>;
  /** The same, for time that was measured by others. */
  discount(ms: number): void;
}

export interface StatementRecord {
  /** The statement has been answered. */
  finish(end: StatementEnd): void;
  /** The server never looked at it. */
  drop(): void;
  /** What was seen of it, added to what was seen before; `own` when it turned out to have committed by itself. */
  saw(sight: Sight, options?: { own?: boolean }): void;
  /** An error that came after the answer: at the commit. */
  failLate(error: NonNullable<StatementEnd["error"]>): void;
}

export interface Recorder {
  connection(): ConnectionRecorder;
  observed(): Observation;
  reset(): void;
}

const merged = (one: Sight, other: Sight): Sight => {
  const locks = [...one.locks];
  for (const lock of other.locks)
    if (
      !locks.some(
        ({ table, index, mode }) => table === lock.table && index === lock.index && mode === lock.mode,
      )
    )
      locks.push(lock);
  return {
    locks,
    rewrites: [...new Set([...one.rewrites, ...other.rewrites])],
    scans: [...new Set([...one.scans, ...other.scans])],
    writes: { ...one.writes, ...other.writes },
  };
};

export const makeRecorder = ({ clock }: { clock: Clock }): Recorder => {
  const startMs = clock.monotonicMs();
  let statements: ObservedStatement[] = [];
  let transactions: ObservedTransaction[] = [];
  const open = new Map<number, () => ObservedTransaction>();
  const next = { statement: 0, connection: 0, transaction: 0 };

  const connection = (): ConnectionRecorder => {
    const number = next.connection++;
    let lookedMs = 0;
    let current: OpenTransaction | null = null;
    const watchMs = (): number => clock.monotonicMs() - lookedMs;

    const told = (
      transaction: OpenTransaction,
      outcome: ObservedTransaction["outcome"],
    ): ObservedTransaction => ({
      transaction: transaction.number,
      outcome,
      held: Object.fromEntries(
        [...transaction.held].map(([table, { mode, sinceMs }]) => [
          table,
          { mode, heldMs: watchMs() - sinceMs },
        ]),
      ),
    });

    const transactionOf = (explicit: boolean): OpenTransaction => {
      if (current === null) {
        const opened: OpenTransaction = {
          number: next.transaction++,
          explicit,
          held: new Map(),
          failed: false,
        };
        current = opened;
        open.set(opened.number, () => told(opened, "open"));
      }
      current.explicit ||= explicit;
      return current;
    };

    const begin = (sql: string, { explicit }: { explicit: boolean }): StatementRecord => {
      const transaction = transactionOf(explicit);
      const beganMs = watchMs();
      const statement: ObservedStatement = {
        index: next.statement++,
        connection: number,
        transaction: transaction.number,
        kind: transaction.explicit ? "explicit" : "implicit",
        sql: sql.slice(0, MAX_SQL),
        tag: null,
        startedMs: clock.monotonicMs() - startMs,
        durationMs: 0,
        ...NOTHING_SEEN,
        error: null,
      };
      if (statements.length < MAX_STATEMENTS) statements.push(statement);
      const fail = (error: ObservedStatement["error"]): void => {
        statement.error = error;
        statement.tag = null;
        transaction.failed = true;
      };
      return {
        finish: ({ tag, error }) => {
          statement.durationMs = watchMs() - beganMs;
          statement.tag = tag;
          if (error !== null) fail(error);
        },
        drop: () => {
          statements = statements.filter((one) => one !== statement);
        },
        saw: (sight, { own = false } = {}) => {
          Object.assign(statement, merged(statement, sight));
          if (own) statement.kind = "own";
          for (const { table, mode } of sight.locks) {
            const before = transaction.held.get(table);
            transaction.held.set(table, {
              mode: before === undefined ? mode : stronger(before.mode, mode),
              sinceMs: before?.sinceMs ?? beganMs,
            });
          }
        },
        failLate: fail,
      };
    };

    return {
      begin,
      end: (outcome) => {
        if (current === null) return;
        open.delete(current.number);
        if (transactions.length < MAX_STATEMENTS) transactions.push(told(current, outcome));
        current = null;
      },
      failed: () => current?.failed ?? false,
      discount: (ms) => {
        lookedMs += ms;
      },
      apart: async (look) => {
        const beganMs = clock.monotonicMs();
        try {
          return await look();
        } finally {
          lookedMs += clock.monotonicMs() - beganMs;
        }
      },
    };
  };

  return {
    connection,
    observed: () => ({
      statements: statements.map((statement) => ({ ...statement })),
      transactions: [...transactions, ...[...open.values()].map((tell) => tell())].sort(
        (one, other) => one.transaction - other.transaction,
      ),
    }),
    reset: () => {
      statements = [];
      transactions = [];
    },
  };
};
