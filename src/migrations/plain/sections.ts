/** A part of a file, and the line on which it begins, from 1. */
export interface Section {
  text: string;
  line: number;
}

export interface Sections {
  up: Section;
  /** Null: the file has no way back. */
  down: Section | null;
}

/** `-- up`, `-- Up Migration`, `-- migrate:up`, `-- +goose Up`. */
const MARK = /^--\s*(?:migrate:|\+goose\s+)?(up|down)(?:\s+migration)?\s*$/i;

/** The parts of a file of SQL. Without a mark all of it is up; what stands before the first mark belongs to no part. */
export const readSections = (text: string): Sections => {
  const lines = text.split("\n");
  const marks = lines.flatMap((line, index) => {
    const direction = MARK.exec(line.trim())?.[1]?.toLowerCase();
    return direction === undefined ? [] : [{ direction, index }];
  });
  const part = (wanted: string): Section | null => {
    const at = marks.findIndex(({ direction }) => direction === wanted);
    const mark = marks[at];
    if (mark === undefined) return null;
    const from = mark.index + 1;
    return { text: lines.slice(from, marks[at + 1]?.index).join("\n"), line: from + 1 };
  };
  if (marks.length === 0) return { up: { text, line: 1 }, down: null };
  return { up: part("up") ?? { text: "", line: 1 }, down: part("down") };
};

/** Anywhere in the file: what it holds cannot run inside a transaction. */
const NO_TRANSACTION = /^\s*--\s*switchback:\s*no[ -]transaction\s*$/im;

export const wantsNoTransaction = (text: string): boolean => NO_TRANSACTION.test(text);
