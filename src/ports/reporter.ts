import type { AppErrorJson } from "../domain/errors.ts";
import type { Plan, PlannedStep, WayBack } from "../domain/plan.ts";
import type { Receipt } from "../domain/receipt.ts";

/** What a person or a log collector is told while a deployment runs. Telling may fail or be lost: nothing depends on it. */
export type ProgressEvent =
  | { type: "planned"; deployment: string; plan: Plan; wayBack: WayBack; resumed: boolean }
  | { type: "step-started"; step: PlannedStep }
  | { type: "step-progress"; step: PlannedStep; text: string }
  /** `skipped`: it was already so. */
  | { type: "step-succeeded"; step: PlannedStep; durationMs: number; detail: string; skipped: boolean }
  | { type: "step-failed"; step: PlannedStep; durationMs: number; error: AppErrorJson }
  | { type: "compensating"; cause: "failed" | "aborted" }
  | { type: "step-compensated"; step: PlannedStep; durationMs: number }
  | { type: "compensation-failed"; step: PlannedStep; error: AppErrorJson }
  | { type: "waiting"; text: string }
  /** Before the plan is made. `durationMs` null: it is under way. */
  | { type: "rehearsing"; text: string; durationMs: number | null }
  | { type: "ended"; receipt: Receipt };

export type Report = (event: ProgressEvent) => void;
