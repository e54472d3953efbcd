import { rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../domain/errors.ts";
import type { Artefacts } from "../../../ports/artefacts.ts";
import type { Clock } from "../../../ports/clock.ts";
import { makeFolder } from "../durable-file.ts";
import type { Gateway } from "../gateway/types.ts";
import type { StartPostgres } from "../postgres/types.ts";
import { takeLock } from "../process-lock.ts";
import type { ProcessRunner } from "../process/types.ts";
import type { StartRedis } from "../redis/types.ts";
import type { Secrets } from "../secrets.ts";
import { openApiSocket } from "./api-socket.ts";
import { makeApi } from "./api.ts";
import { makeBacking, type Backing } from "./backing.ts";
import { makeEnvironments, type Environments } from "./environments.ts";
import { makePorts } from "./free-port.ts";
import { openFrontDoor } from "./front-door.ts";
import { observe, urlsOf } from "./observe.ts";
import { metricsOf, smokeThrough, supervisorInfo } from "./readings.ts";
import { loadStates } from "./state.ts";
import { makeTrees } from "./trees.ts";

export interface SupervisorOptions {
  app: string;
  projectDir: string;
  stateDir: string;
  socketPath: string;
  version: string;
  /** The gateway's port; null: the last one, else the first free one from 8400 on. */
  port: number | null;
  inherited: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  onReady: (urls: string[]) => void;
  onMessage: (text: string) => void;
}

export interface SupervisorDeps {
  clock: Clock;
  artefacts: Artefacts;
  runner: ProcessRunner;
  startPostgres: StartPostgres;
  startRedis: StartRedis;
  gateway: Gateway;
  secrets: Secrets;
}

/** Requests under way when the supervisor is stopped; a page's event stream must not hold it for as long as a deploy would. */
const DRAIN_MS = 3_000;

/**
 * Runs the project's local environments until the signal is aborted or it is told to stop. A supervisor that was killed
 * is followed by one that serves the same again: the same revisions, counts, weights and sites. At most one runs for a
 * project: a second throws ENVIRONMENT_BUSY.
 */
export const runSupervisor = async (options: SupervisorOptions, deps: SupervisorDeps): Promise<void> => {
  await makeFolder(options.stateDir, 0o700);
  const lock = await takeLock(join(options.stateDir, "lock"));
  if (lock.type === "held")
    throw new AppError(
      "ENVIRONMENT_BUSY",
      `The supervisor of this project runs already (process ${lock.by.pid}).`,
      { hint: "stop it with: switchback down" },
    );
  try {
    await runLocked(options, deps);
  } finally {
    await lock.release();
  }
};

const runLocked = async (options: SupervisorOptions, deps: SupervisorDeps): Promise<void> => {
  const { app, stateDir, signal, onMessage } = options;
  const { clock, gateway, runner, artefacts, secrets, startPostgres, startRedis } = deps;
  const life = new AbortController();
  const { states, problems } = await loadStates(join(stateDir, "environments"));
  // Nobody uses them any more: whoever did has ended with the supervisor before.
  await rm(join(stateDir, "tmp"), { recursive: true, force: true });
  const path = options.inherited["PATH"] ?? "";
  const backing = await makeBacking({ app, stateDir, startPostgres, startRedis, path, clock, onMessage });
  const environments = makeEnvironments({
    ...{ app, stateDir, inherited: options.inherited, gateway, backing, secrets, onMessage },
    trees: makeTrees({ folder: join(stateDir, "trees"), artefacts }),
    boot: { runner, ports: makePorts(), clock },
    signal: life.signal,
  });
  const startedAtMs = clock.nowMs();
  const { port, moved } = await openFrontDoor(gateway, options).catch(async (error: unknown) => {
    // Whatever stood in the way: this process must end, not linger behind an open port.
    await gateway.close();
    throw error;
  });
  if (moved !== null) problems.push(moved);
  for (const problem of problems) onMessage(problem.message);
  const place = () => ({ app, all: environments.serving(), port });
  const { promise: stopped, resolve: onStopped } = withResolvers();
  let stopping: Promise<void> | null = null;
  const stop = (report: (text: string) => void): Promise<void> =>
    (stopping ??= (async () => {
      life.abort(new AppError("SUPERVISOR_DOWN", "The supervisor was stopped."));
      await stopAll({ environments, backing, gateway, runner }, { report, onMessage });
      onStopped();
    })());
  const api = makeApi({
    environment: environments.of,
    observe: (one) => ({
      ...observe(one.state(), one.fleet.slots(), place()),
      problems: problemsOf(one.name, problems),
    }),
    metrics: (one, service, revision, sinceMs) => metricsOf(gateway, one, { service, revision, sinceMs }),
    smoke: (one, check, ended) => smokeThrough(one, check, { ...place(), signal: ended }),
    info: () =>
      supervisorInfo({
        ...{ options, port, startedAtMs, backing, problems, place: place() },
        environments: environments.all(),
      }),
    sweep: environments.sweep,
    stop,
    clock,
    signal: life.signal,
  });
  try {
    await environments.restore(states);
    const socket = await openApiSocket(api, { ...options, clock });
    options.onReady(environments.all().flatMap((one) => urlsOf(one.state(), place())));
    if (signal.aborted) void stop(onMessage);
    signal.addEventListener("abort", () => void stop(onMessage), { once: true });
    await stopped;
    await socket.close();
  } finally {
    await stop(onMessage);
  }
};

/** What a person should know about one environment; what names none concerns all. */
const problemsOf = (environment: string, problems: AppError[]): string[] =>
  problems
    .filter(({ context }) => (context["environment"] ?? environment) === environment)
    .map(({ message, hint }) => (hint === undefined ? message : `${message}; ${hint}`));

interface Parts {
  environments: Environments;
  backing: Backing;
  gateway: Gateway;
  runner: ProcessRunner;
}

/** Services first, PostgreSQL last. What cannot be stopped in order is told, and ends with this process. */
const stopAll = async (
  { environments, backing, gateway, runner }: Parts,
  { report, onMessage }: { report: (text: string) => void; onMessage: (text: string) => void },
): Promise<void> => {
  const steps: [string, () => Promise<unknown>][] = [
    [
      "stopping services",
      () => Promise.all(environments.all().map(({ fleet }) => fleet.stop({ drainMs: DRAIN_MS }))),
    ],
    ["closing the gateway", () => gateway.close()],
    ["stopping the database and the cache", () => backing.stop()],
  ];
  for (const [text, step] of steps) {
    report(text);
    await step().catch((error: unknown) => onMessage(`${text} failed: ${String(error)}`));
  }
  runner.close();
};

const withResolvers = (): { promise: Promise<void>; resolve: () => void } => {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
};
