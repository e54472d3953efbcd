import { SYMBOLS } from "./symbols.ts";
import { displayWidth, graphemes, graphemeWidth, stripEscapes } from "./text-width.ts";

const spaces = (count: number): string => " ".repeat(Math.max(0, count));

export const padEnd = (text: string, width: number): string => text + spaces(width - displayWidth(text));
export const padStart = (text: string, width: number): string => spaces(width - displayWidth(text)) + text;

/** The text in at most `width` columns: unchanged when it fits, else without its colours and ended by `…`. */
export const cut = (text: string, width: number): string => {
  if (width <= 0) return "";
  if (displayWidth(text) <= width) return text;
  let taken = "";
  let used = 0;
  for (const one of graphemes(stripEscapes(text))) {
    const next = graphemeWidth(one);
    if (used + next > width - 1) break;
    taken += one;
    used += next;
  }
  return taken.trimEnd() + SYMBOLS.ellipsis;
};

/** Lines of at most `width` columns, broken at spaces; a longer word is broken inside. Never empty. */
export const wrap = (text: string, width: number): string[] => {
  const room = Math.max(1, width);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((one) => pieces(one, room))) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (line !== "" && displayWidth(joined) > room) {
      lines.push(line.trimEnd());
      line = word;
    } else line = joined;
  }
  return [...lines, line.trimEnd()];
};

const pieces = (word: string, width: number): string[] => {
  if (displayWidth(word) <= width) return [word];
  const parts: string[] = [];
  let part = "";
  for (const one of graphemes(word)) {
    if (displayWidth(part + one) > width) {
      parts.push(part);
      part = "";
    }
    part += one;
  }
  return [...parts, part];
};

/** `items` joined by ` · `, broken only between items where that is possible. */
export const wrapItems = (items: string[], width: number): string[] => {
  const lines: string[] = [];
  let line = "";
  for (const item of items) {
    const joined = line === "" ? item : `${line} ${SYMBOLS.bullet} ${item}`;
    if (displayWidth(joined) <= width) line = joined;
    else {
      if (line !== "") lines.push(line);
      const wrapped = wrap(item, width);
      lines.push(...wrapped.slice(0, -1));
      line = wrapped.at(-1) ?? "";
    }
  }
  return [...lines, line];
};

/** Left and right on one line of exactly `width` columns; when both don't fit, right goes to a line of its own. */
export const justify = (left: string, right: string, width: number): string[] => {
  const gap = width - displayWidth(left) - displayWidth(right);
  return gap >= 2 ? [left + spaces(gap) + right] : [left, padStart(right, width)];
};
