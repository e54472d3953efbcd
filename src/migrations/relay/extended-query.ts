import type { Outcome } from "./conversation.ts";
import type { StatementRecord } from "./recorder.ts";
import type { Session } from "./session.ts";
import { splitStatements, type SplitStatement } from "./statements.ts";
import { readable } from "./text-encoding.ts";
import type { Frame } from "./wire/frames.ts";
import { bindNames, executePortal, parseNames, target } from "./wire/read.ts";
import { FLUSH } from "./wire/write.ts";

interface Prepared {
  text: Buffer;
  /** Found out when it is first executed. */
  statement: SplitStatement | null;
}

interface Portal {
  prepared: Prepared;
  /** Of an Execute whose row limit was reached. */
  suspended: StatementRecord | null;
}

const IT_CAME = { as: "it-came" } as const;

/** The extended protocol's messages: passed on one by one, and looked at after each Execute. */
export class ExtendedQuery {
  readonly #session: Session;
  readonly #prepared = new Map<string, Prepared>();
  readonly #portals = new Map<string, Portal>();

  constructor(session: Session) {
    this.#session = session;
  }

  async parse(frame: Frame): Promise<void> {
    const { statement, text } = parseNames(frame);
    const prepared: Prepared = { text, statement: null };
    if (statement === "") this.#prepared.delete(statement); // gone even when the new one fails
    await this.#pass(frame, "parse", prepared, () => this.#prepared.set(statement, prepared));
  }

  async bind(frame: Frame): Promise<void> {
    const { portal, statement } = bindNames(frame);
    const prepared = this.#prepared.get(statement) ?? this.#unknown(statement);
    if (portal === "") this.#portals.delete(portal);
    await this.#pass(frame, "bind", prepared, () => this.#portals.set(portal, { prepared, suspended: null }));
  }

  async describe(frame: Frame): Promise<void> {
    await this.#session.enterBatch();
    void this.#session.exchange.ask(frame.bytes, "describe", IT_CAME);
  }

  async close(frame: Frame): Promise<void> {
    const { kind, name } = target(frame);
    await this.#session.enterBatch();
    void this.#session.exchange.ask(frame.bytes, "close", IT_CAME);
    if (kind === "statement") this.#prepared.delete(name);
    else this.#portals.delete(name);
  }

  async execute(frame: Frame): Promise<void> {
    const { exchange } = this.#session;
    const portal = this.#portals.get(executePortal(frame)) ?? null;
    await this.#session.enterBatch();
    // An earlier message may have failed already, or be about to: then the portal is not there.
    if (portal === null) {
      const outcome = exchange.ask(frame.bytes, "execute", IT_CAME);
      exchange.tell(FLUSH);
      await this.#session.answered(outcome);
      return;
    }
    const { prepared, suspended } = portal;
    const statement = this.#statementOf(prepared);
    const record =
      suspended ?? (await this.#session.beginStatement(this.#sql(prepared), this.#statementOf(prepared)));
    const outcome = await this.#session.gated(statement, record, () => {
      const asked = exchange.ask(frame.bytes, "execute", IT_CAME);
      exchange.tell(FLUSH);
      return this.#session.answered(asked);
    });
    await this.#finish(portal, { statement, record, outcome });
  }

  async sync(frame: Frame): Promise<void> {
    const { exchange } = this.#session;
    const outcome = await this.#session.answered(exchange.ask(frame.bytes, "sync", IT_CAME));
    if (outcome.kind !== "ready") return;
    this.#session.leaveBatch(outcome.status);
    if (outcome.status === "I") this.#portals.clear();
  }

  async #finish(
    portal: Portal,
    { statement, record, outcome }: { statement: SplitStatement; record: StatementRecord; outcome: Outcome },
  ): Promise<void> {
    switch (outcome.kind) {
      case "suspended":
        portal.suspended = record;
        record.finish({ tag: "SELECT", error: null });
        return;
      case "done":
        portal.suspended = null;
        record.finish({ tag: outcome.tag ?? "", error: null });
        // A look makes what follows in the batch part of a pipeline, which it is not after these.
        if (outcome.tag === null) return;
        if (statement.class === "own" && this.#session.queue.nextType !== "S") return;
        await this.#session.afterStatement(statement, record, outcome.tag);
        return;
      case "error":
        record.finish({ tag: null, error: outcome.error });
        return;
      case "skipped":
      case "ready":
        record.drop(); // what failed before it is recorded
        return;
    }
  }

  /** Passes on a Parse or Bind. When it fails, the statement has failed. */
  async #pass(frame: Frame, kind: "parse" | "bind", prepared: Prepared, defined: () => void): Promise<void> {
    await this.#session.enterBatch();
    // Known at once, so that what follows in the same batch finds it: a failure skips that anyhow.
    defined();
    const outcome = this.#session.exchange.ask(frame.bytes, kind, IT_CAME);
    outcome.then(
      async (settled) => {
        if (settled.kind !== "error") return;
        const record = await this.#session.beginStatement(this.#sql(prepared), this.#statementOf(prepared));
        record.finish({ tag: null, error: settled.error });
      },
      () => {},
    );
  }

  #sql(prepared: Prepared): string {
    return readable(prepared.text, this.#session.encoding).trim();
  }

  /** Parameters are the extended protocol's own, so that nothing has to go in another way. */
  #statementOf(prepared: Prepared): SplitStatement {
    if (prepared.statement !== null) return prepared.statement;
    const split = splitStatements(prepared.text, this.#session.parser);
    const only = split?.length === 1 ? split[0] : undefined;
    const { text } = prepared;
    prepared.statement = only ?? {
      ...{ start: 0, end: text.length },
      class: "ordinary",
      gate: text.length > 0,
      needsBlock: false,
    };
    return prepared.statement;
  }

  /** Made by SQL's own PREPARE. */
  #unknown(name: string): Prepared {
    return {
      text: Buffer.from(`EXECUTE ${name}`, "latin1"),
      statement: { start: 0, end: 0, class: "ordinary", gate: false, needsBlock: false },
    };
  }
}
