import { spawn } from "node:child_process";
import { once } from "node:events";
import { open, type FileHandle } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";
import type { Clock } from "../../ports/clock.ts";

export interface ProgramRun {
  path: string;
  args: string[];
  cwd: string;
  env: Record<string, string | undefined>;
  /** Everything that it prints, for its owner only. */
  log: string;
  onStart: (pid: number) => Promise<void>;
  onLine: (line: string) => void;
  interrupt: AbortSignal | undefined;
  abort: AbortSignal | undefined;
  clock: Clock;
}

export interface ProgramEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

const LOOK_MS = 100;

/**
 * Runs it to its end and tells each line. It prints into a file and has a session of its own: when this process is killed
 * or its terminal closes, the program goes on, saves its state and gives its lock back, instead of dying at a broken pipe.
 * `interrupt` and `abort` send SIGINT, each once: the first lets it finish what it has begun, the second ends it.
 */
export const runProgram = async (run: ProgramRun): Promise<ProgramEnd> => {
  const out = await open(run.log, "w", 0o600);
  const inn = await open(run.log, "r");
  try {
    const child = spawn(run.path, run.args, {
      cwd: run.cwd,
      env: run.env,
      detached: true,
      stdio: ["ignore", out.fd, out.fd],
    });
    const ended = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
    let over = false;
    void ended.then(
      () => (over = true),
      () => (over = true),
    );
    await once(child, "spawn");
    await run.onStart(child.pid!);
    const undo = [run.interrupt, run.abort].map((signal) =>
      onAbort(signal, () => over || child.kill("SIGINT")),
    );
    const tail = makeTail(inn, run.onLine);
    try {
      while (!over) {
        await tail.read();
        await Promise.race([ended, run.clock.sleep(LOOK_MS)]);
      }
      await tail.read();
      tail.end();
    } finally {
      for (const forget of undo) forget();
    }
    const [code, signal] = await ended;
    return { code, signal };
  } finally {
    await out.close();
    await inn.close();
  }
};

const onAbort = (signal: AbortSignal | undefined, run: () => void): (() => void) => {
  if (signal === undefined) return () => undefined;
  if (signal.aborted) run();
  else signal.addEventListener("abort", run, { once: true });
  return () => signal.removeEventListener("abort", run);
};

/** The lines of a file that grows. */
const makeTail = (file: FileHandle, onLine: (line: string) => void) => {
  const decoder = new StringDecoder("utf8");
  const buffer = Buffer.alloc(65_536);
  let position = 0;
  let rest = "";
  return {
    read: async (): Promise<void> => {
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
        if (bytesRead === 0) return;
        position += bytesRead;
        const lines = (rest + decoder.write(buffer.subarray(0, bytesRead))).split("\n");
        rest = lines.pop()!;
        for (const line of lines) onLine(line);
      }
    },
    end: (): void => {
      if (rest !== "") onLine(rest);
    },
  };
};
