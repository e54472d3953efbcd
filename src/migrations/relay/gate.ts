import type { ObservedLock } from "./types.ts";

export interface Watch {
  /** What was asked for while the gate stood. Takes it away. */
  lift(): Promise<ObservedLock[]>;
}

/** Stands before the tables while a statement runs that commits by itself, so that each strong request has to wait and is seen. */
export interface Gate {
  /** `highest`: number of the last relation that counts. */
  arm(highest: string): Promise<Watch>;
}

export const noGate: Gate = { arm: () => Promise.resolve({ lift: () => Promise.resolve([]) }) };
