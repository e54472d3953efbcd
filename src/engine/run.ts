import { AppError, isAppError, toAppError } from "../domain/errors.ts";
import type { Receipt } from "../domain/receipt.ts";
import type { Report } from "../ports/reporter.ts";
import { compensateAll } from "./compensate.ts";
import { goForward, type StepFailure } from "./forward.ts";
import { receiptOf } from "./receipt.ts";
import type { Session } from "./session.ts";
import type { StepDeps } from "./steps/step.ts";

export interface EngineDeps extends StepDeps {
  session: Session;
  report: Report;
  actor: string;
}

/** What a person or a signal asks of a running deployment; the reason with which its signal is aborted. */
export type StopWish = "detach" | "abort";

/**
 * Runs the environment's open deployment to its end, from wherever it is: forward, and back when a step fails or an
 * abort is wished. Safe to call again after a crash at any instant: finished steps are not run again, a started one is
 * observed first. Returns the receipt; the outcome is in it. A deployment whose log cannot be written, or whose
 * platform is out of reach, is left open and OUTCOME_UNKNOWN is thrown: nothing is guessed.
 */
export const runDeployment = async (deps: EngineDeps, signal: AbortSignal): Promise<Receipt> => {
  const open = openOf(deps.session);
  const startedMs = deps.clock.monotonicMs();
  deps.report({
    type: "planned",
    deployment: open.id,
    plan: open.plan,
    wayBack: open.wayBack,
    resumed: Object.keys(open.steps).length > 0,
  });
  const elapsedMs = () => Math.round(deps.clock.monotonicMs() - startedMs);
  try {
    const receipt = await conclude(deps, signal, elapsedMs);
    deps.report({ type: "ended", receipt });
    return receipt;
  } catch (error) {
    if (!isAppError(error, "FENCED")) throw leftOpen(error, open.id, open.plan.environment);
    const receipt = await receiptOf(deps, {
      outcome: "fenced",
      failure: { step: null, error: error.toJSON() },
      durationMs: elapsedMs(),
    });
    deps.report({ type: "ended", receipt });
    return receipt;
  }
};

const conclude = async (deps: EngineDeps, signal: AbortSignal, elapsedMs: () => number): Promise<Receipt> => {
  const { session } = deps;
  let failure: StepFailure | null = null;
  if (openOf(session).direction === "forward") {
    const end = await goForward(deps, signal);
    if (end.type === "detached") return detach(deps, elapsedMs());
    if (end.type === "done")
      return finish(deps, { outcome: "succeeded", failure: null, durationMs: elapsedMs() });
    const cause = end.type === "failed" ? "failed" : "aborted";
    if (end.type === "failed") failure = end.failure;
    await session.append([
      ...(failure === null
        ? []
        : [{ type: "step-failed" as const, ...failure, error: failure.error.toJSON() }]),
      { type: "compensation-decided", cause, actor: deps.actor },
    ]);
  }
  deps.report({ type: "compensating", cause: openOf(session).cause ?? "failed" });
  const stuck = await compensateAll(deps, signal);
  if (stuck === "detached") return detach(deps, elapsedMs());
  if (stuck !== null) {
    const error = new AppError(
      "COMPENSATION_FAILED",
      `${stuck.step} could not be taken back: ${stuck.error.message}`,
      {
        hint: `switchback abort ${openOf(session).plan.environment}   (tries again)`,
        context: stuck.error.context,
      },
    );
    return receiptOf(deps, {
      outcome: "stuck",
      failure: { step: stuck.step, error: error.toJSON() },
      durationMs: elapsedMs(),
    });
  }
  return finish(deps, { outcome: "compensated", failure: recordedFailure(deps), durationMs: elapsedMs() });
};

type End = { outcome: Receipt["outcome"]; failure: Receipt["failure"]; durationMs: number };

const finish = async (deps: EngineDeps, end: End): Promise<Receipt> => {
  // What rides is written first, so that the receipt tells the log as it stands.
  await deps.session.append([]);
  await settle(deps);
  const receipt = await receiptOf(deps, end);
  await deps.session.append([{ type: "deployment-ended", deployment: receipt.deployment, receipt }]);
  return receipt;
};

const settle = async ({ session, platform }: EngineDeps): Promise<void> => {
  await session.assertHeld(platform.callBudgetMs);
  const { id } = openOf(session);
  await platform.settle({ epoch: session.epoch, deployment: id, signal: session.lost });
};

const detach = async (deps: EngineDeps, durationMs: number): Promise<Receipt> => {
  const { session } = deps;
  const { id, plan } = openOf(session);
  await session.append([{ type: "detached", deployment: id, actor: deps.actor }]);
  const error = new AppError("INTERRUPTED", `${id} was left as it is, and can be resumed.`, {
    hint: `switchback resume ${plan.environment}   or   switchback abort ${plan.environment}`,
  });
  return receiptOf(deps, {
    outcome: "interrupted",
    failure: { step: null, error: error.toJSON() },
    durationMs,
  });
};

/** The failure that the log tells: of this run or of one before. */
const recordedFailure = ({ session }: EngineDeps): Receipt["failure"] => {
  const failed = Object.entries(openOf(session).steps).find(([, step]) => step.error !== null);
  if (failed !== undefined) return { step: failed[0], error: failed[1].error! };
  return null;
};

export const openOf = (session: Session) => {
  const { open } = session.state();
  if (open === null) throw new AppError("BUG", `No deployment of ${session.environment} is open.`);
  return open;
};

const leftOpen = (error: unknown, deployment: string, environment: string): AppError => {
  const cause = toAppError(error);
  if (cause.code === "BUG") return cause;
  return new AppError("OUTCOME_UNKNOWN", `${deployment} stopped in the middle: ${cause.message}`, {
    hint: `${cause.hint === undefined ? "" : `${cause.hint}, then: `}switchback resume ${environment}`,
    context: { ...cause.context, code: cause.code },
    cause,
  });
};
