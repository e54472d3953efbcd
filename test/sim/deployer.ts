import { makeFakeRehearser } from "../helpers/fake-rehearser.ts";
import type { AppContext } from "../../src/app/context.ts";
import type { AppDefinition } from "../../src/domain/app-definition.ts";
import { AppError } from "../../src/domain/errors.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Platform } from "../../src/ports/platform.ts";
import type { Store } from "../../src/ports/store.ts";
import {
  pickFault,
  sideOf,
  type Call,
  type Fault,
  type FaultTable,
  type Side,
  type Weather,
} from "./faults.ts";
import type { Random } from "./random.ts";
import { CALL_BUDGET_MS, platformOf, storeOf } from "./remote.ts";
import type { Scheduler } from "./scheduler.ts";

/** How often the platform does not notice in time that a call was cancelled. */
const CANCEL_LOST = 0.4;
const NO_SIGNAL = new AbortController().signal;

export const LEASE_MS = 15_000;
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
  slowPlatform: boolean;
  table: FaultTable;
  /** Whether nothing takes this call just now. */
  out: (call: Call) => boolean;
  store: Store;
  platform: Platform;
  isDead: (pid: number) => boolean;
  onDeath: (pid: number) => void;
  /** Told before a call is sent. */
  onCall: (call: Call, fault: Fault, deployer: { pid: number; epoch: number | null }) => void;
  /** Told when an effect comes to the platform, which may refuse it. */
  onEffect: (effect: { pid: number; epoch: number; alive: boolean }) => void;
  /** Told when an effect was carried out. */
  onCarriedOut: (effect: { pid: number; epoch: number }) => void;
  /** Told when this deployer has got to know what the platform looks like. */
  onLook: (actor: string) => void;
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

export const makeDeployer = (deps: DeployerDeps): Deployer => {
  const { pid, machine, scheduler, random } = deps;
  let dead = false;
  let pausedUntilMs = 0;
  const rate = 1 + (random.next() - 0.5) * 0.002;
  const offsetMs = random.int(0, 1_000_000);

  const identity = { actor: `p${pid}@${machine.name}`, machine: machine.name, pid, started: "0" };

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

  const travelOf = (side: Side, fault: Fault): number => {
    if (side === "platform" && deps.slowPlatform) return random.int(1_000, CALL_BUDGET_MS - 100);
    if (fault === "slow") return random.int(200, 900);
    return random.int(1, side === "store" ? 20 : 40);
  };

  const call = async <T>(name: Call, ask: () => Promise<T>, epoch: number | null = null): Promise<T> => {
    if (dead) return never();
    const side = sideOf(name);
    const act = async (): Promise<T> => {
      const answer = await ask();
      if (epoch !== null) deps.onCarriedOut({ pid, epoch });
      return answer;
    };
    const isOut = deps.out(name);
    const fault = isOut ? "outage" : pickFault(random, deps.weather, name);
    deps.table[name][fault] += 1;
    if (fault === "pause before") {
      pause();
      await resumeAfter(0);
    }
    deps.onCall(name, fault, { pid, epoch });
    const travelMs = travelOf(side, fault);
    if (fault === "crash before") {
      kill();
      return never();
    }
    if (fault === "throttled" || fault === "lost request" || fault === "outage") {
      await resumeAfter(fault === "lost request" ? CALL_BUDGET_MS : travelMs);
      throw trouble(side, fault);
    }
    if (fault === "late") {
      // Nobody answers in time; whatever carries the call does it all the same, later.
      scheduler.after(CALL_BUDGET_MS + random.int(1, 20_000), () => void settle(act()));
      await resumeAfter(CALL_BUDGET_MS);
      throw trouble(side, fault);
    }
    // The request is on its way, whatever becomes of the process.
    let result = await new Promise<{ value: T } | { error: unknown }>((resolve) => {
      scheduler.after(travelMs, () => {
        const alive = !dead && fault !== "pause before";
        if (epoch !== null) deps.onEffect({ pid, epoch, alive });
        void settle(act()).then(resolve);
      });
    });
    if (fault === "sent twice") result = await settle(act());
    if (fault === "crash after") kill();
    if (fault === "pause after") pause();
    if (dead) return never();
    await resumeAfter(fault === "lost answer" ? CALL_BUDGET_MS - travelMs : random.int(0, 10));
    if (fault === "lost answer") throw trouble(side, fault);
    if ("error" in result) throw result.error;
    if (name === "observe") deps.onLook(identity.actor);
    return result.value;
  };

  const cancelOf = (signal: AbortSignal): AbortSignal => (random.chance(CANCEL_LOST) ? NO_SIGNAL : signal);

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
        // A timer of Node takes a millisecond at least.
        let cancel = scheduler.after(Math.max(1, ms) / rate, wake);
        signal?.addEventListener("abort", abort, { once: true });
      }),
  };
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
      platform: (async () => platformOf(deps.platform, call, cancelOf)) as never,
      rehearser: async () => makeFakeRehearser(),
    },
  };
};

const settle = async <T>(work: Promise<T>): Promise<{ value: T } | { error: unknown }> => {
  try {
    return { value: await work };
  } catch (error) {
    return { error };
  }
};

const trouble = (side: Side, fault: Fault): AppError =>
  new AppError(side === "store" ? "STORE_UNWRITABLE" : "SUPERVISOR_DOWN", `simulated: ${fault}`);
