import { commandTag, readyStatus, reportedError, type ReadyStatus, type ReportedError } from "./wire/read.ts";
import { ProtocolViolation, typeName, type Frame } from "./wire/frames.ts";

/** A message to the server that it answers. `startup`, `query` and `call` end with ReadyForQuery, as `sync` does. */
export type StepKind =
  "startup" | "parse" | "bind" | "describe" | "close" | "execute" | "sync" | "query" | "call";

export type Outcome =
  /** Carried out; of an Execute with its tag (null: the empty statement). */
  | { kind: "done"; tag: string | null }
  /** The row limit was reached. */
  | { kind: "suspended" }
  | { kind: "error"; error: ReportedError }
  /** An earlier message of the same batch failed, so that the server never looked at this one. */
  | { kind: "skipped" }
  | { kind: "ready"; status: ReadyStatus; tag: string | null; error: ReportedError | null };

/** What one message of the server means: the step it belongs to, and the steps that it brings to their end. */
export interface Answer<S> {
  step: S | null;
  ended: { step: S; outcome: Outcome }[];
}

const ENDS_BATCH: readonly StepKind[] = ["startup", "sync", "query", "call"];
/** Messages that the server may send at any time. */
const ASYNCHRONOUS = "ANS";

const EXPECTED: Record<StepKind, string> = {
  startup: "RKvZ",
  parse: "1",
  bind: "2",
  describe: "tTn",
  close: "3",
  execute: "DCsIGHWdc",
  sync: "Z",
  query: "TDCIGHWdcZ",
  call: "VZ",
};

/**
 * Which answer belongs to which message, as the protocol has it: answers come in order, and after an error the server
 * skips to the next Sync. No I/O. Throws ProtocolViolation for an answer that nothing can have asked for.
 */
export class Conversation<S extends { kind: StepKind }> {
  #steps: S[] = [];
  #skipping = false;
  #tag: string | null = null;
  #error: ReportedError | null = null;

  /** True from an error in a batch to its Sync: what is sent now is not looked at. */
  get skipping(): boolean {
    return this.#skipping;
  }

  get idle(): boolean {
    return this.#steps.length === 0;
  }

  /** Steps that a message adds. Those that will not be looked at come back as skipped. */
  ask(step: S): S[] {
    if (this.#skipping && step.kind !== "sync") return [step];
    this.#skipping = false;
    this.#steps.push(step);
    return [];
  }

  answer(frame: Frame): Answer<S> {
    const head = this.#steps[0] ?? null;
    if (ASYNCHRONOUS.includes(frame.type)) return { step: head, ended: [] };
    if (frame.type === "E") return this.#fail(head, reportedError(frame));
    if (head === null || !EXPECTED[head.kind].includes(frame.type))
      throw new ProtocolViolation(
        `the server sent a message of type ${typeName(frame.type.charCodeAt(0))}${head === null ? " unasked" : ` in answer to ${head.kind}`}`,
      );
    return { step: head, ended: this.#outcomes(head, frame) };
  }

  #outcomes(head: S, frame: Frame): { step: S; outcome: Outcome }[] {
    const ends = (outcome: Outcome): { step: S; outcome: Outcome }[] => {
      this.#steps.shift();
      return [{ step: head, outcome }];
    };
    switch (frame.type) {
      case "C":
        this.#tag = commandTag(frame);
        return head.kind === "execute" ? ends({ kind: "done", tag: this.#tag }) : [];
      case "I":
        return head.kind === "execute" ? ends({ kind: "done", tag: null }) : [];
      case "s":
        return ends({ kind: "suspended" });
      case "T":
        return head.kind === "describe" ? ends({ kind: "done", tag: null }) : [];
      case "1":
      case "2":
      case "3":
      case "n":
        return ends({ kind: "done", tag: null });
      case "Z": {
        const ready = {
          kind: "ready",
          status: readyStatus(frame),
          tag: this.#tag,
          error: this.#error,
        } as const;
        this.#tag = null;
        this.#error = null;
        return ends(ready);
      }
      default:
        return [];
    }
  }

  #fail(head: S | null, error: ReportedError): Answer<S> {
    if (head === null) return { step: null, ended: [] };
    if (ENDS_BATCH.includes(head.kind)) {
      this.#error ??= error;
      return { step: head, ended: [] };
    }
    const ended: Answer<S>["ended"] = [];
    for (let step = this.#steps[0]; step !== undefined && step.kind !== "sync"; step = this.#steps[0]) {
      ended.push({ step, outcome: step === head ? { kind: "error", error } : { kind: "skipped" } });
      this.#steps.shift();
    }
    this.#skipping = this.#steps.length === 0;
    return { step: head, ended };
  }
}
