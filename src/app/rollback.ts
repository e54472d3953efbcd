import type { Serving } from "../domain/environment-state.ts";
import { AppError } from "../domain/errors.ts";
import { shortReleaseId } from "../domain/release.ts";
import type { Receipt } from "../domain/receipt.ts";
import { readState } from "../engine/read-log.ts";
import { environmentOf, type AppContext } from "./context.ts";
import { deployTo, type DeployRequest } from "./deploy.ts";
import { deploymentOpen } from "./preconditions.ts";
import { readRelease, resolveRelease } from "./releases.ts";

export type RollbackRequest = Pick<
  DeployRequest,
  "environment" | "reason" | "noWayBack" | "acceptDataLoss" | "wait" | "report" | "signal"
> & {
  /** A release, as a person names it; null: the one that served before. */
  to: string | null;
};

/** Takes an environment back to an earlier release with the binding that it had there. */
export const rollback = async (context: AppContext, request: RollbackRequest): Promise<Receipt> => {
  const { environment } = request;
  environmentOf(context, environment);
  const state = await readState(context.store, environment);
  if (state.open !== null && !request.wait) throw deploymentOpen(environment, state.open);
  // Told at once when there is none; chosen when everybody else is done: what serves then is what is rolled back.
  if (state.open === null) await rollbackTarget(context, { ...request, ...state });
  return deployTo(context, {
    ...request,
    action: "rollback",
    purpose: "rollback",
    target: ({ serving, earlier }) => rollbackTarget(context, { ...request, serving, earlier }),
  });
};

/** The release to go back to, and its binding; null where it never served here. */
export const rollbackTarget = async (
  context: AppContext,
  request: { environment: string; to: string | null; serving: Serving | null; earlier: Serving[] },
) => {
  const { environment, to, serving, earlier } = request;
  if (serving === null)
    throw new AppError("NOTHING_DEPLOYED", `${environment} serves no release yet.`, {
      hint: `switchback deploy ${environment}`,
    });
  if (to !== null) {
    const release = await resolveRelease(context, to);
    const before = [serving, ...earlier].find((one) => one.release === release.id);
    return { release, binding: before?.binding ?? null };
  }
  const before = earlier.find(({ rolledBack }) => !rolledBack);
  const release = before === undefined ? null : await readRelease(context.store, before.release);
  if (before === undefined || release === null)
    throw new AppError(
      "NO_EARLIER_RELEASE",
      `${environment} has served nothing before ${shortReleaseId(serving.release)} that was not rolled back.`,
      { hint: `name one: switchback rollback ${environment} --to RELEASE (switchback releases lists them)` },
    );
  return { release, binding: before.binding };
};
