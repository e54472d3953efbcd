/* eslint-disable no-control-regex -- control characters are what this file is about */

/** Escape sequences: CSI, OSC up to its end, and the two-character ones. */
const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])|\x9b[0-?]*[ -/]*[@-~]/g;
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const PLAIN = /^[\x20-\x7e]*$/;
/** One column each, and never part of a larger grapheme: ASCII, Latin-1, and the signs that our own texts use. */
const NARROW =
  /^[\x20-\x7e\xa1-\xac\xae-\xff\u2010-\u2027\u2190-\u21ff\u2500-\u25fc\u2713-\u2718\u2800-\u28ff]*$/;
const SGR = /^\x1b\[[0-9;:]*m/;
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{17000}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u;
const EMOJI = /\p{Emoji_Presentation}|\ufe0f|\p{Regional_Indicator}{2}/u;
const INVISIBLE = /^[\p{Mark}\p{Cf}\p{Cc}\u200b-\u200f]+$/u;

let segmenter: Intl.Segmenter | undefined;

/** Pieces that a terminal shows as one character. */
export const graphemes = (text: string): string[] => {
  if (NARROW.test(text)) return [...text];
  // Its first use loads the rules of all scripts, which costs as much as a third of Node's own start.
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
};

/** Columns that one grapheme takes: 0, 1 or 2. */
export const graphemeWidth = (grapheme: string): 0 | 1 | 2 => {
  if (INVISIBLE.test(grapheme)) return 0;
  return WIDE.test(grapheme) || EMOJI.test(grapheme) ? 2 : 1;
};

/** Columns that the text takes on a terminal; escape sequences take none. */
export const displayWidth = (text: string): number => {
  if (NARROW.test(text)) return text.length;
  const shown = text.replace(ESCAPES, "");
  if (NARROW.test(shown)) return shown.length;
  return graphemes(shown).reduce((sum, one) => sum + graphemeWidth(one), 0);
};

export const stripEscapes = (text: string): string => text.replace(ESCAPES, "");

/** One line that cannot move the cursor, change colours or reorder what stands beside it, whoever wrote it. */
export const clean = (text: string): string =>
  PLAIN.test(text)
    ? text
    : stripEscapes(text)
        .replace(/[\t\r\n]+/g, " ")
        .replace(CONTROLS, "");

/** As `clean`, for a line that may keep its colours. */
export const cleanKeepingColours = (text: string): string => {
  if (PLAIN.test(text)) return text;
  const kept = text
    .replaceAll("\ue000", "")
    .replace(ESCAPES, (escape) => (SGR.test(escape) ? escape.replace("\x1b", "\ue000") : ""));
  const cleaned = kept
    .replace(/[\t\r\n]+/g, " ")
    .replace(CONTROLS, "")
    .replaceAll("\ue000", "\x1b");
  return cleaned.includes("\x1b") ? `${cleaned}\x1b[0m` : cleaned;
};
