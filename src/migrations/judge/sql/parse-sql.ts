import type { Node } from "libpg-query";

let parser: Pick<typeof import("libpg-query"), "parseSync"> | null = null;

/** Loads PostgreSQL's own parser (WebAssembly, 1.8 MB) once in the process. Needed before SQL is read. Safe to call twice. */
export const loadParser = async (): Promise<void> => {
  if (parser !== null) return;
  const library = await import("libpg-query");
  await library.loadModule();
  parser = library;
};

export interface ParsedStatement {
  node: Node;
  text: string;
  /** Lines of the text on which it begins and ends, from 1. */
  line: number;
  endLine: number;
}

export type ParsedSql =
  { ok: true; statements: ParsedStatement[] } | { ok: false; message: string; line: number };

/** The statements of a text, as PostgreSQL itself splits and reads them. */
export const parseSql = (text: string): ParsedSql => {
  if (parser === null) throw new Error("loadParser() must have been awaited before SQL is read");
  const bytes = Buffer.from(text);
  try {
    const { stmts = [] } = parser.parseSync(text);
    const statements = stmts.flatMap(
      ({ stmt, stmt_location: from = 0, stmt_len: length }): ParsedStatement[] => {
        if (stmt === undefined) return [];
        // Places are in bytes; a statement that is not ended by a semicolon has no length.
        const sql = bytes.subarray(from, length === undefined ? undefined : from + length).toString();
        const lead = sql.length - sql.trimStart().length;
        const line = lineAt(bytes, from) + newlines(sql.slice(0, lead));
        const trimmed = sql.trim();
        return [{ node: stmt, text: trimmed, line, endLine: line + newlines(trimmed) }];
      },
    );
    return { ok: true, statements };
  } catch (error) {
    const place = (error as { sqlDetails?: { cursorPosition?: number } }).sqlDetails?.cursorPosition ?? 0;
    return { ok: false, message: (error as Error).message, line: newlines(text.slice(0, place)) + 1 };
  }
};

const newlines = (text: string): number => text.split("\n").length - 1;
const lineAt = (bytes: Buffer, at: number): number => newlines(bytes.subarray(0, at).toString()) + 1;
