import type { ObservedEnvironment } from "../domain/observed.ts";
import type { Plan, WayBack } from "../domain/plan.ts";
import type { Release } from "../domain/release.ts";
import { readState } from "../engine/read-log.ts";
import type { Report } from "../ports/reporter.ts";
import { environmentOf, type AppContext } from "./context.ts";
import { planFor } from "./deploy.ts";

const NOTHING: ObservedEnvironment = { services: {}, sites: {}, schema: null, urls: [] };

/** What a deployment would do now. No effect: nothing is started, locked or written. */
export const previewPlan = async (
  context: AppContext,
  request: {
    environment: string;
    release: Release;
    noWayBack: string | null;
    report: Report;
    signal: AbortSignal;
  },
): Promise<{ plan: Plan; wayBack: WayBack; running: boolean }> => {
  environmentOf(context, request.environment);
  const state = await readState(context.store, request.environment);
  const platform = await context.platform(request.environment, { start: false });
  try {
    const observed = (await platform?.observe({ signal: request.signal })) ?? NOTHING;
    const planned = await planFor(context, {
      ...request,
      action: "deploy",
      binding: null,
      observed,
      platform,
      state,
    });
    return { ...planned, running: platform !== null };
  } finally {
    await platform?.close();
  }
};
