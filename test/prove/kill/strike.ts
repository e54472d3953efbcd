import { setTimeout as wait } from "node:timers/promises";
import { databaseOf, instancesOf, supervisorOf } from "./processes.ts";
import type { Signal, Strike, Victim } from "./scenario.ts";
import type { Tell } from "./story.ts";

/** What users may notice of, and when it began. */
export interface Disturbance {
  victim: Victim;
  signal: Signal;
  fromMs: number;
  /** Of a stop: when the process went on. */
  wentOnMs: number | null;
  /** A command was under way. */
  inTheMiddle: boolean;
}

export interface Target {
  folder: string;
  /** Of the commands that run now; empty: all have ended. */
  commands: () => number[];
  /** Of the log, now. */
  lastEntry: () => number;
}

const POLL_MS = 4;
/** A command that has not come this far by then never will. */
const ENTRIES_WITHIN_MS = 4_000;

/** Waits for the instant, finds the victim as it is then, and sends the signal. Null: there was nobody to hit. */
export const carryOut = async (strike: Strike, target: Target, tell: Tell): Promise<Disturbance | null> => {
  await instantOf(strike, target);
  const pid = victimOf(strike, target);
  const inTheMiddle = target.commands().length > 0;
  if (pid === null || !send(pid, strike.signal)) {
    tell(`no ${strike.victim} to ${strike.signal}`);
    return null;
  }
  const fromMs = performance.now();
  tell(`SIG${strike.signal} to the ${strike.victim}, process ${pid}`);
  if (strike.signal === "KILL") return { ...strike, inTheMiddle, fromMs, wentOnMs: null };
  if (strike.stoppedMs > 0) {
    await wait(strike.stoppedMs);
    send(pid, "CONT");
    tell(`SIGCONT to process ${pid} after ${strike.stoppedMs} ms`);
  }
  return { ...strike, inTheMiddle, fromMs, wentOnMs: performance.now() };
};

/** The instant has come: so many entries later, or when no command runs that could write more. */
const instantOf = async (
  { afterEntries, afterMs }: Strike,
  { lastEntry, commands }: Target,
): Promise<void> => {
  if (afterEntries === null) return void (await wait(afterMs));
  const wanted = lastEntry() + afterEntries;
  const deadlineMs = performance.now() + ENTRIES_WITHIN_MS;
  await wait(POLL_MS);
  while (lastEntry() < wanted && performance.now() < deadlineMs && commands().length > 0) await wait(POLL_MS);
  await wait(afterMs);
};

const victimOf = ({ victim, afterMs }: Strike, { folder, commands }: Target): number | null => {
  switch (victim) {
    case "command":
    case "finisher": {
      const running = commands();
      return running[afterMs % Math.max(1, running.length)] ?? null;
    }
    case "supervisor":
      return supervisorOf(folder);
    case "instance": {
      const running = instancesOf(folder);
      return running[afterMs % Math.max(1, running.length)] ?? null;
    }
    case "database":
      return databaseOf(folder);
  }
};

export const send = (pid: number, signal: Signal | "CONT"): boolean => {
  try {
    return process.kill(pid, `SIG${signal}`);
  } catch {
    return false;
  }
};
