import type { SmokeCheck } from "../../../domain/app-definition.ts";
import type { AppError } from "../../../domain/errors.ts";
import type { RevisionMetrics } from "../../../domain/observed.ts";
import type { Gateway } from "../gateway/types.ts";
import type { Backing } from "./backing.ts";
import type { Environment } from "./environment.ts";
import { urlsOf } from "./observe.ts";
import { hostsOf } from "./routes.ts";
import { smoke } from "./smoke.ts";
import type { SupervisorOptions } from "./supervisor.ts";
import type { SupervisorInfo } from "./supervisor-info.ts";

const SHOWN_LINES = 20;

/** What the gateway measured of a revision, and how its instances did. */
export const metricsOf = (
  gateway: Gateway,
  environment: Environment,
  { service, revision, sinceMs }: { service: string; revision: string; sinceMs: number },
): RevisionMetrics => {
  const slots = environment.fleet.slots(service).filter((slot) => slot.revision === revision);
  const failures = slots.flatMap((slot) => slot.lastFailure() ?? []).sort((a, b) => a.atMs - b.atMs);
  const last = failures.at(-1);
  const running = slots.flatMap((slot) => slot.process()?.lastLines(SHOWN_LINES) ?? []);
  return {
    ...gateway.metrics(environment.name, service, revision, sinceMs),
    crashes: environment.fleet.crashes(revision, sinceMs),
    ...(last === undefined ? {} : { lastExit: last.message }),
    lines: (last === undefined ? running : last.lines).slice(-SHOWN_LINES),
  };
};

/** A smoke check with the environment's own host name. */
export const smokeThrough = (
  environment: Environment,
  check: SmokeCheck,
  { app, all, port, signal }: { app: string; all: string[]; port: number; signal: AbortSignal },
): Promise<void> => smoke(check, { port, host: hostsOf(app, environment.name, all)[0]!, signal });

export const supervisorInfo = (known: {
  options: SupervisorOptions;
  port: number;
  startedAtMs: number;
  backing: Backing;
  environments: Environment[];
  problems: AppError[];
  place: { app: string; all: string[]; port: number };
}): SupervisorInfo => {
  const { options, port, startedAtMs, backing, environments, problems, place } = known;
  return {
    pid: process.pid,
    version: options.version,
    app: options.app,
    projectDir: options.projectDir,
    port,
    startedAtMs,
    residentMb: Math.round(process.memoryUsage.rss() / 1024 / 1024),
    postgres: serverFacts(backing.postgres()),
    redis: serverFacts(backing.redis()),
    environments: environments.map((environment) => ({
      name: environment.name,
      epoch: environment.state().epoch,
      urls: urlsOf(environment.state(), place),
      instances: environment.fleet.slots().map((slot) => {
        const process = slot.process();
        return {
          id: slot.id,
          service: slot.spec.service,
          revision: slot.revision,
          state: slot.state(),
          pid: process?.running.pid ?? null,
          port: process?.port ?? null,
          restarts: slot.restarts(),
          residentMb: process === null ? null : Math.round(process.running.residentMb()),
          lastFailure: slot.lastFailure(),
        };
      }),
    })),
    problems: problems.map((problem) => problem.toJSON()),
  };
};

/** Named member by member: the server's URL holds its password. */
const serverFacts = (server: { version: string; port: number } | null) =>
  server === null ? null : { version: server.version, port: server.port };
