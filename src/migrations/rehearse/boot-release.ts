import type { SmokeCheck } from "../../domain/app-definition.ts";
import type { Release } from "../../domain/release.ts";
import type { RehearsedService, ServingProcess } from "../../ports/rehearsal.ts";
import { startRelay } from "../relay/start-relay.ts";
import type { ObservedStatement } from "../relay/types.ts";
import type { Stage } from "./stage.ts";

const LINGER_MS = 400;

export interface SmokeAnswer {
  path: string;
  /** Null: as wanted; else what came instead. */
  fault: string | null;
  /** Status of the answer; null: none came. */
  status: number | null;
}

/** What became of a release's services on one database. */
export interface BootRecord {
  /** What kept a service from starting, or ended it; empty: all of them ran. */
  failed: { service: string; stage: "boots" | "health"; what: string }[];
  smoke: SmokeAnswer[];
  /** Every statement that PostgreSQL refused, whatever the app made of it. */
  errors: ObservedStatement[];
  /** Every other one that was sent, each text once. */
  statements: string[];
}

export interface BootOptions {
  release: Release;
  settings: Record<string, Record<string, string>>;
  database: string;
}

/** All services of the release at once, through a relay: health, the environment's smoke checks, then some time of their own. */
export const bootRelease = async (stage: Stage, options: BootOptions): Promise<BootRecord> => {
  const { deps, server, databases } = stage;
  const relay = await startRelay({ server, mode: "errors", signal: deps.signal, clock: deps.clock });
  const serving = new Map<string, ServingProcess>();
  try {
    const record = await serve(stage, {
      ...options,
      url: relay.url(databases.url(options.database)),
      serving,
    });
    const { statements } = relay.observed();
    return {
      ...record,
      errors: statements.filter(({ error }) => error !== null),
      statements: [...new Set(statements.filter(({ error }) => error === null).map(({ sql }) => sql))],
    };
  } finally {
    await Promise.all([...serving.values()].map((one) => one.stop()));
    await relay.close();
  }
};

type Serving = Map<string, ServingProcess>;

const serve = async (
  { deps, request }: Stage,
  { release, settings, url, serving }: BootOptions & { url: string; serving: Serving },
): Promise<Pick<BootRecord, "failed" | "smoke">> => {
  const failed: BootRecord["failed"] = [];
  const services = Object.keys(release.services);
  await Promise.all(
    services.map(async (service) => {
      const process = processOf(release, service, { url, settings, environment: request.environment.name });
      const started = await deps.host.serve(process, { signal: deps.signal });
      if (started.type === "serving") serving.set(service, started.process);
      else
        failed.push({
          service,
          stage: / was not healthy /.test(started.what) ? "health" : "boots",
          what: [started.what, lastLine(started.lines)].filter((text) => text !== "").join(": "),
        });
    }),
  );
  const smoke: SmokeAnswer[] = [];
  for (const check of request.environment.smoke) {
    const process = serving.get(serviceFor(release, check.path) ?? "");
    if (process !== undefined) smoke.push(await ask(process, check));
  }
  await deps.clock.sleep(deps.lingerMs ?? LINGER_MS, deps.signal);
  for (const [service, process] of serving) {
    const ended = process.ended();
    if (ended !== null)
      failed.push({ service, stage: "boots", what: `${ended}: ${lastLine(process.lines())}` });
  }
  return { failed, smoke };
};

const lastLine = (lines: string[]): string => lines.at(-1) ?? "";

const processOf = (
  release: Release,
  service: string,
  { url, settings, environment }: { url: string; settings: BootOptions["settings"]; environment: string },
): RehearsedService => {
  const found = release.services[service];
  if (found === undefined) throw new Error(`${service} is not a service of the release`);
  const { kind, tree, command, health, stopMs, secrets } = found;
  return {
    ...{ environment, service, kind, tree, command, health, stopMs },
    databaseUrl: url,
    env: settings[service] ?? {},
    secrets: Object.keys(secrets),
    buckets: release.buckets,
  };
};

/** As the gateway would route it; null: a site's file, which no database is behind. */
export const serviceFor = ({ services, sites }: Release, path: string): string | null => {
  const bare = path.split(/[?#]/)[0] ?? path;
  const fits = (route: string): boolean =>
    route.endsWith("/*")
      ? bare === route.slice(0, -2) || bare.startsWith(route.slice(0, -1))
      : bare === route;
  const routes = [
    ...Object.entries(services).flatMap(([name, { route }]) => (route === null ? [] : [{ route, name }])),
    ...Object.values(sites).map(({ route }) => ({ route, name: null })),
  ];
  return (
    routes.filter(({ route }) => fits(route)).sort((a, b) => b.route.length - a.route.length)[0]?.name ?? null
  );
};

const ask = async (process: ServingProcess, check: SmokeCheck): Promise<SmokeAnswer> => {
  const { path } = check;
  try {
    const { status, body } = await process.get(path);
    if (status !== check.status)
      return { path, status, fault: `GET ${path} answered ${status} instead of ${check.status}` };
    return check.contains === null || body.includes(check.contains)
      ? { path, status, fault: null }
      : { path, status, fault: `GET ${path} answered without "${check.contains}"` };
  } catch (error) {
    return { path, status: null, fault: (error as Error).message };
  }
};
