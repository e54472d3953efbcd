import { makeRandom, type Random } from "../../sim/random.ts";

export const ACTIONS = ["deploy", "broken", "rollback", "two at once", "two in a row", "outlived"] as const;
export type Action = (typeof ACTIONS)[number];
export const VICTIMS = ["command", "finisher", "supervisor", "instance", "database"] as const;
export type Victim = (typeof VICTIMS)[number];
export type Signal = "KILL" | "STOP";

/** One signal to one process. */
export interface Strike {
  victim: Victim;
  signal: Signal;
  /** Entries that the log has got since the command was started; null: only time decides. */
  afterEntries: number | null;
  /** From then, or from the start of the command. */
  afterMs: number;
  /** Until SIGCONT. */
  stoppedMs: number;
}

export const FILES = [
  "head",
  "lease",
  "entry",
  "record",
  "blob",
  "tree",
  "checkpoint",
  "state",
  "temporary",
] as const;
export type FileKind = (typeof FILES)[number];
export const HOWS = ["cut", "flipped", "emptied", "gone"] as const;

export interface DamagePlan {
  file: FileKind;
  how: (typeof HOWS)[number];
  /** In [0, 1): which file of the kind, and where in it. */
  which: number;
  where: number;
  /** A damaged lease takes its whole duration to be cleared: that is not always waited for. */
  patient: boolean;
}

/** All that a round leaves to chance. Equal seeds give equal scenarios. */
export interface Scenario {
  round: number;
  action: Action;
  /** Numbers of releases: of good ones, of broken ones, and of the good ones for a second command. */
  release: number;
  broken: number;
  second: number;
  secondWaits: boolean;
  secondAfterMs: number;
  strikes: Strike[];
  finish: "resume" | "abort";
  finishStrike: Strike | null;
  damage: DamagePlan | null;
}

/** Of a deployment, from the start of its process to its end. */
const SPAN_MS = 900;
/** About as many as a deployment writes. */
const ENTRIES = 14;
const OUTLIVED = 1 / 80;
const DAMAGED = 1 / 9;

export const scenarioOf = (seed: number, round: number): Scenario => {
  const random = makeRandom(seed * 1_000_003 + round);
  const action: Action = random.chance(OUTLIVED)
    ? "outlived"
    : random.pick([
        "deploy",
        "deploy",
        "deploy",
        "deploy",
        "broken",
        "broken",
        "rollback",
        "rollback",
        "two at once",
        "two in a row",
      ]);
  const first = strikeOf(random, "command");
  const strikes =
    action === "outlived"
      ? [{ ...first, victim: "command" as const, signal: "STOP" as const, stoppedMs: 0 }]
      : random.chance(0.2)
        ? [first, strikeOf(random, "command")]
        : [first];
  return {
    round,
    action,
    release: random.int(0, 2),
    broken: random.int(0, 3),
    second: random.int(0, 2),
    secondWaits: random.chance(0.5),
    secondAfterMs: random.int(0, 400),
    strikes,
    finish: random.chance(0.6) ? "resume" : "abort",
    finishStrike: random.chance(0.5) ? strikeOf(random, "finisher") : null,
    damage: random.chance(DAMAGED) ? damageOf(random) : null,
  };
};

const strikeOf = (random: Random, command: "command" | "finisher"): Strike => {
  const other = random.pick(["supervisor", "supervisor", "instance", "instance", "database"] as const);
  return {
    victim: random.chance(0.5) ? command : other,
    signal: random.chance(0.7) ? "KILL" : "STOP",
    // By what is written an instant in the middle is met on a slow machine too.
    ...(random.chance(0.7)
      ? { afterEntries: random.int(1, ENTRIES), afterMs: random.int(0, 80) }
      : { afterEntries: null, afterMs: random.int(60, SPAN_MS) }),
    stoppedMs: random.chance(0.8) ? random.int(20, 400) : random.int(400, 2_000),
  };
};

const damageOf = (random: Random): DamagePlan => {
  const file = random.pick(FILES);
  return {
    file,
    how: random.pick(HOWS),
    which: random.next(),
    where: random.next(),
    patient: random.chance(0.2),
  };
};
