/** Each is one column wide and has a one-column stand-in in ASCII, so a layout holds in every locale. */
export const SYMBOLS = {
  done: "✔",
  failed: "✘",
  back: "↩",
  warning: "▲",
  notice: "!",
  running: "◐",
  bullet: "·",
  arrow: "→",
  ellipsis: "…",
  nothing: "–",
  full: "▓",
  empty: "░",
} as const;

export const SPINNER = ["◐", "◓", "◑", "◒"] as const;

const ASCII: Record<string, string> = {
  "│": "|",
  "✔": "+",
  "✘": "x",
  "↩": "<",
  "▲": "!",
  "◐": "|",
  "◓": "/",
  "◑": "-",
  "◒": "\\",
  "·": "-",
  "→": ">",
  "…": "~",
  "–": "-",
  "—": "-",
  "▓": "#",
  "░": ".",
  "×": "x",
  "“": '"',
  "”": '"',
  "’": "'",
  "≤": "<",
  "≥": ">",
  "\u00a0": " ",
};

const REPLACED = new RegExp(`[${Object.keys(ASCII).join("")}]`, "gu");

/** Replaces what Switchback itself writes by ASCII of the same width. Other people's letters are left as they are. */
export const toAscii = (text: string): string => text.replace(REPLACED, (symbol) => ASCII[symbol] ?? symbol);
