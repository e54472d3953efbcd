import type { StepAction, StepKind } from "../../domain/plan.ts";
import type { Json } from "../../domain/log-entry.ts";
import type { ReceiptItem } from "../../domain/receipt.ts";
import type { Artefacts } from "../../ports/artefacts.ts";
import type { Clock } from "../../ports/clock.ts";
import type { EffectContext, Platform } from "../../ports/platform.ts";

export interface StepDeps {
  platform: Platform;
  artefacts: Artefacts;
  clock: Clock;
}

/** Whether the step's end state is so already, and what compensation would restore. */
export interface StepObservation {
  done: boolean;
  before: Json;
}

type Action<K extends StepKind> = Extract<StepAction, { kind: K }>;

/**
 * One kind of step: how to see whether it is so, how to make it so, and how to take it back. All three may be called
 * again after a crash, by another process, with the same action and the recorded `before`.
 */
export interface StepDefinition<K extends StepKind> {
  kind: K;
  /** "reads" never changes anything: nothing to record before, nothing to take back. */
  effect: "reads" | "adds" | "changes";
  observe(action: Action<K>, deps: StepDeps, context: EffectContext): Promise<StepObservation>;
  run(action: Action<K>, deps: StepDeps, context: EffectContext): Promise<Json>;
  /** Whether this action is one that is taken back; absent: whenever there is a `compensate`. */
  compensates?(action: Action<K>): boolean;
  /** Only for "changes" that can be taken back; restores `before`. */
  compensate?(action: Action<K>, before: Json, deps: StepDeps, context: EffectContext): Promise<void>;
  /** A few words for the progress line, from the outputs. */
  detail?(action: Action<K>, outputs: Json): string;
  /** What the receipt says of it. `reverted`: it was compensated. */
  receipt?(action: Action<K>, step: { before: Json; outputs: Json; reverted: boolean }): ReceiptItem | null;
}

export const step = <K extends StepKind>(definition: StepDefinition<K>): StepDefinition<K> => definition;

/** For steps that only look, and for those that are cheap to do again. */
export const notYet = async (): Promise<StepObservation> => ({ done: false, before: null });
