import { PHASES } from "../../domain/plan.ts";
import { formatDuration, formatElapsed } from "./duration.ts";
import { cut, padEnd, wrap } from "./fit.ts";
import { widthOf, type Look } from "./look.ts";
import type { ProgressState } from "./progress-model.ts";
import { hasOwnLine, shortTexts, stepLine, subjectOf, type StepView, type TreeLine } from "./step-view.ts";
import { SPINNER, SYMBOLS } from "./symbols.ts";
import { displayWidth } from "./text-width.ts";

const PHASE_WIDTH = Math.max(...PHASES.map((phase) => phase.length));
const BAR_WIDTH = 10;
/** Narrower than this a line has no room for gaps and bars. */
const NARROW = 60;
const WHY_LINES = 3;

/** Columns of the tree: one less than the screen has, as a full line would wait to wrap. */
const treeWidth = (look: Look): number => Math.min(widthOf(look), Math.max(10, look.columns - 1));

export interface LineOptions {
  /** The phase of the line above: not said twice. */
  phaseShown: string | null;
  /** Counts frames: turns the spinner. */
  tick?: number;
}

/** One line of the tree, never wider than the screen, with what belongs below it. */
export const layoutTreeLine = (
  look: Look,
  line: TreeLine,
  { phaseShown, tick = 0 }: LineOptions,
): string[] => {
  const { colours } = look;
  const width = treeWidth(look);
  const phase = padEnd(line.phase === phaseShown ? "" : line.phase, PHASE_WIDTH + (width < NARROW ? 1 : 3));
  const took = durationText(line);
  const lead = 4 + displayWidth(phase);
  const room = width - lead - (took === "" ? 0 : displayWidth(took) + 2);
  const text = cut(textOf(line, width), room);
  const body = `${phase}${took === "" ? text : padEnd(text, room)}`;
  const faint = line.mark === "pending" || line.skipped === true;
  const right = took === "" ? "" : `  ${colours.dim(took)}`;
  const first = `  ${markOf(look, line, tick)} ${faint ? colours.dim(body.trimEnd()) + body.slice(body.trimEnd().length) : body}${right}`;
  return [first.trimEnd(), ...whyLines(look, line, width)];
};

const whyLines = ({ colours }: Look, { why }: TreeLine, width: number): string[] => {
  if (why === undefined) return [];
  const lines = wrap(why, width - 11);
  const shown =
    lines.length > WHY_LINES
      ? [...lines.slice(0, WHY_LINES - 1), lines.slice(WHY_LINES - 1).join(" ")]
      : lines;
  return shown.map(
    (text, index) => `    ${colours.dim(index === 0 ? "why    " : "       ")}${cut(text, width - 11)}`,
  );
};

const durationText = ({ mark, durationMs }: TreeLine): string => {
  if (durationMs === undefined) return "";
  return mark === "running" ? formatElapsed(durationMs) : formatDuration(durationMs);
};

const textOf = (line: TreeLine, width: number): string => {
  const bar = line.share === undefined || width < NARROW ? "" : `${barOf(line.share)}  `;
  const subject = line.subject === "" ? "" : `${line.subject}  `;
  return `${subject}${bar}${line.text}${line.skipped === true ? " (already so)" : ""}`;
};

/** `▓▓▓░░░░░░░`; more than nothing is never shown as nothing. */
export const barOf = (share: number): string => {
  const full = share <= 0 ? 0 : Math.max(1, Math.min(BAR_WIDTH, Math.floor(share * BAR_WIDTH)));
  return SYMBOLS.full.repeat(full) + SYMBOLS.empty.repeat(BAR_WIDTH - full);
};

const markOf = ({ colours }: Look, { mark }: TreeLine, tick: number): string => {
  switch (mark) {
    case "done":
      return colours.green(SYMBOLS.done);
    case "failed":
      return colours.red(SYMBOLS.failed);
    case "back":
      return colours.yellow(SYMBOLS.back);
    case "running":
      return colours.cyan(SPINNER[tick % SPINNER.length] ?? SYMBOLS.running);
    case "pending":
      return " ";
  }
};

export interface FrameOptions {
  nowMs: number;
  tick: number;
  phaseShown: string | null;
  rows: number;
}

/** What stands below the finished lines: what runs, what comes, and what Ctrl-C does. At most `rows` lines. */
export const layoutFrame = (
  look: Look,
  state: ProgressState,
  { nowMs, tick, phaseShown, rows }: FrameOptions,
): string[] => {
  if (state.ended || (state.steps.size === 0 && state.waiting === null)) return [];
  const lines = [...underWay(state, nowMs), ...(state.direction === "back" ? [] : toCome(state))];
  let shown = phaseShown;
  // In a low window what comes gives way to what runs.
  const laid = lines.slice(0, Math.max(1, rows - 1)).flatMap((line) => {
    const one = layoutTreeLine(look, line, { phaseShown: shown, tick });
    shown = line.phase;
    return one;
  });
  return [...laid, foot(look, state, nowMs)].slice(0, Math.max(1, rows));
};

const foot = (look: Look, state: ProgressState, nowMs: number): string => {
  const elapsed = formatElapsed(nowMs - state.startedMs);
  const committed = [...state.steps.values()].some(
    ({ step, status }) => step.phase === "commit" && (status === "done" || status === "skipped"),
  );
  const onlyDetach = state.direction === "back" || committed;
  const choices = onlyDetach ? "Ctrl-C to detach" : "Ctrl-C to detach, roll back or go on";
  const room = treeWidth(look) - 4 - displayWidth(elapsed) - 2;
  return look.colours.dim(`    ${padEnd(cut(choices, room), room)}  ${elapsed}`.trimEnd());
};

const underWay = (state: ProgressState, nowMs: number): TreeLine[] => {
  if (state.waiting !== null) {
    const { text, sinceMs } = state.waiting;
    return [{ mark: "running", phase: "waiting", subject: "", text, durationMs: nowMs - sinceMs }];
  }
  if (state.direction === "back") {
    const text = state.backText || "taking back what was done";
    return [{ mark: "running", phase: "back", subject: "", text, durationMs: nowMs - state.backSinceMs }];
  }
  return [...state.steps.values()]
    .filter(({ status }) => status === "running")
    .map((view) => runningLine(view, nowMs));
};

export const runningLine = (view: StepView, nowMs: number): TreeLine => {
  const share = shareOf(view, nowMs);
  return {
    ...stepLine(view, "running"),
    durationMs: nowMs - view.startedMs,
    ...(share === undefined ? {} : { share }),
  };
};

const PERCENT = /(\d+(?:\.\d+)?)\s?%/;

/** A bar only where something is counted: time of a bake, percent of the traffic, "1 of 2". */
const shareOf = ({ step, text, startedMs }: StepView, nowMs: number): number | undefined => {
  const { action } = step;
  if (action.kind === "bake") return action.forMs > 0 ? (nowMs - startedMs) / action.forMs : undefined;
  const percent = PERCENT.exec(text) ?? (action.kind === "set-weights" ? PERCENT.exec(step.title) : null);
  if (percent !== null) return Number(percent[1]) / 100;
  const count = /(\d+) of (\d+)/.exec(text);
  return count === null || Number(count[2]) === 0 ? undefined : Number(count[1]) / Number(count[2]);
};

/** One line for each phase to come; within a phase that has begun, the steps that are left. */
const toCome = (state: ProgressState): TreeLine[] =>
  PHASES.flatMap((phase): TreeLine[] => {
    const views = [...state.steps.values()].filter(({ step }) => step.phase === phase);
    const left = views.filter(({ status }) => status === "waiting");
    if (left.length === 0) return [];
    const text = left.length < views.length ? `then ${summary(left)}` : summary(left);
    return [{ mark: "pending", phase, subject: "", text }];
  });

const MOST_LISTED = 3;

const summary = (views: StepView[]): string => {
  const bullet = ` ${SYMBOLS.bullet} `;
  if (views.length <= MOST_LISTED || !views.some(({ step }) => hasOwnLine(step)))
    return shortTexts(views).join(bullet);
  const subjects = [...new Set(views.map(({ step }) => subjectOf(step)))].filter((subject) => subject !== "");
  return [...subjects, `${views.length} steps`].join(bullet);
};
