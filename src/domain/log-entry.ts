import type { Digest } from "./digest.ts";
import type { AppErrorJson } from "./errors.ts";
import type { Plan, WayBack } from "./plan.ts";
import type { Receipt } from "./receipt.ts";
import type { Source } from "./release.ts";

/** Who did something: `anna@laptop`. */
export type Actor = string;

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type LogEvent =
  | {
      type: "deployment-planned";
      deployment: string;
      plan: Plan;
      wayBack: WayBack;
      actor: Actor;
      source: Source | null;
      reason: string | null;
    }
  /** `before` is what compensation restores; `key` makes a repeated effect recognisable. */
  | { type: "step-started"; step: string; key: string; before: Json }
  | { type: "step-succeeded"; step: string; outputs: Json; durationMs: number }
  | { type: "step-failed"; step: string; error: AppErrorJson; durationMs: number }
  /** From here on the deployment goes backwards and never forwards again. */
  | { type: "compensation-decided"; cause: "failed" | "aborted"; actor: Actor }
  | { type: "compensation-started"; step: string }
  | { type: "compensation-succeeded"; step: string; durationMs: number }
  | { type: "compensation-failed"; step: string; error: AppErrorJson; durationMs: number }
  /** From here on the environment's release is this deployment's, and it only goes forwards. */
  | { type: "committed"; deployment: string }
  | { type: "deployment-ended"; deployment: string; receipt: Receipt }
  | { type: "detached"; deployment: string; actor: Actor }
  | { type: "taken-over"; actor: Actor; from: Actor | null }
  | { type: "locked"; actor: Actor; why: string; until: string | null }
  | { type: "unlocked"; actor: Actor }
  | { type: "approved"; actor: Actor; release: Digest }
  | { type: "note"; actor: Actor; text: string };

export type LogEventType = LogEvent["type"];

/** One object of the log. `previous` is the sha256 of the stored bytes of the entry before; 64 zeros for the first. */
export interface LogEntry {
  format: 1;
  /** The oldest format whose readers understand this entry. */
  minimumReader: 1;
  sequence: number;
  epoch: number;
  writer: string;
  nonce: string;
  previous: Digest;
  /** ISO 8601, the writer's wall clock: for people, never for order. */
  at: string;
  events: LogEvent[];
}

export const LOG_FORMAT = 1;
export const NO_PREVIOUS: Digest = "0".repeat(64);

export const logKey = (environment: string, sequence: number): string =>
  `environments/${environment}/log/${String(sequence).padStart(12, "0")}.json`;

/** What to do about a log that is not whole. Nothing is repaired by guessing: what is missing has to come from a copy. */
export const mendHint = (environment: string, key?: string): string =>
  `put ${key ?? "the named entries"} back from a copy of the store; what serves goes on serving. ` +
  `What is wrong, and what is known without it, says: switchback doctor ${environment}`;
