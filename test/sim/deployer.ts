import type { AppContext } from "../../src/app/context.ts";
import type { AppDefinition } from "../../src/domain/app-definition.ts";
import { AppError } from "../../src/domain/errors.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Platform } from "../../src/ports/platform.ts";
import type { Store } from "../../src/ports/store.ts";
import { pickFault, type Call, type Fault, type FaultTable, type Weather } from "./faults.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

export const LEASE_MS = 15_000;
export const CALL_BUDGET_MS = 2_000;
const WALL_START_MS = 1_700_000_000_000;

export interface Machine {
  name: string;
  /** Added to the wall clock of its processes; it may jump. */
  skewMs: number;
}

/** A process of a deployer: it may die or stand still at any call, and is never told. */
export interface Deployer {
  readonly pid: number;
  readonly actor: string;
  alive(): boolean;
  kill(): void;
  context: AppContext;
}

export interface DeployerDeps {
  pid: number;
  machine: Machine;
  app: AppDefinition;
  scheduler: Scheduler;
  random: Random;
  weather: Weather;
  table: FaultTable;
  store: Store;
  platform: Platform;
  isDead: (pid: number) => boolean;
  onDeath: (pid: number) => void;
  /** Told before a call is sent, and after it has taken effect. */
  onCall: (call: Call, fault: Fault, deployer: { pid: number; epoch: number | null }) => void;
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

export const makeDeployer = (deps: DeployerDeps): Deployer => {
  const { pid, machine, scheduler, random } = deps;
  let dead = false;
  let pausedUntilMs = 0;
  const rate = 1 + (random.next() - 0.5) * 0.002;
  const offsetMs = random.int(0, 1_000_000);

  const kill = (): void => {
    dead = true;
    deps.onDeath(pid);
  };
  const pause = (): void => {
    pausedUntilMs = scheduler.nowMs() + random.pick([500, 5_000, 20_000, 60_000]);
  };
  /** Continues the process at a later time, when it still runs and stands still no longer. */
  const resumeAfter = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const attempt = () => {
        if (dead) return;
        const waitMs = pausedUntilMs - scheduler.nowMs();
        if (waitMs > 0) scheduler.after(waitMs, attempt);
        else resolve();
      };
      scheduler.after(ms, attempt);
    });

  const call = async <T>(name: Call, act: () => Promise<T>, epoch: number | null = null): Promise<T> => {
    if (dead) return never();
    const fault = pickFault(random, deps.weather);
    deps.table[name][fault] += 1;
    const store = STORE_CALLS.includes(name);
    if (fault === "pause before") {
      pause();
      await resumeAfter(0);
    }
    deps.onCall(name, fault, { pid, epoch });
    const travelMs = fault === "slow" ? random.int(200, 900) : random.int(1, store ? 20 : 40);
    if (fault === "crash before") {
      kill();
      return never();
    }
    if (fault === "refused" || fault === "lost request") {
      await resumeAfter(fault === "refused" ? travelMs : CALL_BUDGET_MS);
      throw trouble(store, fault);
    }
    // The request is on its way, whatever becomes of the process.
    let result = await new Promise<{ value: T } | { error: unknown }>((resolve) => {
      scheduler.after(travelMs, () => void settle(act()).then(resolve));
    });
    if (fault === "sent twice") result = await settle(act());
    if (fault === "crash after") kill();
    if (fault === "pause after") pause();
    if (dead) return never();
    await resumeAfter(fault === "lost answer" ? CALL_BUDGET_MS - travelMs : random.int(0, 10));
    if (fault === "lost answer") throw trouble(store, fault);
    if ("error" in result) throw result.error;
    return result.value;
  };

  const clock: Clock = {
    nowMs: () => WALL_START_MS + Math.round(scheduler.nowMs()) + machine.skewMs,
    monotonicMs: () => offsetMs + scheduler.nowMs() * rate,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        const abort = () => {
          cancel();
          reject(signal?.reason as Error);
        };
        const wake = () => {
          if (dead) return;
          const waitMs = pausedUntilMs - scheduler.nowMs();
          if (waitMs > 0) return void (cancel = scheduler.after(waitMs, wake));
          signal?.removeEventListener("abort", abort);
          resolve();
        };
        let cancel = scheduler.after(ms / rate, wake);
        signal?.addEventListener("abort", abort, { once: true });
      }),
  };
  const identity = { actor: `p${pid}@${machine.name}`, machine: machine.name, pid, started: "0" };
  return {
    pid,
    actor: identity.actor,
    alive: () => !dead,
    kill,
    context: {
      app: deps.app,
      projectDir: "/",
      store: storeOf(deps.store, call),
      artefacts: {
        readTree: async () => ({ format: 1, entries: { "index.html": { type: "folder" } } }),
      } as never,
      builder: null as never,
      clock,
      liveness: {
        self: () => identity,
        look: (other) =>
          other.machine !== machine.name ? "unknown" : deps.isDead(other.pid) ? "dead" : "alive",
      },
      leaseMs: LEASE_MS,
      platform: (async () => platformOf(deps.platform, call)) as never,
    },
  };
};

type CallOf = <T>(name: Call, act: () => Promise<T>, epoch?: number | null) => Promise<T>;

const settle = async <T>(work: Promise<T>): Promise<{ value: T } | { error: unknown }> => {
  try {
    return { value: await work };
  } catch (error) {
    return { error };
  }
};

const STORE_CALLS: Call[] = [
  "append to the log",
  "replace the lease",
  "replace the head",
  "write a checkpoint",
  "read the store",
];

const trouble = (store: boolean, fault: Fault): AppError =>
  new AppError(store ? "STORE_UNWRITABLE" : "SUPERVISOR_DOWN", `simulated: ${fault}`);

const storeOf = (store: Store, call: CallOf): Store => ({
  get: (key) => call("read the store", () => store.get(key)),
  list: (prefix) => call("read the store", () => store.list(prefix)),
  create: (key, bytes) =>
    call(key.includes("/log/") ? "append to the log" : "write a checkpoint", () => store.create(key, bytes)),
  replace: (key, bytes, etag) =>
    call(key.endsWith("lease.json") ? "replace the lease" : "replace the head", () =>
      store.replace(key, bytes, etag),
    ),
});

const platformOf = (platform: Platform, call: CallOf): Platform => ({
  ...platform,
  callBudgetMs: CALL_BUDGET_MS,
  observe: (options) => call("observe", () => platform.observe(options)),
  ensureBacking: (backing, context) =>
    call("ensure backing", () => platform.ensureBacking(backing, context), context.epoch),
  stageRevision: (staged, context) =>
    call("stage", () => platform.stageRevision(staged, context), context.epoch),
  stageSite: (site, context) => call("stage", () => platform.stageSite(site, context), context.epoch),
  setInstances: (service, counts, context) =>
    call("set instances", () => platform.setInstances(service, counts, context), context.epoch),
  setWeights: (service, weights, context) =>
    call("set weights", () => platform.setWeights(service, weights, context), context.epoch),
  switchSite: (site, to, context) =>
    call("switch a site", () => platform.switchSite(site, to, context), context.epoch),
  appliedMigrations: (migrations, spec, context) =>
    call("read the schema", () => platform.appliedMigrations(migrations, spec, context)),
  runCommand: (command, spec, context) =>
    call("migrate", () => platform.runCommand(command, spec, context), context.epoch),
  metrics: (service, revision, sinceMs, options) =>
    call("read metrics", () => platform.metrics(service, revision, sinceMs, options)),
  smoke: (check, options) => call("smoke", () => platform.smoke(check, options)),
  retire: (keep, context) => call("retire", () => platform.retire(keep, context), context.epoch),
  settle: (context) => call("settle", () => platform.settle(context), context.epoch),
});
