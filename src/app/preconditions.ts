import type { EnvironmentDefinition } from "../domain/app-definition.ts";
import type { EnvironmentState, OpenDeployment } from "../domain/environment-state.ts";
import { AppError } from "../domain/errors.ts";
import { shortReleaseId } from "../domain/release.ts";

/**
 * Whether a deployment may start, before anything is done. Pure. A rollback passes a freeze and needs no approval:
 * going back must always be possible, but a lock holds it too.
 */
export const checkPreconditions = (request: {
  state: EnvironmentState;
  definition: EnvironmentDefinition;
  release: string;
  action: "deploy" | "rollback" | "promote";
  /** Nobody asked for it by hand: a rollback holds it off. */
  automated: boolean;
  nowMs: number;
}): void => {
  const { state, definition, release, action, automated, nowMs } = request;
  if (state.open !== null) throw deploymentOpen(state.environment, state.open);
  const { lock, environment } = state;
  if (lock !== null && (lock.until === null || Date.parse(lock.until) > nowMs))
    throw new AppError("ENVIRONMENT_LOCKED", `${lock.actor} locked ${environment}: ${lock.why}`, {
      hint: `switchback unlock ${environment}`,
      context: { ...lock },
    });
  if (action === "rollback") return;
  const { hold } = state;
  if (automated && hold !== null)
    throw new AppError(
      "ENVIRONMENT_HELD",
      `${hold.actor} rolled ${environment} back (${hold.deployment}); automation waits for a person's word.`,
      {
        hint: `switchback unlock ${environment}   or deploy by hand, without --automated`,
        context: { ...hold },
      },
    );
  const freeze = definition.freeze.find(
    ({ from, to }) => Date.parse(from) <= nowMs && nowMs < Date.parse(to),
  );
  if (freeze !== undefined)
    throw new AppError(
      "ENVIRONMENT_FROZEN",
      `${environment} is frozen until ${freeze.to}: ${freeze.reason}`,
      {
        hint: "wait, or change the environment's freeze windows; a rollback is still possible",
        context: { ...freeze },
      },
    );
  const { approval } = definition;
  const approved = state.approvals.some(
    (one) => one.release === release && (approval.by.length === 0 || approval.by.includes(one.actor)),
  );
  if (approval.required && !approved)
    throw new AppError(
      "APPROVAL_MISSING",
      `${environment} wants an approval of ${shortReleaseId(release)}.`,
      {
        hint: `switchback approve ${environment} ${shortReleaseId(release)}`,
        context: { by: approval.by },
      },
    );
};

/** What was going on, and the two ways out. */
export const deploymentOpen = (environment: string, open: OpenDeployment): AppError =>
  new AppError("DEPLOYMENT_OPEN", `${describeOpen(open)} It has to be finished first.`, {
    hint: `switchback resume ${environment}   or   switchback abort ${environment}`,
    context: { deployment: open.id, direction: open.direction },
  });

/** "d-0007 (deploy of r-… by anna@laptop) was interrupted at roll out/api/2-weights." */
export const describeOpen = (open: OpenDeployment): string => {
  const last = Object.entries(open.steps).at(-1);
  const where =
    last === undefined
      ? "before its first step"
      : `${last[1].status === "started" ? "at" : "after"} ${last[0]}`;
  const going = open.direction === "back" ? "while it was being taken back" : where;
  const how = open.detachedBy === null ? "was interrupted" : `was left by ${open.detachedBy}`;
  return `${open.id} (${open.plan.action} of ${shortReleaseId(open.plan.release)} by ${open.actor}) ${how} ${going}.`;
};
