import type { Terminal } from "../terminal.ts";
import { makeLiveRegion } from "./live-region.ts";
import { makeProgressModel } from "./progress-model.ts";
import { layoutFrame, layoutTreeLine } from "./progress-tree.ts";
import type { Progress, Ticker } from "./progress.ts";
import type { TreeLine } from "./step-view.ts";

/** About twelve frames a second: the spinner turns, the eye does not see more. */
const FRAME_MS = 80;
/** The spinner turns slower than frames come. */
const SPIN_MS = 160;
/** So many finished lines are written at once, without waiting for the next frame. */
const FLUSH_AT = 200;

/** The live tree: finished lines scroll away above and stay exactly once; below them what runs and what comes. */
export const makeProgressLive = (
  terminal: Terminal,
  { verbose, ticker }: { verbose: boolean; ticker: Ticker },
): Progress => {
  const model = makeProgressModel({ verbose });
  const region = makeLiveRegion(terminal);
  let finished: string[] = [];
  let phaseShown: string | null = null;
  let suspended = false;
  let stop: (() => void) | null = null;

  const frame = (): string[] => {
    const nowMs = ticker.nowMs();
    const tick = Math.floor(nowMs / SPIN_MS);
    return layoutFrame(terminal.stderr, model.state, { nowMs, tick, phaseShown, rows: terminal.rows - 2 });
  };
  const paint = () => {
    if (suspended) return;
    const lines = finished;
    finished = [];
    region.paint(lines, frame());
  };
  const add = (lines: string[]) => {
    finished.push(...lines);
    if (finished.length >= FLUSH_AT) paint();
  };
  const finish = (line: TreeLine) => {
    add(layoutTreeLine(terminal.stderr, line, { phaseShown }));
    phaseShown = line.why === undefined ? line.phase : null;
  };
  const open = () => {
    if (stop !== null) return;
    terminal.setAbove((lines) => {
      phaseShown = null;
      add(lines);
    });
    stop = ticker.every(FRAME_MS, paint);
  };
  return {
    report: (event) => {
      open();
      for (const line of model.apply(event, ticker.nowMs())) finish(line);
    },
    suspend: () => {
      if (stop === null || suspended) return;
      paint();
      suspended = true;
      terminal.setAbove(null);
      region.clear();
    },
    resume: (rows) => {
      if (!suspended) return;
      suspended = false;
      if (rows > 0) terminal.draw(`\r\x1b[${rows}A\x1b[J`);
      if (stop !== null) terminal.setAbove(add);
    },
    close: () => {
      if (stop === null) return;
      stop();
      stop = null;
      suspended = false;
      terminal.setAbove(null);
      if (finished.length > 0) region.paint(finished, []);
      finished = [];
      region.close();
    },
  };
};
