import type { EnvironmentState } from "../domain/environment-state.ts";
import type { LogEvent } from "../domain/log-entry.ts";
import { appendAside } from "../engine/session.ts";
import { actorOf, environmentOf, type AppContext } from "./context.ts";
import { resolveRelease } from "./releases.ts";

const aside = (context: AppContext, environment: string, event: LogEvent): Promise<EnvironmentState> => {
  environmentOf(context, environment);
  return appendAside(context, environment, [event]);
};

/** No deployment starts until it is unlocked or `until` has passed; one under way goes on. */
export const lock = (
  context: AppContext,
  request: { environment: string; why: string; until: string | null },
): Promise<EnvironmentState> =>
  aside(context, request.environment, {
    type: "locked",
    actor: actorOf(context),
    why: request.why,
    until: request.until,
  });

export const unlock = (context: AppContext, environment: string): Promise<EnvironmentState> =>
  aside(context, environment, { type: "unlocked", actor: actorOf(context) });

/** A person's word that this release may go to this environment. */
export const approve = async (
  context: AppContext,
  environment: string,
  reference: string,
): Promise<string> => {
  const { id } = await resolveRelease(context, reference);
  await aside(context, environment, { type: "approved", actor: actorOf(context), release: id });
  return id;
};
