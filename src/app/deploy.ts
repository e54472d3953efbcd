import type { Binding } from "../domain/binding.ts";
import type { Digest } from "../domain/digest.ts";
import type { EnvironmentState, Serving } from "../domain/environment-state.ts";
import type { ObservedEnvironment } from "../domain/observed.ts";
import type { DeploymentAction, Plan, WayBack } from "../domain/plan.ts";
import type { Receipt } from "../domain/receipt.ts";
import type { Release } from "../domain/release.ts";
import { wayBackFor } from "../domain/way-back.ts";
import { runDeployment } from "../engine/run.ts";
import { openSession, type Session } from "../engine/session.ts";
import { planDeployment } from "../planner/plan-deployment.ts";
import { targetServices, targetSites } from "../planner/revisions.ts";
import type { Platform } from "../ports/platform.ts";
import type { Report } from "../ports/reporter.ts";
import { bindRelease } from "./bind.ts";
import { actorOf, environmentOf, sessionDeps, type AppContext } from "./context.ts";
import { checkPreconditions, deploymentOpen } from "./preconditions.ts";
import { decideDatabase } from "./migrate/decide-database.ts";
import { readRelease } from "./releases.ts";

export interface DeployRequest {
  environment: string;
  action: DeploymentAction;
  release: Release;
  /** The binding to restore; null: today's configuration decides. */
  binding: Binding | null;
  reason: string | null;
  /** Nobody asked for it by hand: a rollback before it holds it off, with ENVIRONMENT_HELD. */
  automated?: boolean;
  /** A person's reason to go on where no way back of the database is proved; kept in the log. */
  noWayBack?: string | null;
  /** A rollback may lose the rows that only the newer schema holds. */
  acceptDataLoss?: boolean;
  wait: boolean;
  report: Report;
  /** Aborted with "detach" or "abort" as its reason. */
  signal: AbortSignal;
}

/** A deployment whose release is chosen when nobody else can change the environment any more. */
export interface TargetRequest extends Omit<DeployRequest, "release" | "binding"> {
  /** What the environment is held for: "rollback". */
  purpose: string;
  target: (state: EnvironmentState) => Promise<Pick<DeployRequest, "release" | "binding">>;
}

/** Takes an environment to this release: see deployTo. */
export const deployRelease = (context: AppContext, request: DeployRequest): Promise<Receipt> => {
  const { release, binding, ...rest } = request;
  const purpose = `${request.action} of ${release.id.slice(0, 12)}`;
  return deployTo(context, { ...rest, purpose, target: async () => ({ release, binding }) });
};

/**
 * Takes an environment to a release, or leaves it as it was: the outcome is in the receipt. Throws, with nothing done,
 * when it may not start: ENVIRONMENT_BUSY, DEPLOYMENT_OPEN, ENVIRONMENT_LOCKED, ENVIRONMENT_HELD, ENVIRONMENT_FROZEN,
 * APPROVAL_MISSING.
 */
export const deployTo = async (context: AppContext, request: TargetRequest): Promise<Receipt> => {
  const definition = environmentOf(context, request.environment);
  const platform = await context.platform(request.environment, { start: true });
  try {
    const session = await openSession(sessionDeps(context, platform.callBudgetMs), {
      environment: request.environment,
      purpose: request.purpose,
      wait: request.wait,
      signal: request.signal,
      onWaiting: (text) => request.report({ type: "waiting", text }),
    });
    try {
      const { action, automated = false } = request;
      const state = session.state();
      if (state.open !== null) throw deploymentOpen(state.environment, state.open);
      const target = await request.target(state);
      const mayStart = (state: EnvironmentState) =>
        checkPreconditions({
          state,
          definition,
          release: target.release.id,
          action,
          automated,
          nowMs: context.clock.nowMs(),
        });
      mayStart(session.state());
      await planOpen(context, { request: { ...request, ...target }, session, platform, mayStart });
      const deps = { ...context, platform, session, report: request.report, actor: actorOf(context) };
      return await runDeployment(deps, request.signal);
    } finally {
      await session.close();
    }
  } finally {
    await platform.close();
  }
};

const planOpen = async (
  context: AppContext,
  {
    request,
    session,
    platform,
    mayStart,
  }: {
    request: DeployRequest;
    session: Session;
    platform: Platform;
    mayStart: (state: EnvironmentState) => void;
  },
): Promise<void> => {
  const state = session.state();
  const observed = await platform.observe({ signal: request.signal, epoch: session.epoch });
  const { plan, wayBack } = await planFor(context, {
    ...request,
    observed,
    platform,
    state,
  });
  const planned = {
    type: "deployment-planned" as const,
    deployment: `d-${String(state.deployments + 1).padStart(4, "0")}`,
    plan,
    wayBack,
    actor: actorOf(context),
    source: request.release.source,
    reason: request.reason,
  };
  // Asked again where it is written: a colleague may have locked the environment meanwhile.
  await session.append([planned], mayStart);
};

/** The plan and the way back, without any effect. Pending migrations are rehearsed: see decideDatabase. */
export const planFor = async (
  context: AppContext,
  request: Pick<
    DeployRequest,
    "environment" | "action" | "release" | "binding" | "noWayBack" | "acceptDataLoss" | "report" | "signal"
  > & {
    observed: ObservedEnvironment;
    /** Null: it is not running, so secrets are not looked up. */
    platform: Platform | null;
    state: Pick<EnvironmentState, "serving" | "earlier">;
  },
): Promise<{ plan: Plan; wayBack: WayBack }> => {
  const { environment, action, release, state, platform, signal } = request;
  const { serving } = state;
  const definition = environmentOf(context, environment);
  const wanted = Object.assign({}, ...Object.values(release.services).map(({ secrets }) => secrets));
  const secretVersions = (await platform?.secretVersions(wanted, { signal })) ?? {};
  const binding = request.binding ?? bindRelease({ app: context.app, definition, release, secretVersions });
  const stable = serving === null ? null : await readRelease(context.store, serving.release);
  const { noWayBack = null, acceptDataLoss = false, report } = request;
  const applied = request.observed.schema ?? appliedBy(stable, serving);
  const database = await decideDatabase(context, {
    ...{ environment, release, binding, stable, state, applied, platform },
    ...{ noWayBack, acceptDataLoss, report, signal },
  });
  const plan = planDeployment({
    environment,
    definition,
    action,
    release,
    binding,
    observed: { ...request.observed, schema: applied },
    wayBack: { trees: await treesOfWaysBack(context, state) },
    database: database.steps,
  });
  const warm = plan.strategy.type !== "rolling";
  return {
    plan,
    wayBack: wayBackFor({ serving, changes: plan.changes, warm, database: database.wayBack }),
  };
};

/** What the log says of the schema, where the platform does not tell. */
const appliedBy = (stable: Release | null, serving: Serving | null): string[] | null =>
  stable?.migrations?.names.filter((name) => serving?.held?.includes(name) !== true) ?? null;

/** Of what serves, and of what a rollback after this deployment goes to when nothing changes or a rollback is rolled back. */
const treesOfWaysBack = async (
  { store }: AppContext,
  { serving, earlier }: Pick<EnvironmentState, "serving" | "earlier">,
): Promise<Digest[]> => {
  const ways = [serving, ...earlier.filter(({ rolledBack }) => !rolledBack).slice(0, 2)];
  const trees = ways.map(async (way) => {
    const release = way === null ? null : await readRelease(store, way.release);
    return release === null ? [] : treesNeededBy(release, way!.binding);
  });
  return [...new Set((await Promise.all(trees)).flat())];
};

/** What a platform keeps staged for a release: the trees of its services and sites. */
export const treesNeededBy = (release: Release, binding: Binding): Digest[] => [
  ...Object.values(targetServices(release, binding)).map(({ spec }) => spec.tree),
  ...Object.values(targetSites(release, binding)).map(({ tree }) => tree),
];
