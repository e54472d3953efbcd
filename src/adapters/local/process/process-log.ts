import { mkdir, open, rename, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import type { Clock } from "../../../ports/clock.ts";

const MAX_FILE_BYTES = 5 * 1024 * 1024;
const LINES_IN_MEMORY = 200;

/** `o` is stdout, `e` is stderr, `s` is Switchback's own word. */
export type LogStream = "o" | "e" | "s";

export interface ProcessLog {
  /** Resolves when the lines are in the file, so a writer that waits is slowed down to what the disk can take. Never rejects. */
  write(stream: LogStream, lines: string[]): Promise<void>;
  /** The last lines without time and stream, oldest first; at most 200 are kept. */
  lastLines(count: number): string[];
  close(): Promise<void>;
}

/**
 * Appends lines to a file (`2026-01-31T09:00:00.000Z o text`), readable by its owner alone. Above 5 MB it becomes
 * `<file>.1`, in place of the one before. A disk that is full or a folder that cannot be written costs lines in the file,
 * never the process: the last lines in memory say what happened.
 */
export const openProcessLog = (options: {
  file: string;
  clock: Clock;
  maxFileBytes?: number;
}): ProcessLog => {
  const { file, clock, maxFileBytes = MAX_FILE_BYTES } = options;
  const recent: string[] = [];
  let handle: FileHandle | null = null;
  let bytes = 0;
  let failed = false;
  let last: Promise<void> = Promise.resolve();

  const remember = (line: string): void => {
    recent.push(line);
    if (recent.length > LINES_IN_MEMORY) recent.shift();
  };
  const openFile = async (): Promise<FileHandle> => {
    await mkdir(dirname(file), { recursive: true });
    const opened = await open(file, "a", 0o600);
    bytes = (await opened.stat()).size;
    return opened;
  };
  const append = async (text: Buffer): Promise<void> => {
    handle ??= await openFile();
    if (bytes > 0 && bytes + text.length > maxFileBytes) {
      await handle.close();
      handle = null;
      await rename(file, `${file}.1`);
      handle = await openFile();
    }
    await handle.appendFile(text);
    bytes += text.length;
  };
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    last = last.then(work).catch((error: unknown) => {
      if (!failed) remember(`[switchback] the log ${file} cannot be written: ${String(error)}`);
      failed = true;
    });
    return last;
  };

  return {
    write: (stream, lines) => {
      if (lines.length === 0) return Promise.resolve();
      lines.forEach(remember);
      const at = new Date(clock.nowMs()).toISOString();
      return inTurn(() => append(Buffer.from(lines.map((line) => `${at} ${stream} ${line}\n`).join(""))));
    },
    lastLines: (count) => (count > 0 ? recent.slice(-count) : []),
    close: () =>
      inTurn(async () => {
        const closing = handle;
        handle = null;
        await closing?.close();
      }),
  };
};
