import type { ErrorCode } from "../domain/error-codes.ts";
import { toAppError, type AppError } from "../domain/errors.ts";
import type { PlannedStep } from "../domain/plan.ts";
import { openOf, type EngineDeps, type StopWish } from "./run.ts";
import { runStep } from "./run-step.ts";
import { isTakenBack } from "./steps/index.ts";

export interface StepFailure {
  step: string;
  error: AppError;
  durationMs: number;
}

export type ForwardEnd =
  { type: "done" } | { type: "failed"; failure: StepFailure } | { type: "aborted" } | { type: "detached" };

/** Errors after which nobody knows what is so: the deployment stays open for a resume, nothing is compensated blindly. */
const UNREACHABLE = [
  "SUPERVISOR_DOWN",
  "STORE_UNWRITABLE",
  "STORE_UNREACHABLE",
  "STORE_BUCKET",
  "STORE_DENIED",
  "STORE_UNSAFE",
  "AWS_CREDENTIALS",
  "LOG_BROKEN",
  "STORE_CORRUPT",
  "FENCED",
  "BUG",
] as const satisfies ErrorCode[];

/**
 * Runs the plan's steps, each as soon as those it comes after have succeeded, side by side where the plan allows.
 * Ends with the first failure: steps under way are told to stop and waited for. After the commit nothing goes back: a
 * step of tidying that fails is recorded and left to the next deployment.
 */
export const goForward = async (deps: EngineDeps, wish: AbortSignal): Promise<ForwardEnd> => {
  const { session } = deps;
  const stop = new AbortController();
  const { plan } = openOf(session);
  const running = new Map<string, Promise<void>>();
  const settled = new Set<string>();
  let end: ForwardEnd | null = null;
  let broken: { error: unknown } | null = null;

  /** After the commit a wish to abort comes too late: what is left is done as if nobody had asked. */
  const heeded = () => wish.aborted && !(wish.reason === "abort" && openOf(session).committed);
  const detach = new AbortController();
  const onWish = () => wish.reason === "detach" && detach.abort("detach");
  if (wish.aborted) onWish();
  else wish.addEventListener("abort", onWish, { once: true });
  const beforeCommit = AbortSignal.any([stop.signal, session.lost, wish]);
  const afterCommit = AbortSignal.any([stop.signal, session.lost, detach.signal]);

  const runOne = async (step: PlannedStep): Promise<void> => {
    const startedMs = deps.clock.monotonicMs();
    try {
      await runStep(deps, step, step.phase === "tidy" ? afterCommit : beforeCommit);
      settled.add(step.id);
    } catch (thrown) {
      const error = toAppError(thrown);
      const durationMs = Math.round(deps.clock.monotonicMs() - startedMs);
      if (session.lost.aborted) broken ??= { error: session.lost.reason };
      else if (UNREACHABLE.some((code) => code === error.code)) {
        // Told to stop, a step ends with what it was told. But a call that nobody answered may still be carried out: then
        // nothing is taken back under this epoch, by which the platform could not tell the two apart.
        const toldToStop = heeded() || stop.signal.aborted;
        if (!toldToStop || error.code !== "BUG") broken ??= { error };
      } else if (neverRecorded(session, step)) {
        if (!heeded() && !stop.signal.aborted) broken ??= { error };
      } else if (step.phase === "tidy") {
        deps.report({ type: "step-failed", step, durationMs, error: error.toJSON() });
        session.ride([{ type: "step-failed", step: step.id, error: error.toJSON(), durationMs }]);
        settled.add(step.id);
      } else if (!heeded() && !stop.signal.aborted) {
        const failure = { step: step.id, error, durationMs };
        deps.report({ type: "step-failed", step, durationMs, error: failure.error.toJSON() });
        end ??= { type: "failed", failure };
      }
      if (broken !== null || end !== null) stop.abort(new Error("another step failed"));
    } finally {
      running.delete(step.id);
    }
  };

  for (const [id, step] of Object.entries(openOf(session).steps))
    if (step.status === "succeeded") settled.add(id);
  for (;;) {
    if (broken !== null) {
      await Promise.all(running.values());
      throw (broken as { error: unknown }).error;
    }
    if (session.lost.aborted) throw session.lost.reason;
    if (end !== null || heeded()) {
      await Promise.all(running.values());
      if (broken !== null) continue;
      if (end !== null) return end;
      // What ran to its end meanwhile may have been the commit.
      if (!heeded()) continue;
      return { type: (wish.reason as StopWish) === "abort" ? "aborted" : "detached" };
    }
    const ready = plan.steps.filter(
      ({ id, after }) => !settled.has(id) && !running.has(id) && after.every((before) => settled.has(before)),
    );
    for (const step of ready) running.set(step.id, runOne(step));
    if (running.size === 0) return { type: "done" };
    await Promise.race(running.values());
  }
};

/**
 * What was before it could not be read, so nothing of it was begun and nothing says what taking it back would restore:
 * the deployment stays open, and a resume observes again.
 */
const neverRecorded = (session: EngineDeps["session"], { id, action }: PlannedStep): boolean =>
  isTakenBack(action) && openOf(session).steps[id] === undefined;
