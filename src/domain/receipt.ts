import type { Digest } from "./digest.ts";
import type { AppErrorJson } from "./errors.ts";

/** One thing that a deployment changed, in words. */
export interface ReceiptItem {
  what: string;
  detail: string;
}

export type Outcome = "succeeded" | "compensated" | "stuck" | "interrupted" | "fenced";

/** What a deployment changed, reverted and did not revert. */
export interface Receipt {
  deployment: string;
  environment: string;
  outcome: Outcome;
  /** What was asked for. */
  release: Digest;
  /** What serves now; null: nothing does. */
  serving: Digest | null;
  changed: ReceiptItem[];
  reverted: ReceiptItem[];
  notReverted: ReceiptItem[];
  /** Why it did not succeed, and in which step. */
  failure: { step: string | null; error: AppErrorJson } | null;
  durationMs: number;
  urls: string[];
}
