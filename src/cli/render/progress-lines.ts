import type { ProgressEvent } from "../../ports/reporter.ts";
import type { Terminal } from "../terminal.ts";
import { formatDuration } from "./duration.ts";
import { localTime } from "./local-time.ts";
import { makeProgressModel } from "./progress-model.ts";
import { runningLine } from "./progress-tree.ts";
import type { Progress, Ticker } from "./progress.ts";
import type { StepView, TreeLine } from "./step-view.ts";
import { SYMBOLS } from "./symbols.ts";

const LOOK_MS = 1_000;
/** A step that takes longer than this says that it is still at it, and then again after each such time. */
const STILL_MS = 30_000;
const WAITING_MS = 30_000;

/** For logs: each finished line once, with the local time, and a sign of life from what takes long. */
export const makeProgressLines = (
  terminal: Terminal,
  { verbose, ticker }: { verbose: boolean; ticker: Ticker },
): Progress => {
  const model = makeProgressModel({ verbose });
  let stop: (() => void) | null = null;
  let toldAtMs = 0;
  let waitingTold = "";

  const say = (line: TreeLine) => {
    toldAtMs = ticker.nowMs();
    terminal.talk(logLines(line, toldAtMs));
  };
  const still = () => {
    const nowMs = ticker.nowMs();
    if (nowMs - toldAtMs < STILL_MS || model.state.ended) return;
    for (const view of model.state.steps.values()) if (view.status === "running") say(stillLine(view, nowMs));
  };
  const wait = (event: Extract<ProgressEvent, { type: "waiting" }>) => {
    if (
      model.state.waiting === null ||
      (event.text === waitingTold && ticker.nowMs() - toldAtMs < WAITING_MS)
    )
      return;
    waitingTold = event.text;
    say({ mark: "running", phase: "waiting", subject: "", text: model.state.waiting.text });
  };
  return {
    report: (event) => {
      stop ??= ticker.every(LOOK_MS, still);
      for (const line of model.apply(event, ticker.nowMs())) say(line);
      if (event.type === "waiting") wait(event);
    },
    suspend: () => undefined,
    resume: () => undefined,
    close: () => {
      stop?.();
      stop = null;
    },
  };
};

const stillLine = (view: StepView, nowMs: number): TreeLine => {
  const { share: _share, ...line } = runningLine(view, nowMs);
  return line;
};

const MARKS: Record<TreeLine["mark"], string> = {
  done: SYMBOLS.done,
  failed: SYMBOLS.failed,
  back: SYMBOLS.back,
  running: SYMBOLS.ellipsis,
  pending: " ",
};

const logLines = (line: TreeLine, nowMs: number): string[] => {
  const time = localTime(nowMs);
  const took = line.durationMs === undefined ? "" : `  ${formatDuration(line.durationMs)}`;
  const subject = line.subject === "" ? "" : `${line.subject}  `;
  const skipped = line.skipped ? " (already so)" : "";
  const first = `${time} ${MARKS[line.mark]} ${line.phase.padEnd(9)} ${subject}${line.text}${skipped}${took}`;
  return line.why === undefined ? [first] : [first, `${time}   why  ${line.why}`];
};
