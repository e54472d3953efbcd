import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { AppError } from "../../../domain/errors.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { ObservedEnvironment, RevisionMetrics } from "../../../domain/observed.ts";
import type { SmokeCheck } from "../../../domain/app-definition.ts";
import { orAborted } from "./abortable.ts";
import { runCommand } from "./commands.ts";
import { EFFECTS, type EffectContext } from "./effects.ts";
import type { Environment } from "./environment.ts";
import { answer, readJson } from "./http-answer.ts";
import { countRows, readerOf } from "./reading.ts";
import {
  CANCEL_REQUEST,
  COUNT_REQUEST,
  EFFECT_INPUTS,
  EFFECT_REQUEST,
  ENVIRONMENT_NAME,
  METRICS_REQUEST,
  OBSERVE_REQUEST,
  ONE_OFF_REQUEST,
  parseWith,
  SMOKE_REQUEST,
  type EffectName,
} from "./protocol.ts";
import type { SupervisorInfo } from "./supervisor-info.ts";

/** What the API serves: the supervisor's own abilities, one noun each. */
export interface ApiDeps {
  environment: (name: string) => Environment;
  observe: (environment: Environment) => ObservedEnvironment;
  metrics: (environment: Environment, service: string, revision: string, sinceMs: number) => RevisionMetrics;
  smoke: (environment: Environment, check: SmokeCheck, signal: AbortSignal) => Promise<void>;
  info: () => SupervisorInfo;
  sweep: () => Promise<void>;
  /** Resolves when everything has stopped but this API. */
  stop: (report: (text: string) => void) => Promise<void>;
  clock: Clock;
  /** Aborted when the supervisor stops: effects under way end. */
  signal: AbortSignal;
}

const FORGOTTEN_MS = 10_000;

const cancelled = (): AppError => new AppError("INTERRUPTED", "the command was told to stop");

const cancelledBefore = (): AbortController => {
  const controller = new AbortController();
  controller.abort();
  return controller;
};

type Work = (report: (text: string) => void) => Promise<unknown>;

const runEffect = async (
  deps: ApiDeps,
  running: Map<string, AbortController>,
  { environment, effect, body }: { environment: Environment; effect: string; body: unknown },
  report: (text: string) => void,
): Promise<unknown> => {
  if (!Object.hasOwn(EFFECTS, effect)) throw new AppError("USAGE", `there is no effect ${effect}`);
  const name = effect as EffectName;
  const isOneOff = name === "run-command" && (body as { epoch?: unknown } | null)?.epoch === null;
  const request = isOneOff ? parseWith(ONE_OFF_REQUEST, body) : parseWith(EFFECT_REQUEST, body);
  const { id } = request;
  const parsed = parseWith<unknown>(EFFECT_INPUTS[name], request.input) as never;
  const controller = new AbortController();
  if (running.get(id)?.signal.aborted === true) controller.abort(cancelled());
  running.set(id, controller);
  const signal = AbortSignal.any([controller.signal, deps.signal]);
  try {
    if (request.epoch === null) return await runCommand(environment, parsed, { signal, report });
    const { epoch, deployment } = request;
    const act = (until: AbortSignal): Promise<unknown> => {
      environment.baseline.note(deployment);
      const context: EffectContext = { environment, deployment, signal: until, report, sweep: deps.sweep };
      return EFFECTS[name].act(parsed, context);
    };
    return await environment.fence.run({ epoch, key: EFFECTS[name].key(parsed), signal, act });
  } finally {
    running.delete(id);
  }
};

const inEnvironment = (
  deps: ApiDeps,
  running: Map<string, AbortController>,
  { path, body }: { path: string[]; body: unknown },
): Work => {
  const [first, verb, effect] = path;
  const environment = deps.environment(parseWith(ENVIRONMENT_NAME, first));
  if (verb === "effects" && effect !== undefined)
    return (report) => runEffect(deps, running, { environment, effect, body }, report);
  if (verb === "observe")
    return async () => {
      const { epoch } = parseWith(OBSERVE_REQUEST, body);
      if (epoch !== undefined) {
        await environment.fence.raise(epoch);
        // Who takes over decides by what it sees: not by what has only just been started again.
        await orAborted(environment.fleet.settled(), deps.signal);
      }
      return deps.observe(environment);
    };
  if (verb === "metrics")
    return async () => {
      const { service, revision, sinceMs } = parseWith(METRICS_REQUEST, body);
      return deps.metrics(environment, service, revision, sinceMs);
    };
  if (verb === "database-reader") return async () => readerOf(environment);
  if (verb === "count-rows")
    return async () => countRows(environment, parseWith(COUNT_REQUEST, body).questions);
  if (verb === "smoke")
    return async () => deps.smoke(environment, parseWith(SMOKE_REQUEST, body).check, deps.signal);
  throw new AppError("USAGE", `there is no request ${path.join("/")}`);
};

const route = (
  deps: ApiDeps,
  running: Map<string, AbortController>,
  { method, path, body }: { method: string; path: string[]; body: unknown },
): Work => {
  const [version, noun, ...rest] = path;
  if (version === "v1") {
    if (method === "GET" && noun === "info") return () => Promise.resolve(deps.info());
    if (method === "POST" && noun === "stop") return (report) => deps.stop(report);
    if (method === "POST" && noun === "cancel")
      return async () => {
        const { id } = parseWith(CANCEL_REQUEST, body);
        const effect = running.get(id);
        if (effect !== undefined) return effect.abort(cancelled());
        // It may be on its way: cancelled when it comes, and forgotten if it never does.
        running.set(id, cancelledBefore());
        void deps.clock.sleep(FORGOTTEN_MS, deps.signal).then(
          () => running.get(id)?.signal.aborted === true && running.delete(id),
          () => undefined,
        );
      };
    if (method === "POST" && noun === "environments")
      return inEnvironment(deps, running, { path: rest, body });
  }
  throw new AppError("USAGE", `there is no request ${method} /${path.join("/")}`, {
    hint: "the command and the supervisor may be of different versions: restart it with switchback up",
  });
};

/** The supervisor's HTTP server; not listening yet. */
export const makeApi = (deps: ApiDeps): Server => {
  const running = new Map<string, AbortController>();
  const handle = (request: IncomingMessage, response: ServerResponse): Promise<void> =>
    answer(response, async (report) => {
      const body = await readJson(request);
      const path = (request.url ?? "/").split("?")[0]?.split("/").slice(1) ?? [];
      return route(deps, running, { method: request.method ?? "", path, body })(report);
    });
  const server = createServer({ requestTimeout: 30_000 }, (request, response) => {
    void handle(request, response);
  });
  // An effect may be silent for as long as a migration takes.
  server.timeout = 0;
  return server;
};
