import type { TerraformEvent } from "../../ports/infra.ts";
import type { Terminal } from "../terminal.ts";
import { formatDuration, formatElapsed } from "./duration.ts";
import { cut, justify } from "./fit.ts";
import { makeLiveRegion } from "./live-region.ts";
import { localTime } from "./local-time.ts";
import { widthOf } from "./look.ts";
import { SPINNER, SYMBOLS } from "./symbols.ts";
import { clean } from "./text-width.ts";
import type { Ticker } from "./progress.ts";

export interface InfraProgress {
  phase(text: string): void;
  event(event: TerraformEvent): void;
  /** How many resources are going to change, once that is known. */
  expect(total: number): void;
  /** Gives its place to a question, until the next phase. */
  pause(): void;
  close(): void;
}

const FRAME_MS = 80;
const SPIN_MS = 160;
/** A resource says so often that it is still at it, without a terminal. */
const STILL_MS = 30_000;

const systemTicker: Ticker = {
  nowMs: () => Date.now(),
  every: (ms, run) => {
    const timer = setInterval(run, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
};

interface State {
  phase: string;
  phaseSinceMs: number;
  running: Map<string, { action: string; sinceMs: number }>;
  looked: number;
  ended: number;
  total: number;
}

/** `create`, `update`, `delete` … as people say it. */
const WORDS: Record<string, string> = {
  create: "create",
  update: "change",
  delete: "destroy",
  replace: "replace",
  read: "read",
};
const wordFor = (action: string): string => (WORDS[action] ?? action).padEnd(8);

/** Terraform at work, on stderr: live for a person, one line a resource without a terminal, JSON for a program. */
export const makeInfraProgress = (
  terminal: Terminal,
  { json, ticker = systemTicker }: { json: boolean; ticker?: Ticker },
): InfraProgress => {
  if (json) return makeJson(terminal, ticker);
  return terminal.live ? makeLive(terminal, ticker) : makeLines(terminal, ticker);
};

const makeJson = (terminal: Terminal, ticker: Ticker): InfraProgress => {
  const say = (value: object) =>
    terminal.draw(`${JSON.stringify({ at: new Date(ticker.nowMs()).toISOString(), ...value })}\n`);
  return {
    phase: (text) => say({ type: "phase", text }),
    event: (event) => {
      if (event.type !== "refreshing") say(event);
    },
    expect: () => undefined,
    pause: () => undefined,
    close: () => undefined,
  };
};

const emptyState = (nowMs: number): State => ({
  phase: "",
  phaseSinceMs: nowMs,
  running: new Map(),
  looked: 0,
  ended: 0,
  total: 0,
});

/** The end of an address says which resource it is; its beginning only where it is. */
const tail = (address: string, width: number): string =>
  address.length <= width ? address : `${SYMBOLS.ellipsis}${address.slice(address.length - width + 1)}`;

/** The line of a resource that came to its end; null: it goes on. */
const apply = (
  state: State,
  event: TerraformEvent,
  { nowMs, width = Infinity }: { nowMs: number; width?: number },
): string | null => {
  if (event.type === "warning") return `${SYMBOLS.notice} ${clean(event.text)}`;
  const { address, type } = event;
  if (type === "refreshing") state.looked += 1;
  else if (type === "started") state.running.set(address, { action: event.action, sinceMs: nowMs });
  else if (type === "ended" || type === "failed") {
    const sinceMs = state.running.get(address)?.sinceMs ?? nowMs;
    state.running.delete(address);
    state.ended += 1;
    const mark = type === "ended" ? SYMBOLS.done : SYMBOLS.failed;
    const took = formatDuration(nowMs - sinceMs);
    return `${mark} ${wordFor(event.action)} ${tail(clean(address), width - 13 - took.length)}  ${took}`;
  }
  return null;
};

const makeLines = (terminal: Terminal, ticker: Ticker): InfraProgress => {
  const state = emptyState(ticker.nowMs());
  let toldMs = 0;
  const say = (text: string) => {
    toldMs = ticker.nowMs();
    terminal.talk(`${localTime(toldMs)} ${text}`);
  };
  return {
    phase: (text) => {
      state.phase = text;
      say(`${SYMBOLS.running} ${text}`);
    },
    event: (event) => {
      const line = apply(state, event, { nowMs: ticker.nowMs() });
      if (line !== null) return say(line);
      if (event.type === "progress" && ticker.nowMs() - toldMs > STILL_MS)
        say(
          `${SYMBOLS.ellipsis} ${wordFor(event.action)} ${clean(event.address)}  ${formatDuration(event.elapsedMs)}`,
        );
    },
    expect: (total) => void (state.total = total),
    pause: () => undefined,
    close: () => undefined,
  };
};

const makeLive = (terminal: Terminal, ticker: Ticker): InfraProgress => {
  const state = emptyState(ticker.nowMs());
  const region = makeLiveRegion(terminal);
  let finished: string[] = [];
  let stop: (() => void) | null = null;
  const frame = () => frameLines(terminal, state, ticker.nowMs());
  const paint = () => {
    const lines = finished;
    finished = [];
    region.paint(lines, frame());
  };
  const open = () => {
    if (stop !== null) return;
    terminal.setAbove((lines) => void finished.push(...lines));
    stop = ticker.every(FRAME_MS, paint);
  };
  const pause = () => {
    if (stop === null) return;
    stop();
    stop = null;
    if (finished.length > 0) region.paint(finished, []);
    finished = [];
    terminal.setAbove(null);
    region.clear();
  };
  return {
    phase: (text) => {
      Object.assign(state, { ...emptyState(ticker.nowMs()), total: state.total, phase: text });
      open();
    },
    event: (event) => {
      const width = terminal.stderr.columns - 1;
      const line = apply(state, event, { nowMs: ticker.nowMs(), width });
      if (line !== null) finished.push(cut(line, terminal.stderr.columns - 1));
    },
    expect: (total) => void (state.total = total),
    pause,
    close: () => {
      pause();
      region.close();
    },
  };
};

const frameLines = (terminal: Terminal, state: State, nowMs: number): string[] => {
  const look = terminal.stderr;
  const width = widthOf(look) - 1;
  const spin = SPINNER[Math.floor(nowMs / SPIN_MS) % SPINNER.length]!;
  const far =
    state.running.size > 0 || state.ended > 0
      ? `  ${state.ended}${state.total === 0 ? "" : ` of ${state.total}`} done`
      : state.looked > 0
        ? `  ${state.looked} looked at`
        : "";
  const line = (left: string, sinceMs: number): string => {
    const elapsed = formatElapsed(nowMs - sinceMs);
    return justify(cut(left, width - elapsed.length - 2), elapsed, width).join(" ");
  };
  const room = Math.max(1, terminal.rows - 4);
  const running = [...state.running];
  const shown = running.slice(0, room);
  const more = running.length - shown.length;
  return [
    line(`${spin} ${state.phase}${far}`, state.phaseSinceMs),
    ...shown.map(([address, { action, sinceMs }]) => line(`  ${wordFor(action)} ${clean(address)}`, sinceMs)),
    ...(more === 0 ? [] : [look.colours.dim(`  and ${more} more`)]),
  ];
};
