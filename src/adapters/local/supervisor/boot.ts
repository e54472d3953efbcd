import { mkdir, rm } from "node:fs/promises";
import type { AppError } from "../../../domain/errors.ts";
import type { RevisionId, RevisionSpec } from "../../../domain/revision.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { ProcessExit, ProcessRunner, RunningProcess } from "../process/types.ts";
import { exitError, namesTakenPort, neverHealthyError } from "./explain-failure.ts";
import type { Ports } from "./free-port.ts";
import { probe } from "./health.ts";
import type { Mask } from "./secret-mask.ts";

const POLL_MS = 25;
/** A worker serves nothing that could be asked: it is healthy when it still runs after this. */
const WORKER_GRACE_MS = 1_000;
const MAX_TAKEN_PORTS = 3;

export interface BootDeps {
  runner: ProcessRunner;
  ports: Ports;
  clock: Clock;
}

export interface BootOptions {
  id: string;
  spec: RevisionSpec;
  revision: RevisionId;
  /** Folder with the materialised tree. */
  cwd: string;
  temporary: string;
  logFile: string;
  variables: (port: number) => Promise<{ env: Record<string, string>; mask: Mask }>;
  signal: AbortSignal;
  onProcess?: (process: RunningProcess, given: { port: number; mask: Mask }) => void;
}

export interface Booted {
  id: string;
  port: number;
  process: RunningProcess;
  mask: Mask;
}

type Failed = { type: "failed"; error: AppError; portTaken: boolean };

const untilHealthy = async (
  process: RunningProcess,
  port: number,
  options: BootOptions & { mask: Mask },
  { clock }: BootDeps,
): Promise<{ type: "healthy" } | Failed> => {
  const { spec, revision, signal } = options;
  const over = new AbortController();
  const waiting = AbortSignal.any([signal, over.signal]);
  let exit: ProcessExit | null = null;
  void process.exited.then((ended) => {
    exit = ended;
    over.abort();
  });
  const facts = () => ({ spec, revision, lines: process.lastLines(40).map(options.mask) });
  const deadlineMs = clock.monotonicMs() + spec.health.startMs;
  let passes = 0;
  let last = "it was never asked";
  for (;;) {
    if (spec.kind === "worker") {
      await clock.sleep(WORKER_GRACE_MS, waiting).catch(() => undefined);
      last = "";
    } else {
      const target = { port, path: spec.health.path, timeoutMs: spec.health.timeoutMs };
      const result = await probe(target, waiting);
      passes = result.type === "pass" ? passes + 1 : 0;
      if (result.type === "fail") last = result.answer;
    }
    signal.throwIfAborted();
    if (exit !== null) {
      const error = exitError(exit, facts());
      return { type: "failed", error, portTaken: namesTakenPort(facts().lines) };
    }
    if (spec.kind === "worker" || passes >= spec.health.healthyAfter) return { type: "healthy" };
    if (clock.monotonicMs() >= deadlineMs)
      return { type: "failed", error: neverHealthyError(last, { ...facts(), port }), portTaken: false };
    await clock.sleep(POLL_MS, waiting).catch(() => undefined);
  }
};

const attempt = async (
  options: BootOptions,
  deps: BootDeps,
): Promise<{ type: "booted"; booted: Booted } | Failed> => {
  const port = await deps.ports.take();
  let started: RunningProcess | null = null;
  try {
    const { env, mask } = await options.variables(port);
    await mkdir(options.temporary, { recursive: true, mode: 0o700 });
    options.signal.throwIfAborted();
    const { spec } = options;
    started = deps.runner.start({
      id: options.id,
      command: spec.command,
      cwd: options.cwd,
      env,
      memoryMb: spec.memoryMb,
      stopMs: spec.stopMs,
      logFile: options.logFile,
    });
    options.onProcess?.(started, { port, mask });
    const outcome = await untilHealthy(started, port, { ...options, mask }, deps);
    if (outcome.type === "healthy") {
      void started.exited.then(() => deps.ports.giveBack(port));
      return { type: "booted", booted: { id: options.id, port, process: started, mask } };
    }
    await started.stop();
    deps.ports.giveBack(port);
    return outcome;
  } catch (error) {
    await started?.stop();
    deps.ports.giveBack(port);
    throw error;
  }
};

/**
 * A process that has passed its health check, or an AppError that says why there is none; then nothing of it runs any
 * more. A process that finds its port taken before it was healthy is given another one. Aborting stops it and rejects
 * with the signal's reason.
 */
export const boot = async (options: BootOptions, deps: BootDeps): Promise<Booted> => {
  try {
    for (let tries = 1; ; tries += 1) {
      const outcome = await attempt(options, deps);
      if (outcome.type === "booted") return outcome.booted;
      if (!outcome.portTaken || tries >= MAX_TAKEN_PORTS) throw outcome.error;
    }
  } catch (error) {
    await rm(options.temporary, { recursive: true, force: true });
    throw error;
  }
};
