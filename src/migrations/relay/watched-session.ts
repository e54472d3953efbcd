import { Conversation, type StepKind } from "./conversation.ts";
import type { ConnectionRecorder, StatementRecord } from "./recorder.ts";
import { readable } from "./text-encoding.ts";
import { FrameReader, type Frame } from "./wire/frames.ts";
import {
  bindNames,
  executePortal,
  parameterStatus,
  parseNames,
  queryText,
  type ReadyStatus,
} from "./wire/read.ts";

/** Messages without an answer. */
const UNANSWERED = "HdcfXp";
const KINDS: Record<string, StepKind> = {
  ...{ P: "parse", B: "bind", D: "describe", C: "close", E: "execute" },
  ...{ S: "sync", Q: "query", F: "call" },
};
const MAX_BYTES = 1024 * 1024 * 1024;

interface Portal {
  sql: string;
  /** Of an Execute whose row limit was reached. */
  suspended: StatementRecord | null;
}

interface Step {
  kind: StepKind;
  sql: string;
  record: StatementRecord | null;
  portal: Portal | null;
}

/**
 * Listens to both sides of a session whose bytes pass by as they are, and records statements with their tags and
 * errors. Throws ProtocolViolation.
 */
export class WatchedSession {
  readonly #recorder: ConnectionRecorder;
  readonly #conversation = new Conversation<Step>();
  readonly #client = new FrameReader({ maxBytes: MAX_BYTES });
  readonly #server = new FrameReader({ maxBytes: MAX_BYTES });
  readonly #prepared = new Map<string, string>();
  readonly #portals = new Map<string, Portal>();
  #encoding: string | undefined;
  #status: ReadyStatus = "I";

  /** From the startup packet on. */
  constructor(recorder: ConnectionRecorder) {
    this.#recorder = recorder;
    this.#conversation.ask({ kind: "startup", sql: "", record: null, portal: null });
  }

  fromClient(chunk: Buffer): void {
    for (const frame of this.#client.push(chunk)) {
      const kind = KINDS[frame.type];
      if (kind === undefined || UNANSWERED.includes(frame.type)) continue;
      const sql = this.#sqlOf(frame);
      const begins = (kind === "execute" || kind === "query") && !this.#conversation.skipping;
      const portal = kind === "execute" ? (this.#portals.get(executePortal(frame)) ?? null) : null;
      const record = begins ? (portal?.suspended ?? this.#begin(sql)) : null;
      if (portal !== null) portal.suspended = null;
      this.#conversation.ask({ kind, sql, record, portal });
    }
  }

  fromServer(chunk: Buffer): void {
    for (const frame of this.#server.push(chunk)) {
      if (frame.type === "D" || frame.type === "d") continue;
      if (frame.type === "S") {
        const [name, value] = parameterStatus(frame);
        if (name === "client_encoding") this.#encoding = value;
      }
      for (const { step, outcome } of this.#conversation.answer(frame).ended) {
        switch (outcome.kind) {
          case "done":
            step.record?.finish({ tag: outcome.tag ?? "", error: null });
            break;
          case "suspended":
            step.record?.finish({ tag: "SELECT", error: null });
            if (step.portal !== null) step.portal.suspended = step.record;
            break;
          case "error":
            (step.record ?? this.#begin(step.sql)).finish({ tag: null, error: outcome.error });
            break;
          case "skipped":
            step.record?.drop();
            break;
          case "ready":
            if (step.kind !== "startup" && outcome.error !== null && step.record === null)
              this.#begin(step.sql).finish({ tag: null, error: outcome.error });
            else step.record?.finish({ tag: outcome.tag ?? "", error: outcome.error });
            this.#status = outcome.status;
            if (outcome.status === "I")
              this.#recorder.end(this.#recorder.failed() ? "rolled-back" : "committed");
            break;
        }
      }
    }
  }

  #begin(sql: string): StatementRecord {
    return this.#recorder.begin(sql, { explicit: this.#status !== "I" });
  }

  #sqlOf(frame: Frame): string {
    switch (frame.type) {
      case "Q":
        return this.#readable(queryText(frame));
      case "P": {
        const { statement, text } = parseNames(frame);
        const sql = this.#readable(text);
        this.#prepared.set(statement, sql);
        return sql;
      }
      case "B": {
        const { portal, statement } = bindNames(frame);
        const sql = this.#prepared.get(statement) ?? `EXECUTE ${statement}`;
        this.#portals.set(portal, { sql, suspended: null });
        return sql;
      }
      case "E":
        return this.#portals.get(executePortal(frame))?.sql ?? "";
      default:
        return "";
    }
  }

  #readable(text: Buffer): string {
    return readable(text, this.#encoding).trim();
  }
}
