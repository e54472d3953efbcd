import type { ProgressEvent, Report } from "../../ports/reporter.ts";
import type { Terminal } from "../terminal.ts";
import { makeProgressJson } from "./progress-json.ts";
import { makeProgressLines } from "./progress-lines.ts";
import { makeProgressLive } from "./progress-live.ts";

export interface Progress {
  report: Report;
  /** Ends it: what is finished stays on the screen, the live part goes, the cursor is back. Safe to call twice. */
  close(): void;
  /** Gives its place to a question. What is told meanwhile is shown after `resume`. */
  suspend(): void;
  /** Takes the place back: so many rows above the cursor, the question's, are wiped. */
  resume(rows: number): void;
}

/** The wall clock and a repeating timer that keeps no process alive. */
export interface Ticker {
  nowMs(): number;
  every(ms: number, run: () => void): () => void;
}

export interface ProgressOptions {
  json: boolean;
  verbose: boolean;
  ticker?: Ticker;
}

const systemTicker: Ticker = {
  nowMs: () => Date.now(),
  every: (ms, run) => {
    const timer = setInterval(run, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
};

/**
 * Tells what a deployment does, on stderr: a live tree for a person, one line an event that matters without a terminal,
 * one JSON object an event for a program. Bounded whatever it is told; never throws, so telling cannot fail a deployment.
 */
export const makeProgress = (terminal: Terminal, options: ProgressOptions): Progress => {
  const ticker = options.ticker ?? systemTicker;
  const progress = options.json
    ? makeProgressJson(terminal, ticker)
    : terminal.live
      ? makeProgressLive(terminal, { ...options, ticker })
      : makeProgressLines(terminal, { ...options, ticker });
  return { ...progress, report: (event: ProgressEvent) => attempt(() => progress.report(event)) };
};

const attempt = (tell: () => void): void => {
  try {
    tell();
  } catch {
    // Nothing depends on telling; a deployment under way must not end because a line could not be shown.
  }
};
