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
    text: shortTexts(views).join(` ${SYMBOLS.bullet} `),
    durationMs: toMs - fromMs,
    ...(views.every(({ status }) => status === "skipped") ? { skipped: true } : {}),
  };
};

type Said = Pick<StepView, "step" | "text">;

/** `api, frontend staged`: what steps are about and what they say, each once. */
export const shortTexts = (views: Said[]): string[] => {
  const subjects = new Map<string, string[]>();
  for (const { step, text } of views) {
    const said = text || titleOf(step);
    subjects.set(said, [...(subjects.get(said) ?? []), ...aboutIn(clean(step.subject), said)]);
  }
  return [...subjects].map(([said, about]) => (about.length === 0 ? said : `${about.join(", ")} ${said}`));
};

/** The subject, unless what is said names it: `1 secret readable` is about secrets. What runs behind the app names itself. */
const aboutIn = (subject: string, said: string): string[] =>
  subject === "backing services" || said.includes(subject.replace(/s$/, "")) ? [] : [subject];

export const subjectWidthIn = (steps: PlannedStep[], phase: string): number =>
  Math.max(0, ...steps.filter((step) => step.phase === phase).map((step) => displayWidth(subjectOf(step))));
