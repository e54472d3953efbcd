import type { EnvironmentState, Serving } from "../domain/environment-state.ts";
import type { EnvironmentStatus, ServiceStatus } from "../domain/environment-status.ts";
import type { ObservedEnvironment } from "../domain/observed.ts";
import { shortReleaseId, type Release } from "../domain/release.ts";
import { judgeLease, readLease } from "../engine/lease.ts";
import { readState } from "../engine/read-log.ts";
import { targetServices } from "../planner/revisions.ts";
import type { Platform } from "../ports/platform.ts";
import { environmentOf, type AppContext } from "./context.ts";
import { describeOpen } from "./preconditions.ts";
import { readRelease } from "./releases.ts";

const MEASURED_MS = 5 * 60_000;

/** Every environment, or one. Starts nothing and changes nothing; an environment whose platform is not up is told from its log. */
export const statusOf = async (
  context: AppContext,
  environment: string | null,
): Promise<EnvironmentStatus[]> => {
  if (environment !== null) environmentOf(context, environment);
  const names = environment === null ? Object.keys(context.app.environments) : [environment];
  return Promise.all(names.map((name) => oneStatus(context, name)));
};

const oneStatus = async (context: AppContext, environment: string): Promise<EnvironmentStatus> => {
  const { platform } = environmentOf(context, environment);
  const state = await readState(context.store, environment);
  const { serving } = state;
  const release = serving === null ? null : await readRelease(context.store, serving.release);
  const there = serving === null && state.open === null ? null : await reachable(context, environment);
  const observed = (await there?.observe({ signal: AbortSignal.timeout(5000) })) ?? null;
  const running = release !== null && serving !== null && observed !== null && there !== null;
  const status: EnvironmentStatus = {
    environment,
    platform,
    release: serving?.release ?? null,
    deployment: serving?.deployment ?? null,
    since: serving?.since ?? null,
    actor: serving?.actor ?? null,
    services: running
      ? await servicesOf(there, { release, serving, observed, open: await candidateOf(context, state) })
      : null,
    sites: Object.keys(observed?.sites ?? release?.sites ?? {}),
    database: release?.migrations?.names.at(-1) ?? null,
    wayBack: state.earlier.find(({ rolledBack }) => !rolledBack)?.release ?? null,
    drift: running && state.open === null ? driftOf(release, serving, observed) : [],
    lock: activeLock(state, context.clock.nowMs()),
    hold: state.hold,
    open: await openOf(context, state),
    urls: observed?.urls ?? [],
    problems: [
      ...(observed?.problems ?? []),
      ...(running ? await problemsOf(there, { release, serving }) : []),
    ],
  };
  await there?.close();
  return status;
};

/** Null for a platform that this machine cannot ask: status is still an answer. */
const reachable = (context: AppContext, environment: string): Promise<Platform | null> =>
  context.platform(environment, { start: false }).catch(() => null);

const activeLock = ({ lock }: EnvironmentState, nowMs: number) =>
  lock !== null && (lock.until === null || Date.parse(lock.until) > nowMs) ? lock : null;

const openOf = async (
  context: AppContext,
  { environment, open }: EnvironmentState,
): Promise<EnvironmentStatus["open"]> => {
  if (open === null) return null;
  const running = judgeLease(await readLease(context.store, environment), context.liveness) === "held";
  return {
    deployment: open.id,
    action: open.plan.action,
    release: open.plan.release,
    text: running ? `${open.id} is under way, by ${open.actor}.` : describeOpen(open),
    running,
  };
};

interface Known {
  release: Release;
  serving: Serving;
  observed: ObservedEnvironment;
}

/** The revisions that an open deployment rolls out, by service. */
const candidateOf = async (
  context: AppContext,
  { open }: EnvironmentState,
): Promise<Record<string, { revision: string }>> => {
  const release = open === null ? null : await readRelease(context.store, open.plan.release);
  return open === null || release === null ? {} : targetServices(release, open.plan.binding);
};

const servicesOf = (
  platform: Platform,
  { release, serving, observed, open }: Known & { open: Record<string, { revision: string }> },
): Promise<ServiceStatus[]> =>
  Promise.all(
    Object.entries(targetServices(release, serving.binding)).map(async ([name, { revision, instances }]) => {
      const metrics = await platform.metrics(name, revision, MEASURED_MS, {
        signal: AbortSignal.timeout(5000),
      });
      const healthy = observed.services[name]?.revisions[revision]?.healthy ?? 0;
      return {
        name,
        healthy,
        wanted: instances,
        p95Ms: metrics.requests === 0 ? null : metrics.p95Ms,
        candidate: candidateIn(observed, name, open[name]?.revision, revision),
      };
    }),
  );

const candidateIn = (
  observed: ObservedEnvironment,
  service: string,
  ...[candidate, stable]: [string | undefined, string]
): ServiceStatus["candidate"] => {
  const now = observed.services[service];
  if (candidate === undefined || candidate === stable || now?.revisions[candidate] === undefined) return null;
  return { healthy: now.revisions[candidate].healthy, percent: now.weights[candidate] ?? 0 };
};

const problemsOf = async (
  platform: Platform,
  { release, serving }: Pick<Known, "release" | "serving">,
): Promise<string[]> => {
  const found = await Promise.all(
    Object.entries(targetServices(release, serving.binding)).map(async ([name, { revision }]) => {
      const { crashes, lastExit } = await platform.metrics(name, revision, MEASURED_MS, {
        signal: AbortSignal.timeout(5000),
      });
      return crashes === 0
        ? []
        : [`${name} stopped by itself ${crashes} times in 5 minutes: ${lastExit ?? "unknown exit"}`];
    }),
  );
  return found.flat();
};

const driftOf = (release: Release, serving: Serving, observed: ObservedEnvironment): string[] => {
  const services = Object.entries(targetServices(release, serving.binding)).flatMap(
    ([name, { revision, spec }]) => {
      const weights = observed.services[name]?.weights ?? {};
      const routed = Object.keys(weights).filter((id) => (weights[id] ?? 0) > 0);
      if (observed.services[name]?.revisions[revision] === undefined)
        return [`${name} does not run ${revision}`];
      return spec.kind === "web" && (routed.length !== 1 || routed[0] !== revision)
        ? [`${name} routes to ${routed.join(", ") || "nothing"}`]
        : [];
    },
  );
  const sites = Object.keys(release.sites).flatMap((name) =>
    observed.sites[name]?.release === serving.release
      ? []
      : [`${name} is not the site of ${shortReleaseId(serving.release)}`],
  );
  return [...services, ...sites];
};
