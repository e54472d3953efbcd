import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Conversation, type Outcome, type StepKind } from "./conversation.ts";
import { Gone } from "./gone.ts";
import { shaped, type Shape } from "./shape.ts";
import { FrameReader, type Frame } from "./wire/frames.ts";
import { backendPid, parameterStatus, readyStatus, rowValues, type ReadyStatus } from "./wire/read.ts";
import { ready } from "./wire/write.ts";

/** PostgreSQL's largest message is a row of 1 GB. */
const MAX_ANSWER_BYTES = 1024 * 1024 * 1024;

interface Step {
  kind: StepKind;
  shape: Shape;
  settle(outcome: Outcome): void;
  /** Rows of the relay's own questions. */
  rows?: (string | null)[][];
}

/**
 * The server's side of a session: sends, knows which answer belongs to what, and hands the client what is the client's,
 * in order and no faster than it reads.
 */
export class Exchange {
  readonly #server: Socket;
  readonly #client: Duplex;
  readonly #conversation = new Conversation<Step>();
  readonly #reader = new FrameReader({ maxBytes: MAX_ANSWER_BYTES });
  readonly #waiting = new Set<(gone: Gone) => void>();
  #kept: { tag: Buffer[]; after: Buffer[] } | null = null;
  readonly settings = new Map<string, string>();
  /** As of the last ReadyForQuery. */
  status: ReadyStatus = "I";
  /** The server waits for rows of a COPY. */
  copying = false;
  /** Process of the session's backend. */
  pid: number | null = null;
  onCopy: () => void = () => {};

  constructor({ server, client }: { server: Socket; client: Duplex }) {
    this.#server = server;
    this.#client = client;
  }

  get skipping(): boolean {
    return this.#conversation.skipping;
  }

  get idle(): boolean {
    return this.#conversation.idle;
  }

  /** Sends one message, which is answered. The promise rejects with Gone when the connection ends before that. */
  ask(bytes: Buffer, kind: StepKind, shape: Shape, rows?: (string | null)[][]): Promise<Outcome> {
    const outcome = new Promise<Outcome>((resolve, reject) => {
      this.#waiting.add(reject);
      const step: Step = {
        kind,
        shape,
        settle: (settled) => {
          this.#waiting.delete(reject);
          resolve(settled);
        },
        ...(rows === undefined ? {} : { rows }),
      };
      for (const skipped of this.#conversation.ask(step)) skipped.settle({ kind: "skipped" });
    });
    // Not every outcome is waited for: many are told by a later one.
    outcome.catch(() => {});
    if (this.#server.destroyed) this.gone();
    else this.#server.write(bytes);
    return outcome;
  }

  /** Sends what has no answer of its own. */
  tell(bytes: Buffer): void {
    if (!this.#server.destroyed) this.#server.write(bytes);
  }

  /** What the relay itself has to say. */
  give(bytes: Buffer): void {
    if (!this.#client.writable) return;
    if (!this.#client.write(bytes) && !this.#server.isPaused()) {
      this.#server.pause();
      this.#client.once("drain", () => this.#server.resume());
    }
  }

  /** ReadyForQuery, when the server's own was kept back. */
  giveReady(): void {
    this.give(Buffer.concat([...this.#takeKept(), ready(this.status)]));
  }

  /** Resolves when the server has taken what was sent, so that a COPY does not pile up here. */
  async drained(): Promise<void> {
    if (!this.#server.writableNeedDrain || this.#server.destroyed) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#server.off("drain", done).off("close", done);
        resolve();
      };
      this.#server.on("drain", done).on("close", done);
    });
  }

  /** Everything that is still waited for will never come. */
  gone(): void {
    const reasons = [...this.#waiting];
    this.#waiting.clear();
    for (const reject of reasons) reject(new Gone("the connection has ended"));
  }

  /** Throws ProtocolViolation. */
  receive(chunk: Buffer): void {
    const out: Buffer[] = [];
    for (const frame of this.#reader.push(chunk)) {
      const given = this.#receive(frame);
      if (given !== null) out.push(given);
    }
    if (out.length > 0) this.give(out.length === 1 ? (out[0] as Buffer) : Buffer.concat(out));
  }

  /**
   * By the simple protocol, a statement is told as done only when what it did is committed, and settings and
   * notifications follow on that.
   */
  #inTime(frame: Frame, shape: Shape, given: Buffer | null): Buffer | null {
    const kept = this.#kept;
    if (given === null) return null;
    if (kept !== null && (frame.type === "S" || frame.type === "A")) {
      kept.after.push(given);
      return null;
    }
    if (frame.type === "C" && shape.as === "simple" && shape.last) {
      this.#kept = { tag: [given], after: [] };
      return null;
    }
    if (kept !== null && frame.type === "E") kept.tag = [];
    return frame.type === "Z" ? Buffer.concat([...this.#takeKept(), given]) : given;
  }

  #takeKept(): Buffer[] {
    const kept = this.#kept;
    this.#kept = null;
    return kept === null ? [] : [...kept.tag, ...kept.after];
  }

  #receive(frame: Frame): Buffer | null {
    const { step, ended } = this.#conversation.answer(frame);
    const given = step === null ? frame.bytes : this.#inTime(frame, step.shape, shaped(frame, step.shape));
    if (frame.type === "K") this.pid = backendPid(frame);
    if (frame.type === "S") this.settings.set(...parameterStatus(frame));
    if (frame.type === "D" && step?.rows !== undefined) step.rows.push(rowValues(frame));
    if (frame.type === "Z") this.status = readyStatus(frame);
    if (frame.type === "G" || frame.type === "W") {
      this.copying = true;
      this.onCopy();
    } else if (frame.type === "E" || frame.type === "C") this.copying = false;
    for (const { step: settled, outcome } of ended) settled.settle(outcome);
    return given;
  }
}
