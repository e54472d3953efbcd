import { ExtendedQuery } from "./extended-query.ts";
import { Session, type SessionDeps } from "./session.ts";
import { runSimple } from "./simple-query.ts";
import { ProtocolViolation, typeName, type Frame } from "./wire/frames.ts";

/**
 * Runs a client's session on the server, each statement held open until it was looked at. Returns when the client has
 * said goodbye or gone. Throws Gone when the server ended it, ProtocolViolation when a message is none.
 */
export const runHeldSession = async (deps: SessionDeps): Promise<void> => {
  const session = new Session(deps);
  const extended = new ExtendedQuery(session);
  for (let frame = await deps.queue.next(); frame !== null; frame = await deps.queue.next()) {
    if (frame.type === "X") return;
    // The server looks at nothing between an error and the next Sync.
    if (deps.exchange.skipping && frame.type !== "S") continue;
    await handle(session, extended, frame);
  }
};

const handle = async (session: Session, extended: ExtendedQuery, frame: Frame): Promise<void> => {
  switch (frame.type) {
    case "Q":
      return runSimple(session, frame);
    case "P":
      return extended.parse(frame);
    case "B":
      return extended.bind(frame);
    case "D":
      return extended.describe(frame);
    case "C":
      return extended.close(frame);
    case "E":
      return extended.execute(frame);
    case "S":
      return extended.sync(frame);
    case "H":
      return session.exchange.tell(frame.bytes);
    case "F":
      return callFunction(session, frame);
    case "d":
    case "c":
    case "f":
      return; // the rest of a COPY that has failed
    default:
      throw new ProtocolViolation(`invalid frontend message type ${typeName(frame.bytes[0])}`);
  }
};

/** The function call of old clients, for large objects. */
const callFunction = async (session: Session, frame: Frame): Promise<void> => {
  await session.enterBatch();
  const outcome = await session.answered(session.exchange.ask(frame.bytes, "call", { as: "it-came" }));
  if (outcome.kind === "ready") session.leaveBatch(outcome.status);
};
