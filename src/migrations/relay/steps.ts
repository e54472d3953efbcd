import type { Outcome } from "./conversation.ts";
import type { StatementRecord } from "./recorder.ts";
import type { Session } from "./session.ts";
import type { Shape } from "./shape.ts";
import type { SplitStatement } from "./statements.ts";
import { characters, readable } from "./text-encoding.ts";
import type { ReportedError } from "./wire/read.ts";
import {
  bind,
  closePortal,
  closeStatement,
  describePortal,
  execute,
  FLUSH,
  parse,
  query,
  SYNC,
} from "./wire/write.ts";

const NAME = "_switchback_block";
const HIDDEN = { as: "nothing" } as const;
const UNLESS_IT_FAILS = { as: "errors" } as const;

/**
 * How the statements of a text come to be one transaction, as the simple protocol has them: SET LOCAL warns of nothing
 * then, LOCK TABLE is allowed, and VACUUM is refused.
 */
export type Block =
  /** There is one statement only, or a block is open. */
  | "none"
  /** The relay opens a block and commits it. */
  | "opened"
  /** The text has BEGIN or COMMIT of its own. */
  | "of-its-own";

export const blockOf = (statements: SplitStatement[], status: "I" | "T" | "E"): Block => {
  if (statements.length < 2 || status !== "I") return "none";
  const owns = statements.some(({ class: is }) => is === "begin" || is === "end" || is === "savepoint");
  return owns ? "of-its-own" : "opened";
};

/** One batch without a Sync, so that the transaction stays open while each statement is looked at. */
export const runSteps = async (
  session: Session,
  text: Buffer,
  statements: SplitStatement[],
): Promise<void> => {
  const { exchange, encoding } = session;
  await session.enterBatch();
  const block = blockOf(statements, exchange.status);
  let record: StatementRecord | null = null;
  let held = true;
  if (block === "opened") void runHidden(session, "BEGIN", HIDDEN);
  for (const statement of statements) {
    const own = text.subarray(statement.start, statement.end);
    const skipped = characters(text.subarray(0, statement.start), encoding);
    const last = statement === statements.at(-1);
    record = await session.beginStatement(readable(own, encoding).trim(), statement);
    held = await runStep(session, own, { statement, skipped, last, record, alone: statements.length === 1 });
    if (!held) break;
  }
  if (block === "opened" && !held) return leaveFailedBlock(session);
  const committed = block === "opened" ? runHidden(session, "COMMIT", UNLESS_IT_FAILS) : null;
  const outcome = await session.answered(
    exchange.ask(SYNC, "sync", { as: "simple", skipped: 0, last: true }),
  );
  if (outcome.kind !== "ready") return;
  const late = committed === null ? outcome.error : errorOf([await committed]);
  if (late !== null) record?.failLate(late);
  session.leaveBatch(outcome.status);
};

const leaveFailedBlock = async (session: Session): Promise<void> => {
  const { exchange } = session;
  await session.answered(exchange.ask(SYNC, "sync", HIDDEN));
  await session.answered(exchange.ask(query("ROLLBACK"), "query", HIDDEN));
  session.leaveBatch(exchange.status);
  exchange.giveReady();
};

const errorOf = (outcomes: Outcome[]): ReportedError | null =>
  outcomes.flatMap((outcome) => (outcome.kind === "error" ? [outcome.error] : []))[0] ?? null;

interface Step {
  statement: SplitStatement;
  skipped: number;
  last: boolean;
  alone: boolean;
  record: StatementRecord;
}

/** False: the batch has failed. */
const runStep = async (
  session: Session,
  text: Buffer,
  { statement, skipped, last, alone, record }: Step,
): Promise<boolean> => {
  const { exchange } = session;
  const shape = { as: "simple", skipped, last } as const;
  const run = async (): Promise<Outcome[]> => {
    const asked = [
      exchange.ask(parse("", text), "parse", shape),
      exchange.ask(bind("", ""), "bind", shape),
      exchange.ask(describePortal(""), "describe", shape),
      exchange.ask(execute(""), "execute", shape),
    ];
    exchange.tell(FLUSH);
    await session.answered(asked[3] as Promise<Outcome>);
    return Promise.all(asked);
  };
  const outcomes = alone ? await session.gated(statement, record, run) : await run();
  const error = errorOf(outcomes);
  const executed = outcomes[3];
  const tag = executed?.kind === "done" ? executed.tag : null;
  record.finish({ tag, error });
  return error === null && (await session.afterStatement(statement, record, tag));
};

/** A statement of the relay's own within the batch. Resolves with what became of it. */
const runHidden = ({ exchange }: Session, sql: string, shape: Shape): Promise<Outcome> => {
  void exchange.ask(parse(NAME, sql), "parse", shape);
  void exchange.ask(bind(NAME, NAME), "bind", shape);
  const executed = exchange.ask(execute(NAME), "execute", shape);
  void exchange.ask(closePortal(NAME), "close", shape);
  void exchange.ask(closeStatement(NAME), "close", shape);
  return executed;
};
