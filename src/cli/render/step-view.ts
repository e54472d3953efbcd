import type { PlannedStep } from "../../domain/plan.ts";
import { padEnd } from "./fit.ts";
import { SYMBOLS } from "./symbols.ts";
import { clean, displayWidth } from "./text-width.ts";

export type Mark = "done" | "failed" | "back" | "running" | "pending";

/** One line of the tree, not yet laid out. */
export interface TreeLine {
  mark: Mark;
  /** Phase, or what stands in its place. */
  phase: string;
  subject: string;
  text: string;
  /** 0 to 1, where there is a count. */
  share?: number;
  durationMs?: number;
  /** It was already so. */
  skipped?: boolean;
  /** What belongs below it: why it failed. */
  why?: string;
}

/** What is known of one step while its deployment runs. */
export interface StepView {
  step: PlannedStep;
  status: "waiting" | "running" | "done" | "skipped" | "failed" | "reverted" | "stuck";
  startedMs: number;
  durationMs: number;
  /** Progress while it runs, detail when it is done. */
  text: string;
  /** Its line has been given out. */
  told: boolean;
  /** Columns of the longest subject in its phase. */
  subjectWidth: number;
}

/** Steps that people wait for get a line each; a phase of quick ones gets one line together. */
const OWN_LINE = new Set<PlannedStep["action"]["kind"]>([
  "migrate",
  "set-instances",
  "set-weights",
  "smoke",
  "bake",
]);

export const hasOwnLine = (step: PlannedStep): boolean => OWN_LINE.has(step.action.kind);

export const isOver = ({ status }: StepView): boolean => status !== "waiting" && status !== "running";

/** The subject, unless the title says it already. */
export const subjectOf = (step: PlannedStep): string =>
  step.title.includes(step.subject) ? "" : clean(step.subject);

export const titleOf = (step: PlannedStep): string => clean(step.title);

/** The line of one step; `text` is added to its title. */
export const stepLine = (view: StepView, mark: Mark): TreeLine => {
  const subject = subjectOf(view.step);
  const title = titleOf(view.step);
  return {
    mark,
    phase: view.step.phase,
    subject: subject === "" ? "" : padEnd(subject, view.subjectWidth),
    text: view.text === "" || title.includes(view.text) ? title : `${title} ${SYMBOLS.bullet} ${view.text}`,
    durationMs: view.durationMs,
    ...(view.status === "skipped" ? { skipped: true } : {}),
  };
};

/** One line for several quick steps of a phase that are done. */
export const phaseLine = (phase: string, views: StepView[]): TreeLine => {
  const fromMs = Math.min(...views.map((view) => view.startedMs));
  const toMs = Math.max(...views.map((view) => view.startedMs + view.durationMs));
  return {
    mark: "done",
    phase,
    subject: "",
    text: views.map(shortText).join(` ${SYMBOLS.bullet} `),
    durationMs: toMs - fromMs,
    ...(views.every(({ status }) => status === "skipped") ? { skipped: true } : {}),
  };
};

/** `api files staged`: what a step is about and what it says, each once. */
export const shortText = ({ step, text }: Pick<StepView, "step" | "text">): string => {
  const subject = clean(step.subject);
  const said = text || titleOf(step);
  return said.includes(subject) ? said : `${subject} ${said}`;
};

export const subjectWidthIn = (steps: PlannedStep[], phase: string): number =>
  Math.max(0, ...steps.filter((step) => step.phase === phase).map((step) => displayWidth(subjectOf(step))));
