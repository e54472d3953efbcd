import { CALLS, makeWeather, sideOf, type Call, type Weather } from "./faults.ts";
import { makeRandom, type Random } from "./random.ts";
import { ENVIRONMENTS, RELEASES, type ReleaseName } from "./releases.ts";

export type Verb = "deploy" | "rollback" | "resume" | "abort" | "promote" | "lock" | "unlock" | "approve";

export interface Command {
  verb: Verb;
  release: ReleaseName;
  wait: boolean;
  /** A script that deals with what stands in its way (an open deployment, a lock) and tries again. */
  persistent: boolean;
  /** How such a script deals with an open deployment. */
  finishes: "resume" | "abort";
  /** `--automated`: a rollback holds it off. */
  automated: boolean;
  /** Virtual time at which its process starts. */
  atMs: number;
  machine: number;
  /** When a person presses Ctrl-C, after its start; null: never. */
  interruptMs: number | null;
  interrupt: "detach" | "abort";
  /** Its process goes on when the command has ended. */
  inLongProgram: boolean;
}

/** From the n-th call of a kind on, for a while, a part of the world takes nothing. A full store still reads. */
export interface Outage {
  what: "store" | "full store" | "platform" | "lease";
  /** Whose calls meet it; null: everybody's. */
  machine: number | null;
  call: Call;
  nth: number;
  forMs: number;
}

/** All that a seed decides beforehand; what happens on the way is drawn as it goes. */
export interface Scenario {
  seed: number;
  environment: string;
  machines: number;
  /** Every call to the platform takes nearly as long as it may, so that an effect is under way at most times. */
  slowPlatform: boolean;
  /** Entries that the log has before anybody begins. */
  past: number;
  weather: Weather;
  outages: Outage[];
  commands: Command[];
}

const often = <T>(times: number, value: T): T[] => Array.from({ length: times }, () => value);

const VERBS: Verb[] = [
  ...often(10, "deploy" as const),
  ...often(4, "rollback" as const),
  ...often(3, "promote" as const),
  ...often(3, "resume" as const),
  "abort",
  "lock",
  "unlock",
  "approve",
];

const SPREADS_MS = [30_000, 120_000, 400_000];
const LONG_PAST = 940;

export const scenarioOf = (seed: number): Scenario => {
  const random = makeRandom(seed);
  const spreadMs = random.pick(SPREADS_MS);
  const slowPlatform = random.chance(0.12);
  const machines = random.int(slowPlatform ? 2 : 1, 3);
  const commands = Array.from({ length: random.int(16, 27) }, () => commandOf(random, spreadMs, machines));
  // Two to five at the same moment.
  if (random.chance(0.5)) {
    const atMs = random.int(0, spreadMs);
    for (const command of commands.slice(0, random.int(2, 5))) command.atMs = atMs + random.int(0, 50);
  }
  return {
    seed,
    environment: random.pick(ENVIRONMENTS),
    machines,
    slowPlatform,
    past: random.chance(0.12) ? LONG_PAST + random.int(0, 40) : 0,
    weather: makeWeather(random),
    outages: [
      ...Array.from({ length: random.pick([0, 0, 1, 2]) }, () => outageOf(random)),
      ...Array.from({ length: slowPlatform ? 3 : random.pick([0, 0, 1, 3]) }, () =>
        cutFromLease(random, machines),
      ),
    ],
    commands: commands.sort((a, b) => a.atMs - b.atMs),
  };
};

/** One machine cannot renew, and reaches everything else: somebody takes over while it goes on. */
const cutFromLease = (random: Random, machines: number): Outage => ({
  what: "lease",
  machine: random.int(0, machines - 1),
  call: "replace the lease",
  nth: random.int(1, 20),
  forMs: random.pick([20_000, 60_000]),
});

const outageOf = (random: Random): Outage => {
  const call = random.pick(CALLS);
  const reads = call === "read the store";
  const what =
    sideOf(call) === "platform"
      ? "platform"
      : reads
        ? "store"
        : random.pick(["store", "full store"] as const);
  return {
    what,
    machine: null,
    call,
    nth: call === "write a checkpoint" ? 1 : random.int(1, 20),
    forMs: random.pick([200, 3_000, 30_000]),
  };
};

const commandOf = (random: Random, spreadMs: number, machines: number): Command => ({
  verb: random.pick(VERBS),
  release: random.pick(RELEASES),
  wait: random.chance(0.6),
  persistent: random.chance(0.7),
  finishes: random.pick(["resume", "resume", "abort"]),
  automated: random.chance(0.3),
  atMs: random.int(0, spreadMs),
  machine: random.int(0, machines - 1),
  interruptMs: random.chance(0.1) ? random.int(10, 5_000) : null,
  interrupt: random.pick(["detach", "abort"]),
  inLongProgram: random.chance(0.2),
});
