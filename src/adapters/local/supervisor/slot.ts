import { rm } from "node:fs/promises";
import { AppError } from "../../../domain/errors.ts";
import type { RevisionId, RevisionSpec } from "../../../domain/revision.ts";
import type { RunningProcess } from "../process/types.ts";
import { orAborted } from "./abortable.ts";
import { makeBackOff } from "./back-off.ts";
import { boot, type BootDeps, type Booted, type BootOptions } from "./boot.ts";
import { describeExit } from "./explain-failure.ts";
import { makeSlotState, type SlotState } from "./slot-state.ts";
import { watch, type WatchEnd } from "./watch.ts";

export interface SlotFailure {
  atMs: number;
  message: string;
  lines: string[];
}

export interface SlotProcess {
  id: string;
  port: number;
  running: RunningProcess;
  /** Its last lines, with secrets masked. */
  lastLines(count: number): string[];
}

/** A place for one instance that shall run: whatever ends in it is started again. */
export interface Slot {
  readonly id: string;
  readonly revision: RevisionId;
  readonly spec: RevisionSpec;
  /** Settles with the first boot; rejects with what went wrong. */
  readonly booted: Promise<void>;
  state(): SlotState;
  /** The process of now; null between two. */
  process(): SlotProcess | null;
  /** An instance of it was healthy at some time. */
  hasServed(): boolean;
  restarts(): number;
  lastFailure(): SlotFailure | null;
  /** Resolves when healthy; what waits for its next try gets it at once. Rejects with what went wrong in that try. */
  whenHealthy(): Promise<void>;
  /** Takes no more requests: it leaves the table, and keeps running. */
  beginDrain(): void;
  /** Safe to call twice and in any state. Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
}

export interface SlotOptions {
  id: string;
  spec: RevisionSpec;
  revision: RevisionId;
  /** "once": when the first boot fails the slot ends. "keep": it tries again for as long as it lives. */
  firstBoot: "once" | "keep";
  bootOptions: (id: string, signal: AbortSignal) => Promise<BootOptions>;
  deps: BootDeps;
  /** The state or the process has changed. */
  onChange: () => void;
  /** An instance that had been healthy ended by itself, or had to be replaced. */
  onCrash: (failure: SlotFailure) => void;
}

const ending = (end: Exclude<WatchEnd, { type: "aborted" }>): string =>
  end.type === "exited" ? describeExit(end.exit) : `was replaced, as it stayed unhealthy: ${end.answer}`;

export const startSlot = (options: SlotOptions): Slot => {
  const { spec, deps } = options;
  const life = new AbortController();
  const backOff = makeBackOff();
  const state = makeSlotState(options.onChange);
  const { become } = state;
  let current: SlotProcess | null = null;
  let served = false;
  let attempts = 0;
  let failure: SlotFailure | null = null;
  let wake = new AbortController();
  let attempt: Promise<void> = Promise.resolve();
  let temporary: string | null = null;
  const stopped = (): AppError => new AppError("INTERRUPTED", `${spec.service} was told to stop`);

  const fail = (message: string, lines: string[]): SlotFailure =>
    (failure = { atMs: deps.clock.nowMs(), message, lines });

  const removeTemporary = async (): Promise<void> => {
    if (temporary !== null) await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
  };

  const bootOnce = async (): Promise<Booted> => {
    const id = `${options.id}.${(attempts += 1)}`;
    become("starting");
    const onProcess: BootOptions["onProcess"] = (running, { port, mask }) => {
      const lastLines = (count: number): string[] => running.lastLines(count).map(mask);
      current = { id, port, running, lastLines };
    };
    try {
      const bootOptions = await orAborted(options.bootOptions(id, life.signal), life.signal);
      temporary = bootOptions.temporary;
      return await boot({ ...bootOptions, onProcess }, deps);
    } catch (error) {
      current = null;
      if (!life.signal.aborted) {
        const lines = error instanceof AppError ? (error.context["lines"] as string[] | undefined) : [];
        fail(error instanceof Error ? error.message : String(error), lines ?? []);
      }
      throw error;
    }
  };

  const serve = async (booted: Booted): Promise<void> => {
    const health = spec.kind === "worker" ? null : spec.health;
    const onHealth = (healthy: boolean): void => become(healthy ? "healthy" : "unhealthy");
    served = true;
    become("healthy");
    const end = await watch(booted, { health, clock: deps.clock, signal: life.signal, onHealth });
    if (end.type === "aborted") {
      await booted.process.stop();
      return;
    }
    become("waiting");
    current = null;
    options.onCrash(fail(`${spec.service} ${ending(end)}`, booted.process.lastLines(20).map(booted.mask)));
    await booted.process.stop();
    await removeTemporary();
  };

  const oneLife = async (first: boolean): Promise<void> => {
    const startedMs = deps.clock.monotonicMs();
    wake = new AbortController();
    const booting = bootOnce();
    attempt = booting.then(() => undefined);
    attempt.catch(() => undefined);
    let serving = false;
    try {
      const booted = await booting;
      serving = true;
      await serve(booted);
    } catch (error) {
      if (life.signal.aborted || (first && options.firstBoot === "once")) throw error;
    }
    if (life.signal.aborted) return;
    become("waiting");
    const waitMs = backOff.nextMs(serving ? deps.clock.monotonicMs() - startedMs : 0);
    await deps.clock.sleep(waitMs, AbortSignal.any([life.signal, wake.signal])).catch(() => undefined);
  };

  const live = async (): Promise<void> => {
    try {
      for (let first = true; !life.signal.aborted; first = false) await oneLife(first);
    } catch {
      // The first boot failed, and whoever asked for it was told by `booted`.
    } finally {
      if (current !== null) await current.running.stop();
      current = null;
      await removeTemporary();
      become("stopped");
    }
  };
  const over = live();
  const booted = attempt;

  return {
    id: options.id,
    revision: options.revision,
    spec,
    booted,
    state: state.now,
    process: () => current,
    hasServed: () => served,
    restarts: () => Math.max(0, attempts - 1),
    lastFailure: () => failure,
    whenHealthy: async () => {
      for (let now = state.now(); now !== "healthy"; now = state.now()) {
        if (now === "draining" || now === "stopped") throw stopped();
        const changed = state.changed();
        if (now === "starting") await attempt;
        if (now === "waiting") wake.abort();
        if (state.now() === now) await changed;
      }
    },
    beginDrain: () => become("draining"),
    stop: async () => {
      become("draining");
      life.abort(stopped());
      await over;
    },
  };
};
