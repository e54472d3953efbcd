import type { Readable } from "node:stream";
import type { Clock } from "../../../ports/clock.ts";
import { makeLineSplitter } from "./line-splitter.ts";
import type { LogStream, ProcessLog } from "./process-log.ts";

const MAX_LINE_BYTES = 16 * 1024;
/** For output that is still in the pipe when the last process is gone. */
const OUTPUT_WITHIN_MS = 1_000;

/**
 * Every line of both streams goes to the log, the unfinished last ones at the end. A process that writes faster than the
 * disk is slowed down. After `end()` resolves nothing more is written, and no pipe is open.
 */
export const followOutput = (
  { stdout, stderr }: { stdout: Readable; stderr: Readable },
  { clock, log }: { clock: Clock; log: ProcessLog },
): { end(): Promise<void> } => {
  const done = Promise.all([pump(stdout, "o", log), pump(stderr, "e", log)]);
  return {
    end: async () => {
      // A process that could not be ended may hold a pipe open: it is not waited for.
      const enough = new AbortController();
      const late = clock.sleep(OUTPUT_WITHIN_MS, enough.signal).catch(() => {});
      await Promise.race([done, late]);
      enough.abort();
      stdout.destroy();
      stderr.destroy();
      await done;
    },
  };
};

const pump = async (stream: Readable, name: LogStream, log: ProcessLog): Promise<void> => {
  const splitter = makeLineSplitter(MAX_LINE_BYTES);
  try {
    for await (const chunk of stream) await log.write(name, splitter.push(chunk as Buffer));
  } catch {
    // Destroyed by end(); what came until then is kept.
  }
  await log.write(name, splitter.flush());
};
