import { deployRelease } from "../../src/app/deploy.ts";
import { lock, unlock, approve } from "../../src/app/lock.ts";
import { releaseToPromote } from "../../src/app/promote.ts";
import { finishDeployment } from "../../src/app/resume.ts";
import { rollback } from "../../src/app/rollback.ts";
import { AppError, isAppError } from "../../src/domain/errors.ts";
import type { Receipt } from "../../src/domain/receipt.ts";
import { seal } from "../../src/domain/sealed.ts";
import { readState } from "../../src/engine/read-log.ts";
import type { Platform } from "../../src/ports/platform.ts";
import { makeMemoryPlatform, makeWorld, type World } from "../helpers/memory-platform.ts";
import { makeMemoryStore } from "../helpers/memory-store.ts";
import { ENVIRONMENTS, RELEASES, releaseOf, releaseOfTree, simulatedApp, type ReleaseName } from "./app.ts";
import { makeDeployer, type Deployer, type Machine } from "./deployer.ts";
import { emptyTable, makeWeather, type FaultTable, type Weather } from "./faults.ts";
import { describeState, makeChecker, Violation, type Checker } from "./invariants.ts";
import { makeRandom, type Random } from "./random.ts";
import { makeScheduler, type Scheduler } from "./scheduler.ts";

const ONE_HOUR_MS = 3_600_000;

export interface Command {
  verb: "deploy" | "rollback" | "resume" | "abort" | "promote" | "lock" | "unlock" | "approve";
  release: ReleaseName;
  wait: boolean;
  /** Virtual time at which its process starts. */
  atMs: number;
  machine: number;
  /** When a person presses Ctrl-C, after its start; null: never. */
  interruptMs: number | null;
  interrupt: "detach" | "abort";
  /** Its process goes on when the command has ended. */
  inLongProgram: boolean;
}

/** All that a seed decides beforehand; what happens on the way is drawn as it goes. */
export interface Scenario {
  seed: number;
  environment: string;
  machines: number;
  weather: Weather;
  commands: Command[];
}

export const scenarioOf = (seed: number): Scenario => {
  const random = makeRandom(seed);
  const spreadMs = random.pick([30_000, 120_000, 400_000]);
  const machines = random.int(1, 3);
  const commands = Array.from({ length: random.int(12, 30) }, (): Command => {
    const release = random.pick(RELEASES);
    return {
      verb: random.pick([
        ...Array.from({ length: 10 }, () => "deploy" as const),
        ...Array.from({ length: 6 }, () => "resume" as const),
        ...([
          "rollback",
          "rollback",
          "abort",
          "abort",
          "promote",
          "lock",
          "unlock",
          "unlock",
          "approve",
        ] as const),
      ]),
      release,
      wait: random.chance(0.5),
      atMs: random.int(0, spreadMs),
      machine: random.int(0, machines - 1),
      interruptMs: random.chance(0.1) ? random.int(10, 5_000) : null,
      interrupt: random.pick(["detach", "abort"]),
      inLongProgram: random.chance(0.2),
    };
  });
  return {
    seed,
    environment: random.pick(ENVIRONMENTS),
    machines,
    weather: makeWeather(random),
    commands: commands.sort((a, b) => a.atMs - b.atMs),
  };
};

export interface Outcome {
  violation: { invariant: string; message: string } | null;
  /** Calls that change something and were carried out: writes to the store, effects on the platform. */
  effects: number;
  story: string[];
}

/** Plays one scenario to its end, then lets somebody calm finish what is open. Equal scenarios give equal outcomes. */
export const simulate = async (scenario: Scenario, table: FaultTable = emptyTable()): Promise<Outcome> => {
  const random = makeRandom(scenario.seed ^ 0x5eed);
  const scheduler = makeScheduler();
  const store = makeMemoryStore();
  const world = makeWorld();
  const { environment } = scenario;
  const story: string[] = [];
  const tell = (text: string) =>
    void story.push(`${(scheduler.nowMs() / 1000).toFixed(3).padStart(9)} s  ${text}`);
  for (const name of RELEASES)
    await store.create(`releases/${releaseOf(name).id}.json`, seal(releaseOf(name)));
  const checker = makeChecker({ environment, store, world });
  const machines = Array.from({ length: scenario.machines }, (_, index): Machine => ({
    name: `m${index}`,
    skewMs: random.int(-600_000, 600_000),
  }));
  const dead = new Set<number>();
  /** Processes that came to their end; some commands run inside a program that goes on. */
  const exited = new Set<number>();
  const deployers = new Map<number, Deployer>();
  const platform = illPlatform(world, random);
  let violation: unknown = null;
  const make = (machine: Machine, weather: Weather): Deployer => {
    const pid = deployers.size + 1;
    const deployer = makeDeployer({
      pid,
      machine,
      app: simulatedApp,
      scheduler,
      random,
      weather,
      table,
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
        if (epoch === null) return;
        try {
          checker.effectStarts({ pid, epoch, stoodStill: fault === "pause before" });
        } catch (error) {
          violation ??= error;
        }
      },
    });
    deployers.set(pid, deployer);
    return deployer;
  };

  let running = 0;
  for (const command of scenario.commands)
    scheduler.after(command.atMs, () => {
      const deployer = make(machines[command.machine]!, scenario.weather);
      tell(`${deployer.actor} starts: ${wordsOf(command)}`);
      running += 1;
      void play({ command, deployer, environment, scheduler, checker, world, tell })
        .catch((error: unknown) => void (violation ??= error))
        .finally(() => {
          running -= 1;
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
    const alive = running - [...dead].filter((pid) => !finished.get(deployers.get(pid)!)).length;
    if (alive > 0) throw new Violation("nobody waits for ever", `${alive} commands wait for nothing`);
    await heal({ make, machines, environment, scheduler, checker, tell, step });
  } catch (error) {
    violation = error;
  }
  tell(describeState(checker.state()));
  const effects = world.effects.length + store.writes();
  return { violation: describe(violation), effects, story };
};

/** Commands whose process came to an end by itself. */
const finished = new WeakMap<Deployer, boolean>();

const describe = (violation: unknown): Outcome["violation"] => {
  if (violation === null) return null;
  if (violation instanceof Violation) return { invariant: violation.invariant, message: violation.message };
  return { invariant: "no bug", message: (violation as Error).stack ?? String(violation) };
};

const wordsOf = ({ verb, release, wait }: Command): string =>
  `${verb}${verb === "deploy" || verb === "approve" ? ` ${release}` : ""}${wait ? " --wait" : ""}`;

interface Played {
  command: Command;
  deployer: Deployer;
  environment: string;
  scheduler: Scheduler;
  checker: Checker;
  world: World;
  tell: (text: string) => void;
}

/** What a person's command comes to; every end but a defined one is a violation. */
const play = async ({ command, deployer, environment, scheduler, checker, tell }: Played): Promise<void> => {
  const controller = new AbortController();
  if (command.interruptMs !== null)
    scheduler.after(command.interruptMs, () => {
      if (deployer.alive()) controller.abort(command.interrupt);
    });
  try {
    const receipt = await run(command, deployer, environment, controller.signal);
    tell(`${deployer.actor} ends: ${receipt === null ? "done" : `${receipt.deployment} ${receipt.outcome}`}`);
    if (receipt?.outcome === "succeeded") mustHaveEnded(checker, receipt);
    if (receipt?.outcome === "fenced") checker.fenced(deployer.actor);
  } catch (error) {
    if (error instanceof Violation) throw error;
    if (error === "detach" || error === "abort")
      return tell(`${deployer.actor} ends: interrupted before it began`);
    if (!isAppError(error) || NEVER.some((code) => code === error.code)) throw error;
    if (error.code === "FENCED") checker.fenced(deployer.actor);
    tell(`${deployer.actor} ends: ${error.code}`);
  } finally {
    finished.set(deployer, true);
  }
};

/** Errors that say that the world is broken, or the program; neither is so here. */
const NEVER = ["BUG", "LOG_BROKEN", "STORE_CORRUPT", "COMPENSATION_FAILED"];

/** Exit 0 is only given for what the log says too. */
const mustHaveEnded = (checker: Checker, { deployment, release }: Receipt): void => {
  const ended = checker.state().recent.find(({ id }) => id === deployment);
  if (ended?.outcome !== "succeeded" || ended.release !== release)
    throw new Violation(
      "exit 0 implies serving",
      `${deployment} is ${ended?.outcome ?? "not ended"} in the log`,
    );
};

const run = async (
  { verb, release, wait }: Command,
  { context }: Deployer,
  environment: string,
  signal: AbortSignal,
): Promise<Receipt | null> => {
  const request = { environment, wait, signal, reason: null, report: () => undefined };
  switch (verb) {
    case "deploy":
      return deployRelease(context, {
        ...request,
        action: "deploy",
        release: releaseOf(release),
        binding: null,
      });
    case "promote": {
      const promoted = await releaseToPromote(context, environment);
      return deployRelease(context, { ...request, action: "promote", release: promoted, binding: null });
    }
    case "rollback":
      return rollback(context, { ...request, to: null });
    case "resume":
    case "abort":
      return finishDeployment(context, { ...request, how: verb });
    case "lock":
      await lock(context, { environment, why: "simulated", until: null });
      return null;
    case "unlock":
      await unlock(context, environment);
      return null;
    case "approve":
      await approve(context, environment, releaseOf(release).id);
      return null;
  }
};

/** Afterwards, in calm weather: what is open is finished by one resume, and a reader sees it. */
const heal = async (rig: {
  make: (machine: Machine, weather: Weather) => Deployer;
  machines: Machine[];
  environment: string;
  scheduler: Scheduler;
  checker: Checker;
  tell: (text: string) => void;
  step: () => void;
}): Promise<void> => {
  const { make, machines, environment, scheduler, checker, tell, step } = rig;
  const calm = Object.fromEntries(Object.keys(emptyTable()["observe"]).map((fault) => [fault, 0])) as Weather;
  const healer = make(machines[0]!, calm);
  let end: unknown = null;
  const work = async () => {
    if ((await readState(healer.context.store, environment)).open === null) return;
    tell(`${healer.actor} starts: resume`);
    const receipt = await finishDeployment(healer.context, {
      environment,
      how: "resume",
      wait: true,
      report: () => undefined,
      signal: new AbortController().signal,
    });
    tell(`${healer.actor} ends: ${receipt.deployment} ${receipt.outcome}`);
  };
  void work().then(
    () => (end = "done"),
    (error: unknown) => (end = error),
  );
  await scheduler.run({ untilMs: scheduler.nowMs() + ONE_HOUR_MS, afterEach: step });
  if (end !== "done") throw end === null ? new Violation("nobody waits for ever", "the last resume") : end;
  const { open } = checker.state();
  if (open !== null)
    throw new Violation("every started deployment ends once somebody resumes it", `${open.id} is still open`);
};

/** The memory platform with releases that are ill: one never starts, one fails its gate, one breaks its migration. */
const illPlatform = (world: World, random: Random): Platform => {
  const inner = makeMemoryPlatform(world);
  const nameOfRevision = (service: string, id: string) =>
    releaseOfTree(world.staged.get(id)?.spec.service === service ? world.staged.get(id)!.spec.tree : "");
  return {
    ...inner,
    setInstances: async (service, counts, context) => {
      const ill = Object.entries(counts).some(
        ([id, count]) => count > 0 && nameOfRevision(service, id) === "never starts",
      );
      if (ill && context.epoch >= world.epoch)
        throw new AppError("INSTANCE_UNHEALTHY", `${service} stopped before it was healthy`);
      return inner.setInstances(service, counts, context);
    },
    runCommand: async (command, spec, context) => {
      if (releaseOfTree(spec.tree) !== "migration fails") return inner.runCommand(command, spec, context);
      await inner.runCommand("0001 0002", spec, context);
      return { exitCode: 1, lines: ["0003 failed"], stdout: "" };
    },
    metrics: async (service, revision) =>
      nameOfRevision(service, revision) === "fails in bake"
        ? { requests: 100, errors: 40, p50Ms: 1, p95Ms: 1, crashes: random.chance(0.5) ? 1 : 0 }
        : { requests: 100, errors: 0, p50Ms: 1, p95Ms: 1, crashes: 0 },
  };
};
