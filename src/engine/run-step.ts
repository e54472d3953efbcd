import type { Json } from "../domain/log-entry.ts";
import type { PlannedStep } from "../domain/plan.ts";
import type { EffectContext } from "../ports/platform.ts";
import { openOf, type EngineDeps } from "./run.ts";
import { definitionOf, isTakenBack } from "./steps/index.ts";

/**
 * observe → write intent → act → write outcome. The intent of a step that changes something is durable before it acts;
 * its outcome travels with the next entry, because observing again would tell it. On resume a started step is observed
 * before it is redone, with the `before` that was recorded first.
 */
export const runStep = async (deps: EngineDeps, step: PlannedStep, signal: AbortSignal): Promise<void> => {
  const { session, clock, report } = deps;
  const open = openOf(session);
  const definition = definitionOf(step.action.kind);
  const context = contextFor(deps, step, signal);
  const startedMs = clock.monotonicMs();
  report({ type: "step-started", step });
  const recorded = open.steps[step.id];
  const startedWith = (before: Json) => [
    { type: "step-started" as const, step: step.id, key: `${open.id}:${step.id}`, before },
  ];
  const observed = await definition.observe(step.action, deps, context).catch((error: unknown) => {
    // That it failed can stand in the log only after its start. What is taken back needs a true `before`: that one is
    // not recorded, see `forward.ts`.
    const began = recorded !== undefined || isTakenBack(step.action) || signal.aborted;
    if (!began) session.ride(startedWith(null));
    throw error;
  });
  if (recorded === undefined) {
    const intent = startedWith(observed.before);
    if (observed.done || definition.effect === "reads") session.ride(intent);
    else await session.append(intent);
  }
  let outputs = recorded?.outputs ?? null;
  if (!observed.done) {
    if (definition.effect !== "reads") await session.assertHeld(deps.platform.callBudgetMs);
    signal.throwIfAborted();
    outputs = await definition.run(step.action, deps, context);
  }
  const durationMs = Math.round(clock.monotonicMs() - startedMs);
  session.ride([{ type: "step-succeeded", step: step.id, outputs, durationMs }]);
  // From this entry on the deployment counts: it is durable before anything that only a committed deployment may do.
  if (step.action.kind === "confirm") await session.append([{ type: "committed", deployment: open.id }]);
  const detail = definition.detail?.(step.action, outputs) ?? "";
  report({ type: "step-succeeded", step, durationMs, detail, skipped: observed.done });
};

export const contextFor = (deps: EngineDeps, step: PlannedStep, signal: AbortSignal): EffectContext => ({
  epoch: deps.session.epoch,
  deployment: openOf(deps.session).id,
  signal,
  onProgress: (text) => deps.report({ type: "step-progress", step, text }),
});
