import { toAppError, type AppError } from "../domain/errors.ts";
import type { PlannedStep } from "../domain/plan.ts";
import { openOf, type EngineDeps, type StopWish } from "./run.ts";
import { contextFor } from "./run-step.ts";
import { definitionOf, isTakenBack } from "./steps/index.ts";

/**
 * Takes back, last first, every step that was started and can be taken back: each restores what was observed before it.
 * Null when all of it is as before. A step that cannot be taken back ends it there: what was before it builds on it.
 */
export const compensateAll = async (
  deps: EngineDeps,
  wish: AbortSignal,
): Promise<{ step: string; error: AppError } | "detached" | null> => {
  const open = openOf(deps.session);
  const byId = new Map(open.plan.steps.map((step) => [step.id, step]));
  const started = Object.entries(open.steps).filter(([, state]) => state.status !== "compensated");
  for (const [id] of started.reverse()) {
    const step = byId.get(id);
    // A wish to abort is what is being done; only a detach stops it.
    if ((wish.reason as StopWish | undefined) === "detach") return "detached";
    if (step === undefined || !isTakenBack(step.action)) continue;
    const error = await compensateOne(deps, step);
    if (error !== null) return { step: id, error };
  }
  return null;
};

const compensateOne = async (deps: EngineDeps, step: PlannedStep): Promise<AppError | null> => {
  const { session, clock, report, platform } = deps;
  const startedMs = clock.monotonicMs();
  const durationMs = () => Math.round(clock.monotonicMs() - startedMs);
  const { before } = openOf(session).steps[step.id]!;
  await session.append([{ type: "compensation-started", step: step.id }]);
  try {
    await session.assertHeld(platform.callBudgetMs);
    await definitionOf(step.action.kind).compensate!(
      step.action,
      before,
      deps,
      contextFor(deps, step, session.lost),
    );
  } catch (thrown) {
    if (session.lost.aborted) throw session.lost.reason;
    const error = toAppError(thrown);
    if (error.code === "FENCED" || error.code === "SUPERVISOR_DOWN") throw error;
    await session.append([
      { type: "compensation-failed", step: step.id, error: error.toJSON(), durationMs: durationMs() },
    ]);
    report({ type: "compensation-failed", step, error: error.toJSON() });
    return error;
  }
  session.ride([{ type: "compensation-succeeded", step: step.id, durationMs: durationMs() }]);
  report({ type: "step-compensated", step, durationMs: durationMs() });
  return null;
};
