import type { ClientQueue } from "./client-queue.ts";
import type { Outcome } from "./conversation.ts";
import type { Exchange } from "./exchange.ts";
import { Gone } from "./gone.ts";
import type { Gate } from "./gate.ts";
import type { Looker } from "./looker.ts";
import type { ConnectionRecorder, StatementRecord } from "./recorder.ts";
import type { Parser, SplitStatement } from "./statements.ts";
import { NOTHING_SEEN } from "./recorder.ts";
import type { ReadyStatus } from "./wire/read.ts";
import { FLUSH } from "./wire/write.ts";

export interface SessionDeps {
  exchange: Exchange;
  queue: ClientQueue;
  recorder: ConnectionRecorder;
  looker: Looker;
  gate: Gate;
  parser: Parser;
}

/** What both protocols share: transactions, waiting, looking. */
export class Session {
  readonly exchange: Exchange;
  readonly queue: ClientQueue;
  readonly recorder: ConnectionRecorder;
  readonly parser: Parser;
  readonly #looker: Looker;
  readonly #gate: Gate;
  /** Messages were sent whose ReadyForQuery has not come. */
  #inBatch = false;
  /** BEGIN was carried out in this batch. */
  #block = false;
  /** Statements carried out since the transaction began. */
  #executed = 0;
  #stale = false;

  constructor(deps: SessionDeps) {
    this.exchange = deps.exchange;
    this.queue = deps.queue;
    this.recorder = deps.recorder;
    this.parser = deps.parser;
    this.#looker = deps.looker;
    this.#gate = deps.gate;
    this.exchange.onCopy = () => this.queue.wake();
  }

  get encoding(): string | undefined {
    return this.exchange.settings.get("client_encoding");
  }

  /** Nothing was carried out in this transaction yet, and no block is open. */
  get fresh(): boolean {
    return this.exchange.status === "I" && this.#executed === 0 && !this.#block;
  }

  /** Before the first message of a batch. */
  async enterBatch(): Promise<void> {
    if (this.#inBatch) return;
    if (this.exchange.status === "I") {
      await this.#looker.begin();
      this.#stale = false;
    }
    this.#inBatch = true;
  }

  async beginStatement(sql: string, statement: SplitStatement): Promise<StatementRecord> {
    if (this.#stale) {
      this.#stale = false;
      await this.#looker.beginAnother();
    }
    const explicit = this.#block || this.exchange.status !== "I" || statement.class === "begin";
    return this.recorder.begin(sql, { explicit });
  }

  /** Runs a statement that is alone with the gate before the tables, when it is one of those that need it. */
  async gated<T>(statement: SplitStatement, record: StatementRecord, run: () => Promise<T>): Promise<T> {
    const highest = this.#looker.highest;
    if (!statement.gate || !this.fresh || highest === null) return run();
    const watch = await this.recorder.apart(() => this.#gate.arm(highest));
    try {
      return await run();
    } finally {
      const { locks, waitedMs } = await this.recorder.apart(() => watch.lift());
      this.recorder.discount(waitedMs);
      record.saw({ ...NOTHING_SEEN, locks });
    }
  }

  /** After a statement was answered without an error. False: the look failed, and with it the transaction. */
  async afterStatement(
    statement: SplitStatement,
    record: StatementRecord,
    tag: string | null,
  ): Promise<boolean> {
    const mayBeOwn = statement.gate || statement.class === "own";
    const first = this.fresh;
    this.#executed += 1;
    switch (statement.class) {
      case "control":
      case "savepoint":
        return true;
      case "begin":
        this.#block = true;
        return true;
      case "end":
        this.endTransaction(tag);
        return true;
      case "own":
      case "plain":
      case "ordinary":
        return this.#look(record, { sync: false, mayBeOwn: mayBeOwn && first });
    }
  }

  /** COMMIT or ROLLBACK was carried out; by its tag. */
  endTransaction(tag: string | null): void {
    this.recorder.end(tag === "ROLLBACK" ? "rolled-back" : "committed");
    this.#executed = 0;
    this.#block = false;
    this.#stale = true;
  }

  async #look(record: StatementRecord, options: { sync: boolean; mayBeOwn: boolean }): Promise<boolean> {
    if (this.#looker.highest === null) return true;
    const looked = await this.#looker.look(options);
    if (looked === null) return false;
    record.saw(looked.sight, { own: looked.own });
    if (looked.own) this.recorder.end("committed");
    return true;
  }

  /** After ReadyForQuery with an open block: what a text that went whole has left. */
  lookAfterwards(record: StatementRecord): Promise<boolean> {
    return this.#look(record, { sync: true, mayBeOwn: false });
  }

  /** A batch was ended by ReadyForQuery. */
  leaveBatch(status: ReadyStatus): void {
    this.#inBatch = false;
    this.#executed = 0;
    this.#block = false;
    if (status === "I") this.recorder.end(this.recorder.failed() ? "rolled-back" : "committed");
  }

  /** Waits for an answer. While the server wants rows of a COPY, the client's go to it. */
  async answered(outcome: Promise<Outcome>): Promise<Outcome> {
    let settled = false;
    const wake = (): void => {
      settled = true;
      this.queue.wake();
    };
    outcome.then(wake, wake);
    for (;;) {
      if (settled) return outcome;
      const frame = this.exchange.copying ? this.queue.shift() : null;
      if (frame === null) {
        if (this.exchange.copying && this.queue.ended) throw new Gone("the client left in a COPY");
        await this.queue.woken();
        continue;
      }
      // Flush and Sync mean nothing while rows come: PostgreSQL ignores them, too.
      if (frame.type === "H" || frame.type === "S") continue;
      this.exchange.tell(frame.bytes);
      if (frame.type !== "d") {
        this.exchange.copying = false;
        this.exchange.tell(FLUSH); // the one that was sent before counted for nothing, either
      }
      await this.exchange.drained();
    }
  }
}
