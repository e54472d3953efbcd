import type { Outcome } from "./conversation.ts";
import type { Session } from "./session.ts";
import type { StatementRecord } from "./recorder.ts";
import { splitStatements, type SplitStatement } from "./statements.ts";
import { canBeCut, characters, readable } from "./text-encoding.ts";
import type { Frame } from "./wire/frames.ts";
import { queryText, type ReportedError } from "./wire/read.ts";
import {
  bind,
  closePortal,
  closeStatement,
  describePortal,
  execute,
  FLUSH,
  parse,
  SYNC,
} from "./wire/write.ts";

const PROLOGUE = "_switchback_prologue";
const HIDDEN = { as: "nothing" } as const;

export type Way =
  /** Statement by statement in one batch, each looked at while its transaction is open. */
  | { way: "steps"; statements: SplitStatement[] }
  /** As it came. `gate`: nothing is known of it. */
  | { way: "whole"; statements: SplitStatement[] | null };

/** How a text of the simple protocol goes to the server. */
export const wayOf = (statements: SplitStatement[] | null, status: "I" | "T" | "E"): Way => {
  // In a transaction that has failed, PostgreSQL answers almost anything in the same way: it says so best itself.
  if (statements === null || status === "E") return { way: "whole", statements };
  if (statements.some((statement) => statement.class === "plain")) return { way: "whole", statements };
  if (statements.length > 1)
    // Refused among others; the words differ between the protocols.
    return { way: statements.some((statement) => statement.class === "own") ? "whole" : "steps", statements };
  const only = statements[0]?.class;
  return { way: only === "own" || only === "ordinary" ? "steps" : "whole", statements };
};

const errorOf = (outcomes: Outcome[]): ReportedError | null =>
  outcomes.flatMap((outcome) => (outcome.kind === "error" ? [outcome.error] : []))[0] ?? null;

/** A Query message: answered as PostgreSQL would have, whichever way it goes. */
export const runSimple = async (session: Session, frame: Frame): Promise<void> => {
  const text = queryText(frame);
  const statements = canBeCut(session.encoding) ? splitStatements(text, session.parser) : null;
  const { exchange } = session;
  const decided = wayOf(statements, exchange.status);
  if (decided.way === "steps") return runSteps(session, text, decided.statements);
  return runWhole(session, frame, decided.statements);
};

const runWhole = async (
  session: Session,
  frame: Frame,
  statements: SplitStatement[] | null,
): Promise<void> => {
  const { exchange } = session;
  const text = queryText(frame);
  const empty = text.toString("latin1").trim() === "";
  const only: SplitStatement = (statements?.length === 1 ? statements[0] : undefined) ?? {
    ...{ start: 0, end: text.length },
    class: "plain",
    gate: statements === null && !empty,
  };
  // SET alone needs no look, and no preparation for one.
  if (only.class !== "control") await session.enterBatch();
  const record = await session.beginStatement(readable(text, session.encoding).trim(), only);
  const outcome = await session.gated(only, record, () =>
    session.answered(exchange.ask(frame.bytes, "query", { as: "not-ready" })),
  );
  if (outcome.kind !== "ready") return;
  record.finish({ tag: outcome.tag, error: outcome.error });
  if (outcome.error === null && exchange.status === "T" && only.class === "plain")
    await session.lookAfterwards(record);
  if (only.class === "end") session.recorder.end(outcome.tag === "ROLLBACK" ? "rolled-back" : "committed");
  session.leaveBatch(exchange.status);
  exchange.giveReady();
};

const runSteps = async (session: Session, text: Buffer, statements: SplitStatement[]): Promise<void> => {
  const { exchange, encoding } = session;
  await session.enterBatch();
  let last: StatementRecord | null = null;
  for (const statement of statements) {
    const skipped = characters(text.subarray(0, statement.start), encoding);
    if (statements.length > 1 && session.fresh) openImplicitBlock(session);
    last = await session.beginStatement(
      readable(text.subarray(statement.start, statement.end), encoding).trim(),
      statement,
    );
    if (
      !(await runStep(session, text.subarray(statement.start, statement.end), {
        statement,
        skipped,
        record: last,
      }))
    )
      break;
  }
  const outcome = await session.answered(exchange.ask(SYNC, "sync", { as: "simple", skipped: 0 }));
  if (outcome.kind !== "ready") return;
  if (outcome.error !== null) last?.failLate(outcome.error);
  session.leaveBatch(outcome.status);
};

/** False: the batch has failed. */
const runStep = async (
  session: Session,
  text: Buffer,
  { statement, skipped, record }: { statement: SplitStatement; skipped: number; record: StatementRecord },
): Promise<boolean> => {
  const { exchange } = session;
  const shape = { as: "simple", skipped } as const;
  const outcomes = await session.gated(statement, record, async () => {
    const asked = [
      exchange.ask(parse("", text), "parse", shape),
      exchange.ask(bind("", ""), "bind", shape),
      exchange.ask(describePortal(""), "describe", shape),
      exchange.ask(execute(""), "execute", shape),
    ];
    exchange.tell(FLUSH);
    await session.answered(asked[3] as Promise<Outcome>);
    return Promise.all(asked);
  });
  const error = errorOf(outcomes);
  const executed = outcomes[3];
  const tag = executed?.kind === "done" ? executed.tag : null;
  record.finish({ tag, error });
  return error === null && (await session.afterStatement(statement, record, tag));
};

/**
 * A text of several statements is one implicit transaction block, in which SET LOCAL warns of nothing and VACUUM is
 * refused. In a batch that begins with its second statement: SHOW is a first one that needs no snapshot.
 */
const openImplicitBlock = ({ exchange }: Session): void => {
  void exchange.ask(parse(PROLOGUE, "SHOW server_version_num"), "parse", HIDDEN);
  void exchange.ask(bind(PROLOGUE, PROLOGUE), "bind", HIDDEN);
  void exchange.ask(execute(PROLOGUE), "execute", HIDDEN);
  void exchange.ask(closePortal(PROLOGUE), "close", HIDDEN);
  void exchange.ask(closeStatement(PROLOGUE), "close", HIDDEN);
};
