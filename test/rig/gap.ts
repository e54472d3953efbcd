import type { Answer, Call, Moto } from "./call.ts";

/**
 * Answers calls instead of moto, or mends what moto answers. It keeps its state in memory; `reset` forgets it and ends what it runs. A call that
 * `handle` has no action for goes to moto.
 */
export interface Gap {
  service: string;
  actions: Record<string, (call: Call, moto: Moto) => Promise<Answer> | Answer>;
  reset(): void;
}

export interface GapContext {
  account: string;
  now(): Date;
  /** A number that no other call got since the last reset. */
  nextId(): number;
}

/** Of one rig: two rigs share no state. */
export type MakeGap = (context: GapContext) => Gap;
