import type { Disturbance } from "./strike.ts";
import type { Failure } from "./traffic.ts";

/** Clocks of two processes and a kernel between them. */
const SLACK_MS = 50;

export interface Counted {
  /** Was under way in a process at the instant of its death. */
  underWay: number;
  /** Came while the front door, the database or every instance was gone: until all was steady again. */
  whileGone: number;
  /** Neither: a failure that nothing excuses. */
  inexcusable: Failure[];
}

/**
 * Sorts failed requests by what may excuse them. A command may die at any instant and nobody notices; a service process
 * takes with it what it was answering; without front door or database nothing can be answered until it is back.
 */
export const countFailures = (
  failures: Failure[],
  disturbances: Disturbance[],
  steadyMs: number,
): Counted => {
  const counted: Counted = { underWay: 0, whileGone: 0, inexcusable: [] };
  for (const failure of failures) {
    const excuses = disturbances.map((one) => excuse(failure, one, steadyMs));
    if (excuses.includes("under way")) counted.underWay += 1;
    else if (excuses.includes("gone")) counted.whileGone += 1;
    else counted.inexcusable.push(failure);
  }
  return counted;
};

const excuse = (
  { what, startedMs, endedMs, text }: Failure,
  { victim, signal, fromMs, wentOnMs }: Disturbance,
  steadyMs: number,
): "under way" | "gone" | null => {
  if (victim === "command" || victim === "finisher") return null;
  const during = endedMs >= fromMs - SLACK_MS && startedMs <= steadyMs;
  if (!during) return null;
  const underWay = startedMs <= (wentOnMs ?? fromMs) + SLACK_MS;
  switch (victim) {
    case "supervisor":
      // Standing still delays requests, and fails none.
      return signal === "STOP" ? null : underWay ? "under way" : "gone";
    case "database":
      return text.startsWith("500") || text.startsWith("503") || what === "POST" ? "gone" : null;
    case "instance":
      if (text.startsWith("503") && text.includes("NO_INSTANCE")) return "gone";
      return underWay && what === "POST" ? "under way" : null;
  }
};
