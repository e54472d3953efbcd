import { open } from "node:fs/promises";

export interface LogLine {
  /** ISO 8601. */
  at: string;
  /** `o` stdout, `e` stderr, `s` Switchback's own word. */
  stream: string;
  text: string;
}

const CHUNK_BYTES = 256 * 1024;
const LINE = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) ([oes]) (.*)$/s;

const parseLine = (line: string): LogLine[] => {
  const found = LINE.exec(line);
  return found === null ? [] : [{ at: found[1] ?? "", stream: found[2] ?? "", text: found[3] ?? "" }];
};

export interface LogPart {
  lines: LogLine[];
  /** Where to go on reading. */
  nextByte: number;
}

/**
 * The whole lines of a process's log from a byte on, at most 256 KB of them at once. An absent file has none. A file that
 * has become shorter was begun anew, and is read from its start.
 */
export const readLogPart = async (file: string, fromByte: number): Promise<LogPart> => {
  const handle = await open(file, "r").catch(() => null);
  if (handle === null) return { lines: [], nextByte: fromByte };
  try {
    const { size } = await handle.stat();
    const start = size < fromByte ? 0 : fromByte;
    const buffer = Buffer.alloc(Math.min(CHUNK_BYTES, size - start));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
    const end = buffer.lastIndexOf(10, bytesRead - 1) + 1;
    const lines = buffer.toString("utf8", 0, end).split("\n").slice(0, -1).flatMap(parseLine);
    return { lines, nextByte: start + end };
  } finally {
    await handle.close();
  }
};

/** Each part of the file in turn, up to its end of now. */
export async function* logParts(file: string, fromByte = 0): AsyncGenerator<LogPart> {
  for (let from = fromByte; ;) {
    const part = await readLogPart(file, from);
    if (part.nextByte === from) return;
    yield part;
    from = part.nextByte;
  }
}
