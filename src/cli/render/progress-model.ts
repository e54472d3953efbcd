import type { PlannedStep } from "../../domain/plan.ts";
import type { ProgressEvent } from "../../ports/reporter.ts";
import {
  hasOwnLine,
  isOver,
  phaseLine,
  stepLine,
  subjectWidthIn,
  type StepView,
  type TreeLine,
} from "./step-view.ts";
import { clean } from "./text-width.ts";

/** A text for people says what it has to say in so many characters. */
const TEXT_KEPT = 400;

/** What a deployment has told so far. */
export interface ProgressState {
  verbose: boolean;
  steps: Map<string, StepView>;
  direction: "forward" | "back";
  startedMs: number;
  backSinceMs: number;
  /** What the compensation under way last said. */
  backText: string;
  waiting: { text: string; sinceMs: number } | null;
  ended: boolean;
}

export interface ProgressModel {
  readonly state: Readonly<ProgressState>;
  /** Takes one event and returns the lines that are finished by it: each exactly once, in the order of their ends. */
  apply(event: ProgressEvent, nowMs: number): TreeLine[];
}

/** Folds events to what a tree shows. Memory is bound by the plan, not by the number of events. */
export const makeProgressModel = ({ verbose }: { verbose: boolean }): ProgressModel => {
  const state: ProgressState = {
    verbose,
    steps: new Map(),
    direction: "forward",
    startedMs: 0,
    backSinceMs: 0,
    backText: "",
    waiting: null,
    ended: false,
  };
  return {
    state,
    apply: (event, nowMs) => {
      if (state.startedMs === 0) state.startedMs = nowMs;
      const sinceMs = state.waiting?.sinceMs ?? nowMs;
      const waits = event.type === "waiting" || (event.type === "rehearsing" && event.durationMs === null);
      state.waiting = waits ? { text: shortened(event.text), sinceMs } : null;
      return fold(state, event, nowMs);
    },
  };
};

const shortened = (text: string): string => clean(text.slice(0, TEXT_KEPT));

const fold = (state: ProgressState, event: ProgressEvent, nowMs: number): TreeLine[] => {
  switch (event.type) {
    case "planned":
      return planned(state, event.plan.steps, nowMs);
    case "step-started":
      settleBefore(state, event.step);
      Object.assign(viewOf(state, event.step), {
        status: "running",
        startedMs: nowMs,
        text: "",
        told: false,
      });
      return [];
    case "step-progress":
      return progressed(state, event);
    case "step-succeeded":
      return succeeded(state, event, nowMs);
    case "step-failed": {
      const view = viewOf(state, event.step);
      Object.assign(view, { status: "failed", durationMs: event.durationMs, text: "", told: true });
      return [...tellAllQuick(state), { ...stepLine(view, "failed"), why: shortened(event.error.message) }];
    }
    case "compensating":
      Object.assign(state, { direction: "back", backSinceMs: nowMs });
      return [...tellAllQuick(state), backLine(event.cause)];
    case "step-compensated":
      return [wentBack(state, event.step, { status: "reverted", durationMs: event.durationMs })];
    case "compensation-failed": {
      const line = wentBack(state, event.step, { status: "stuck", durationMs: 0 });
      const { durationMs: _unknown, ...kept } = line;
      return [{ ...kept, mark: "failed", why: shortened(event.error.message) }];
    }
    case "waiting":
      return [];
    case "rehearsing":
      return event.durationMs === null ? [] : [rehearsed(event.text, event.durationMs)];
    case "ended":
      state.ended = true;
      return tellAllQuick(state);
  }
};

const planned = (state: ProgressState, steps: PlannedStep[], nowMs: number): TreeLine[] => {
  state.steps.clear();
  Object.assign(state, { direction: "forward", ended: false, startedMs: nowMs });
  for (const step of steps) viewOf(state, step).subjectWidth = subjectWidthIn(steps, step.phase);
  return [];
};

const viewOf = (state: ProgressState, step: PlannedStep): StepView => {
  const known = state.steps.get(step.id);
  if (known !== undefined) return known;
  const fresh = { status: "waiting", startedMs: 0, durationMs: 0, text: "", told: false } as const;
  const view: StepView = { ...fresh, step, subjectWidth: 0 };
  state.steps.set(step.id, view);
  return view;
};

/** After a resume the steps that ended earlier are not told again: what a step needs must be over when it starts. */
const settleBefore = ({ steps }: ProgressState, step: PlannedStep): void => {
  const open = [...step.after];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const view = steps.get(id);
    if (view?.status !== "waiting") continue;
    Object.assign(view, { status: "done", told: true });
    open.push(...view.step.after);
  }
};

const progressed = (
  state: ProgressState,
  { step, text }: Extract<ProgressEvent, { type: "step-progress" }>,
): TreeLine[] => {
  const view = viewOf(state, step);
  if (state.direction === "back") state.backText = `${clean(step.subject)}  ${shortened(text)}`;
  else if (!isOver(view)) view.text = shortened(text);
  return [];
};

const succeeded = (
  state: ProgressState,
  { step, durationMs, detail, skipped }: Extract<ProgressEvent, { type: "step-succeeded" }>,
  nowMs: number,
): TreeLine[] => {
  const view = viewOf(state, step);
  settleBefore(state, step);
  const startedMs = view.status === "running" ? view.startedMs : nowMs - durationMs;
  Object.assign(view, {
    status: skipped ? "skipped" : "done",
    startedMs,
    durationMs,
    text: shortened(detail),
  });
  if (standsAlone(state, view)) {
    view.told = true;
    return [...tellQuick(state, step.phase), stepLine(view, "done")];
  }
  return quickOf(state, step.phase).every(isOver) ? tellQuick(state, step.phase) : [];
};

const standsAlone = ({ verbose }: ProgressState, { step }: StepView): boolean => verbose || hasOwnLine(step);

const quickOf = (state: ProgressState, phase: string): StepView[] =>
  [...state.steps.values()].filter((view) => view.step.phase === phase && !standsAlone(state, view));

/** The phase's quick steps that are done and not told yet, as one line. */
const tellQuick = (state: ProgressState, phase: string): TreeLine[] => {
  const done = quickOf(state, phase).filter(
    ({ told, status }) => !told && (status === "done" || status === "skipped"),
  );
  for (const view of done) view.told = true;
  return done.length === 0 ? [] : [phaseLine(phase, done)];
};

const tellAllQuick = (state: ProgressState): TreeLine[] =>
  [...new Set([...state.steps.values()].map(({ step }) => step.phase))].flatMap((phase) =>
    tellQuick(state, phase),
  );

const wentBack = (
  state: ProgressState,
  step: PlannedStep,
  end: { status: "reverted" | "stuck"; durationMs: number },
): TreeLine => {
  const view = viewOf(state, step);
  Object.assign(view, { ...end, told: true, text: "" });
  state.backText = "";
  return stepLine(view, "back");
};

const rehearsed = (text: string, durationMs: number): TreeLine => ({
  mark: "done",
  phase: "rehearse",
  subject: "",
  text: shortened(text),
  durationMs,
});

const backLine = (cause: "failed" | "aborted"): TreeLine => ({
  mark: "back",
  phase: "back",
  subject: "",
  text: cause === "failed" ? "taking back what was done" : "aborted: taking back what was done",
});
