import type { Writable } from "node:stream";
import { createColors } from "picocolors";
import type { Look } from "./render/look.ts";
import { toAscii } from "./render/symbols.ts";

/** The part of a standard stream that is used. */
export interface OutputStream extends Pick<Writable, "write" | "on"> {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
}

export interface TerminalOptions {
  stdout: OutputStream;
  stderr: OutputStream;
  env: Record<string, string | undefined>;
  /** Instead of what the streams say. */
  columns?: number;
  isTTY?: boolean;
  /** Runs at the end of the process, however it comes; returns its own undoing. */
  atExit?: (run: () => void) => () => void;
}

/** Takes lines that are written while a live tree stands below them. */
export type Above = (lines: string[]) => void;

export interface Terminal {
  /** For what is rendered for stdout. */
  readonly stdout: Look;
  /** For what is rendered for stderr. */
  readonly stderr: Look;
  readonly rows: number;
  /** stderr can show a live tree, and a person is there to see it. */
  readonly live: boolean;
  /** Data, byte for byte. */
  out(text: string): void;
  /** Rendered lines as data: ends with a newline. */
  print(lines: string[]): void;
  /** Talk, one or more lines on stderr. Stands above a live tree and never tears it. */
  talk(text: string | string[]): void;
  /** Writes escape sequences to stderr as they are; for the live tree alone. */
  draw(text: string): void;
  /** While set, all other lines go through it. */
  setAbove(above: Above | null): void;
  atExit(run: () => void): () => void;
  /** All data is out when it resolves. Rejects with what kept it in, such as a full disk; a reader that left is none of that. */
  flush(): Promise<void>;
}

/**
 * stdout is data, stderr is talk. Colours only where a stream is a terminal, and never against NO_COLOR or TERM=dumb;
 * FORCE_COLOR colours a pipe. Without a UTF-8 locale symbols become ASCII of the same width.
 * A reader that went away (EPIPE) ends the writing and nothing else.
 */
export const makeTerminal = (options: TerminalOptions): Terminal => {
  const { env } = options;
  const data = quietly(options.stdout);
  const stdout = data.write;
  const stderr = quietly(options.stderr).write;
  const text = speaksUtf8(env) ? (line: string) => line : toAscii;
  const stderrIsTTY = options.isTTY ?? options.stderr.isTTY === true;
  const stdoutIsTTY = options.isTTY ?? options.stdout.isTTY === true;
  let above: Above | null = null;
  const lookOf = (stream: OutputStream, isTTY: boolean): Look => ({
    colours: createColors(wantsColour(env, isTTY)),
    get columns() {
      return options.columns ?? (isTTY ? stream.columns : undefined) ?? numberIn(env["COLUMNS"]) ?? 80;
    },
  });
  const speak = (write: (chunk: string) => void, isTTY: boolean, said: string | string[]) => {
    const lines = typeof said === "string" ? said.replace(/\n$/, "").split("\n") : said;
    if (lines.length === 0) return;
    if (above !== null && isTTY) above(lines);
    else write(`${text(lines.join("\n"))}\n`);
  };
  return {
    stdout: lookOf(options.stdout, stdoutIsTTY),
    stderr: lookOf(options.stderr, stderrIsTTY),
    get rows() {
      return options.stderr.rows ?? 24;
    },
    live: stderrIsTTY && env["TERM"] !== "dumb" && !env["CI"],
    out: (data) => stdout(data),
    print: (lines) => speak(stdout, stdoutIsTTY, lines),
    talk: (said) => speak(stderr, stderrIsTTY, said),
    draw: (sequence) => stderr(text(sequence)),
    setAbove: (to) => void (above = to),
    atExit: options.atExit ?? atProcessExit,
    flush: data.flush,
  };
};

const atProcessExit = (run: () => void): (() => void) => {
  process.once("exit", run);
  return () => void process.off("exit", run);
};

const wantsColour = (env: TerminalOptions["env"], isTTY: boolean): boolean => {
  if (env["NO_COLOR"]) return false;
  const forced = env["FORCE_COLOR"];
  if (forced) return forced !== "0" && forced !== "false";
  return isTTY && env["TERM"] !== "dumb";
};

/** The first that is set decides, as POSIX says; macOS and Windows terminals speak UTF-8 without saying so. */
const speaksUtf8 = (env: TerminalOptions["env"]): boolean => {
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"];
  if (locale) return /utf-?8/i.test(locale);
  return Boolean(env["WT_SESSION"] || env["TERM_PROGRAM"]);
};

const numberIn = (text: string | undefined): number | undefined => {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : undefined;
};

const READER_LEFT = ["EPIPE", "EIO", "ERR_STREAM_DESTROYED"];

const quietly = (stream: OutputStream) => {
  let ended: NodeJS.ErrnoException | null = null;
  stream.on("error", (error: NodeJS.ErrnoException) => void (ended ??= error));
  return {
    write: (chunk: string): void => {
      if (ended === null) stream.write(chunk);
    },
    flush: async (): Promise<void> => {
      // What cannot be written is told in a later turn of the event loop.
      if (ended === null) await new Promise<void>((resolve) => void stream.write("", () => resolve()));
      await new Promise<void>((resolve) => void setImmediate(resolve));
      if (ended !== null && !READER_LEFT.includes(ended.code ?? "")) throw ended as Error;
    },
  };
};
