import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as wait } from "node:timers/promises";
import { AppError, isAppError } from "../../domain/errors.ts";
import type { Env } from "./git.ts";

export interface BuildCommand {
  /** Who wants it, for people. */
  label: string;
  command: string;
  cwd: string;
  env: Env;
  logFile: string;
  onLine: (line: string) => void;
  signal: AbortSignal;
}

const LAST_LINES = 40;
/** From SIGTERM to SIGKILL. */
const STOP_MS = 5_000;
/** How long output that is on its way may take to arrive once the command has ended. */
const DRAIN_MS = 1_000;

/**
 * Runs a build command to its end; nothing that it started outlives it, whether it ends, fails or is aborted.
 * Throws BUILD_FAILED with its last lines, INTERRUPTED when the signal aborts it.
 */
export const runBuildCommand = async (build: BuildCommand): Promise<void> => {
  if (build.signal.aborted) throw interrupted(build);
  const log = openSync(build.logFile, "w", 0o644);
  try {
    const lines: string[] = [];
    const child = start(build, (line) => {
      lines.push(line);
      if (lines.length > LAST_LINES) lines.shift();
      writeSync(log, `${line}\n`);
      build.onLine(line);
    });
    const end = await ended(child, build.signal);
    if (build.signal.aborted) throw interrupted(build);
    if (end.error !== null || end.code !== 0) throw failed(build, end, lines);
  } finally {
    closeSync(log);
  }
};

const start = (build: BuildCommand, onLine: (line: string) => void): ChildProcess => {
  // A group of its own: a command's children are stopped with it.
  const child = spawn("sh", ["-c", build.command], {
    cwd: build.cwd,
    env: build.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    const decoder = new StringDecoder("utf8");
    let rest = "";
    stream.on("data", (data: Buffer) => {
      const parts = (rest + decoder.write(data)).split("\n");
      rest = parts.pop()!;
      for (const line of parts) onLine(line.replace(/\r$/, ""));
    });
    stream.on("end", () => {
      if (rest !== "") onLine(rest);
    });
  }
  return child;
};

interface End {
  code: number | null;
  signal: string | null;
  error: Error | null;
}

const ended = async (child: ChildProcess, signal: AbortSignal): Promise<End> => {
  let kill: NodeJS.Timeout | undefined;
  const stop = (): void => {
    signalGroup(child, "SIGTERM");
    kill = setTimeout(() => signalGroup(child, "SIGKILL"), STOP_MS);
  };
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const exited = new Promise<End>((resolve) => {
    child.once("error", (error) => resolve({ code: null, signal: null, error }));
    child.once("exit", (code, by) => resolve({ code, signal: by, error: null }));
  });
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    const end = await exited;
    // What was left in the background would go on writing into the output, and hold the pipes open.
    signalGroup(child, "SIGKILL");
    await Promise.race([closed, wait(DRAIN_MS, undefined, { ref: false })]);
    return end;
  } finally {
    signal.removeEventListener("abort", stop);
    clearTimeout(kill);
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
};

const signalGroup = (child: ChildProcess, name: "SIGTERM" | "SIGKILL"): void => {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    // ESRCH: nobody of the group is left. EPERM (macOS): only the ended leader is.
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
};

const failed = (build: BuildCommand, end: End, lines: string[]): AppError => {
  const how =
    end.error !== null
      ? `could not be started: ${end.error.message}`
      : end.signal !== null
        ? `was ended by ${end.signal}`
        : `ended with exit code ${end.code}`;
  return new AppError("BUILD_FAILED", `The build of ${build.label} ${how}: ${build.command}`, {
    hint: `run it by hand in ${build.cwd}; all of its output is in ${build.logFile}`,
    context: {
      part: build.label,
      command: build.command,
      exitCode: end.code,
      signal: end.signal,
      log: build.logFile,
      lines,
    },
    ...(end.error === null ? {} : { cause: end.error }),
  });
};

const interrupted = (build: BuildCommand): unknown =>
  isAppError(build.signal.reason)
    ? build.signal.reason
    : new AppError("INTERRUPTED", `The build of ${build.label} was told to stop`, {
        hint: "nothing was deployed; run the command again",
        cause: build.signal.reason,
      });
