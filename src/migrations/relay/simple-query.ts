import type { Session } from "./session.ts";
import { splitStatements, type SplitStatement } from "./statements.ts";
import { canBeCut, readable } from "./text-encoding.ts";
import type { Frame } from "./wire/frames.ts";
import { blockOf, runSteps } from "./steps.ts";
import { queryText } from "./wire/read.ts";

export type Way =
  /** Statement by statement in one batch, each looked at while its transaction is open. */
  | { way: "steps"; statements: SplitStatement[] }
  /** As it came. */
  | { way: "whole"; statements: SplitStatement[] | null };

/** A text of several statements that goes step by step behaves as one that has none outside of a block of its own. */
const standsAlone = (statements: SplitStatement[]): boolean => {
  let open = false;
  for (const statement of statements) {
    if (statement.class === "begin") open = true;
    else if (statement.class === "end") open = false;
    else if (statement.needsBlock && !open) return false;
  }
  return true;
};

/** How a text of the simple protocol goes to the server. */
export const wayOf = (statements: SplitStatement[] | null, status: "I" | "T" | "E"): Way => {
  const whole: Way = { way: "whole", statements };
  // In a transaction that has failed, PostgreSQL answers almost anything in the same way: it says so best itself.
  if (statements === null || status === "E") return whole;
  const is = new Set(statements.map((statement) => statement.class));
  if (is.has("plain")) return whole;
  if (statements.length === 1)
    return is.has("own") || is.has("ordinary") ? { way: "steps", statements } : whole;
  // Refused among others; the words differ between the protocols.
  if (is.has("own")) return whole;
  if (blockOf(statements, status) === "of-its-own" && !standsAlone(statements)) return whole;
  return { way: "steps", statements };
};

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
    gate: !empty,
    needsBlock: false,
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
  if (only.class === "end" && outcome.error === null) session.endTransaction(outcome.tag);
  session.leaveBatch(exchange.status);
  exchange.giveReady();
};
