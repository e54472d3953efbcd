import { verifyHistory } from "../../src/app/history.ts";
import { seal } from "../../src/domain/sealed.ts";
import { makeWorld } from "../helpers/memory-platform.ts";
import { makeMemoryStore } from "../helpers/memory-store.ts";
import { shop } from "../helpers/shop.ts";
import { makeDeployer, type Deployer, type Machine } from "./deployer.ts";
import { CALM, emptyTable, sideOf, type Call, type FaultTable, type Weather } from "./faults.ts";
import type { Guarantee } from "./guarantees.ts";
import { heal } from "./heal.ts";
import { makeIllPlatform } from "./ill-platform.ts";
import { describeState, makeChecker } from "./checker.ts";
import { putPast } from "./past.ts";
import { play } from "./play.ts";
import { makeRandom } from "./random.ts";
import { RELEASES, releaseOf } from "./releases.ts";
import type { Command, Outage, Scenario } from "./scenario.ts";
import { makeScheduler } from "./scheduler.ts";
import { Violation } from "./violation.ts";

const ONE_HOUR_MS = 3_600_000;

export interface Outcome {
  violation: { guarantee: Guarantee; message: string } | null;
  /** Calls that change something and were carried out: writes to the store, effects on the platform. */
  effects: number;
  /** How many deployments ended in each way, by the log. */
  ended: Record<string, number>;
  story: string[];
}

/** Where rolling, from which the others promote, stands: one calm deployment of release c. */
let promotable: Promise<[string, Uint8Array][]> | null = null;

/** Plays one scenario to its end, then lets somebody calm finish what is open. Equal scenarios give equal outcomes. */
export const simulate = async (scenario: Scenario, table: FaultTable = emptyTable()): Promise<Outcome> => {
  const rolling = "rolling";
  if (scenario.environment === rolling) return (await playOut(scenario, table, [])).outcome;
  promotable ??= playOut(
    { ...CALM_SCENARIO, environment: rolling, commands: [CALM_COMMAND] },
    emptyTable(),
    [],
  ).then(({ store }) =>
    [...store.objects]
      .filter(([key]) => key.startsWith(`environments/${rolling}/`))
      .map(([key, { bytes }]) => [key, bytes]),
  );
  return (await playOut(scenario, table, await promotable)).outcome;
};

const CALM_COMMAND: Command = {
  verb: "deploy",
  release: "c",
  wait: false,
  persistent: false,
  finishes: "resume",
  automated: false,
  atMs: 0,
  machine: 0,
  interruptMs: null,
  interrupt: "detach",
  inLongProgram: false,
};
const CALM_SCENARIO = { seed: 0, machines: 1, slowPlatform: false, past: 0, weather: CALM, outages: [] };

const playOut = async (scenario: Scenario, table: FaultTable, there: [string, Uint8Array][]) => {
  const random = makeRandom(scenario.seed ^ 0x5eed);
  const scheduler = makeScheduler();
  const store = makeMemoryStore();
  const world = makeWorld();
  const { environment } = scenario;
  const story: string[] = [];
  const tell = (text: string) =>
    void story.push(`${(scheduler.nowMs() / 1000).toFixed(3).padStart(9)} s  ${text}`);
  for (const [key, bytes] of there) await store.create(key, bytes);
  for (const name of RELEASES)
    await store.create(`releases/${releaseOf(name).id}.json`, seal(releaseOf(name)));
  await putPast(store, environment, scenario.past);
  const writesBefore = store.writes();
  const checker = makeChecker({ environment, store, world });
  const machines = Array.from({ length: scenario.machines }, (_, index): Machine => ({
    name: `m${index}`,
    skewMs: random.int(-600_000, 600_000),
  }));
  const dead = new Set<number>();
  /** Processes that came to their end; some commands run inside a program that goes on. */
  const exited = new Set<number>();
  const deployers = new Map<number, Deployer>();
  let violation: unknown = null;
  let healing = false;
  const platform = makeIllPlatform(world, random, { calm: () => healing, tell });
  const out = makeOutages(scenario.outages, () => (healing ? null : scheduler.nowMs()));
  const noting = (check: () => void): void => {
    try {
      check();
    } catch (error) {
      violation ??= error;
    }
  };
  const make = (machine: Machine, weather: Weather): Deployer => {
    const pid = deployers.size + 1;
    const deployer = makeDeployer({
      pid,
      machine,
      app: shop,
      scheduler,
      random,
      weather,
      slowPlatform: scenario.slowPlatform && !healing,
      table,
      out: (call) => out(call, machines.indexOf(machine)),
      store,
      platform,
      isDead: (other) => dead.has(other) || exited.has(other),
      onDeath: (other) => {
        dead.add(other);
        tell(`p${other} is killed`);
      },
      onCall: (call, fault, { epoch }) => {
        if (fault !== "none") tell(`p${pid} ${call}: ${fault}`);
        else if (epoch !== null) tell(`p${pid} ${call}`);
        if (epoch !== null)
          noting(() => checker.effectStarts({ pid, epoch, stoodStill: fault === "pause before" }));
      },
      onEffect: (effect) => noting(() => checker.effectArrives(effect)),
      onCarriedOut: (effect) => noting(() => checker.effectEnds(effect)),
      onLook: checker.looked,
    });
    deployers.set(pid, deployer);
    return deployer;
  };

  const waiting = new Set<Deployer>();
  for (const command of scenario.commands)
    scheduler.after(command.atMs, () => {
      const deployer = make(machines[command.machine]!, scenario.weather);
      if (command.automated) checker.automated(deployer.actor);
      tell(`${deployer.actor} starts: ${wordsOf(command)}`);
      waiting.add(deployer);
      void play({ command, deployer, environment, scheduler, checker, tell, attempts: 0 })
        .catch((error: unknown) => void (violation ??= error))
        .finally(() => {
          waiting.delete(deployer);
          if (!command.inLongProgram) exited.add(deployer.pid);
        });
    });
  if (random.chance(0.3)) {
    const machine = random.pick(machines);
    scheduler.after(random.int(0, 60_000), () => {
      machine.skewMs += random.pick([-ONE_HOUR_MS, ONE_HOUR_MS, 1_000 * ONE_HOUR_MS]);
      tell(`the clock of ${machine.name} jumps`);
    });
  }
  const step = () => {
    if (violation === null) checker.look();
    if (violation !== null) throw violation as Error;
  };
  try {
    if ((await scheduler.run({ untilMs: ONE_HOUR_MS, afterEach: step })) === "time is up")
      throw new Violation("nobody waits for ever", "a command still runs after an hour");
    const stuck = [...waiting].filter((deployer) => deployer.alive());
    if (stuck.length > 0)
      throw new Violation("nobody waits for ever", `${stuck.length} commands wait for nothing`);
    healing = true;
    const healer = make(machines[0]!, CALM);
    await heal({ healer, environment, scheduler, checker, tell, step });
    const { problems } = await verifyHistory(
      { ...healer.context, store } as typeof healer.context,
      environment,
    );
    if (problems.length > 0) throw new Violation("the log has no gap, fork or rewrite", problems.join(" "));
  } catch (error) {
    violation = error;
  }
  tell(describeState(checker.state()));
  const effects = world.effects.length + store.writes() - writesBefore;
  return { store, outcome: { violation: describe(violation), effects, ended: checker.ended(), story } };
};

const describe = (violation: unknown): Outcome["violation"] => {
  if (violation === null) return null;
  if (violation instanceof Violation) return { guarantee: violation.guarantee, message: violation.message };
  return { guarantee: "no bug", message: (violation as Error).stack ?? String(violation) };
};

/** Tells whether a call meets an outage. Null as the time: the weather is calm, and nothing is out. */
const makeOutages = (outages: Outage[], nowMs: () => number | null) => {
  const states = outages.map((outage) => ({ ...outage, seen: 0, untilMs: -1 }));
  return (call: Call, machine: number): boolean => {
    const now = nowMs();
    if (now === null) return false;
    for (const one of states)
      if (one.call === call && (one.seen += 1) === one.nth) one.untilMs = now + one.forMs;
    const hits: Record<Outage["what"], boolean> = {
      store: sideOf(call) === "store",
      "full store": sideOf(call) === "store" && call !== "read the store",
      platform: sideOf(call) === "platform",
      lease: call === "replace the lease",
    };
    return states.some(
      (one) => now < one.untilMs && hits[one.what] && (one.machine === null || one.machine === machine),
    );
  };
};

const wordsOf = ({ verb, release, wait, persistent, automated }: Command): string =>
  [
    verb,
    ...(verb === "deploy" || verb === "approve" ? [release] : []),
    ...(wait ? ["--wait"] : []),
    ...(automated ? ["--automated"] : []),
    ...(persistent ? ["until it works"] : []),
  ].join(" ");
