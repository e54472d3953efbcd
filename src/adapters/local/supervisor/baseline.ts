import type { RevisionId } from "../../../domain/revision.ts";
import type { Fleet } from "./fleet.ts";
import type { Slot } from "./slot.ts";

/**
 * What was broken before the present deployment came. A service that crashes all the time must not keep a deployment from
 * mending it, nor a failed one from being taken back to what it was.
 */
export interface Baseline {
  /** Looks when a deployment is seen for the first time. */
  note(deployment: string): void;
  wasBroken(slot: Slot): boolean;
}

export const makeBaseline = (fleet: Pick<Fleet, "slots">): Baseline => {
  let noted: string | null = null;
  let broken = new Set<RevisionId>();
  return {
    note: (deployment) => {
      if (deployment === noted) return;
      noted = deployment;
      const down = fleet.slots().filter((slot) => slot.state() === "waiting" || slot.state() === "unhealthy");
      broken = new Set(down.map((slot) => slot.revision));
    },
    // What a restarted supervisor could not bring back has not been broken by a deployment either.
    wasBroken: (slot) => broken.has(slot.revision) || !slot.hasServed(),
  };
};
