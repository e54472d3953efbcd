import type { Terminal } from "../terminal.ts";
import { cut } from "./fit.ts";
import { displayWidth } from "./text-width.ts";

const BEGIN = "\x1b[?2026h";
const END = "\x1b[?2026l";
const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";
const TO_LINE_END = "\x1b[K";
const TO_SCREEN_END = "\x1b[J";

/** The last lines of the terminal, redrawn in place; what is finished goes above and stays. */
export interface LiveRegion {
  /** One write: `finished` scrolls away, `frame` takes the place of the frame before. */
  paint(finished: string[], frame: string[]): void;
  /** Removes the frame and gives the cursor back, until the next paint. */
  clear(): void;
  /** Clears for good. Safe to call twice. */
  close(): void;
}

/**
 * Frames overwrite line by line and clear only what is left over, inside a synchronized update, so nothing flickers.
 * After a resize the old frame is measured again as the terminal now wraps it.
 */
export const makeLiveRegion = (terminal: Terminal): LiveRegion => {
  let drawn: string[] = [];
  let hidden = false;
  const restore = () => {
    if (hidden) terminal.draw(SHOW_CURSOR);
    hidden = false;
  };
  const forget = terminal.atExit(restore);
  const home = (): string => {
    const { columns } = terminal.stderr;
    const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns)), 0);
    return rows === 0 ? "\r" : `\r\x1b[${Math.min(rows, terminal.rows - 1)}A`;
  };
  const clear = () => {
    if (drawn.length > 0) terminal.draw(`${BEGIN}${home()}${TO_SCREEN_END}${END}`);
    drawn = [];
    restore();
  };
  return {
    paint: (finished, frame) => {
      const fitted = frame.map((line) => cut(line, terminal.stderr.columns - 1));
      if (finished.length === 0 && fitted.join("\n") === drawn.join("\n") && hidden) return;
      const lines = [...finished, ...fitted].map((line) => `${line}${TO_LINE_END}\n`).join("");
      terminal.draw(`${BEGIN}${hidden ? "" : HIDE_CURSOR}${home()}${lines}${TO_SCREEN_END}${END}`);
      hidden = true;
      drawn = fitted;
    },
    clear,
    close: () => {
      clear();
      forget();
    },
  };
};
