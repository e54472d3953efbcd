import { spawn } from "node:child_process";
import { open, readFile, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { AppError, isAppError } from "../../domain/errors.ts";
import type { Clock } from "../../ports/clock.ts";
import { callSupervisor } from "./client.ts";
import { makeFolder, translateWriteError } from "./durable-file.ts";
import { isAlive, type ProcessIdentity } from "./process-identity.ts";
import { holderOf } from "./process-lock.ts";
import { pidFileOf } from "./supervisor/socket-path.ts";
import type { SupervisorInfo } from "./supervisor/supervisor-info.ts";

const START_WITHIN_MS = 30_000;
const ANSWER_WITHIN_MS = 5_000;
const END_WITHIN_MS = 10_000;
const POLL_MS = 15;
const SHOWN_LINES = 10;

/** What runs, or null when nothing listens. Throws SUPERVISOR_DOWN when something listens and does not answer. */
export const supervisorOn = async (socketPath: string): Promise<SupervisorInfo | null> => {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  try {
    return (await callSupervisor(socketPath, { method: "GET", path: "/v1/info", signal })) as SupervisorInfo;
  } catch (error) {
    if (signal.aborted)
      throw new AppError(
        "SUPERVISOR_DOWN",
        `The local supervisor runs, but gave no answer in ${ANSWER_WITHIN_MS / 1000} s.`,
        { hint: "end it with: switchback down; the next command starts it anew" },
      );
    if (isAppError(error, "SUPERVISOR_DOWN")) return null;
    throw error;
  }
};

export interface StartOptions {
  socketPath: string;
  stateDir: string;
  projectDir: string;
  /** Runs it in the foreground: `node dist/main.js up`. */
  command: [string, ...string[]];
  env: NodeJS.ProcessEnv;
  clock: Clock;
  signal?: AbortSignal;
}

/**
 * A supervisor runs when this returns: the one there was, one that somebody else started just now, or one started in the
 * background that outlives this process. Throws SUPERVISOR_START_FAILED with its last lines.
 */
export const ensureSupervisor = async (options: StartOptions): Promise<SupervisorInfo> => {
  const running = await supervisorOn(options.socketPath);
  if (running !== null) return running;
  const { stateDir, clock, socketPath } = options;
  await makeFolder(stateDir, 0o700);
  const logFile = join(stateDir, "supervisor.log");
  const { fromByte, end, pid, kill } = await startDetached(options, logFile);
  for (const deadlineMs = clock.monotonicMs() + START_WITHIN_MS; clock.monotonicMs() < deadlineMs;) {
    await clock.sleep(POLL_MS, options.signal);
    const info = await supervisorOn(socketPath);
    if (info !== null) {
      // Somebody else's was faster. Ours must not come up late, when that one has been stopped again.
      if (info.pid !== pid) kill();
      return info;
    }
    // Two that start at once: the one that did not get the lock waits for the other's answer.
    if (end() !== null && (await holderOf(join(stateDir, "lock"))) === null) break;
  }
  const lines = (await readFile(logFile))
    .subarray(fromByte)
    .toString("utf8")
    .trimEnd()
    .split("\n")
    .slice(-SHOWN_LINES);
  throw new AppError(
    "SUPERVISOR_START_FAILED",
    `The local supervisor did not start: ${end() ?? "it did not answer in time"}.`,
    {
      hint: "its last lines say why; run it yourself with: switchback up",
      context: { lines, logFile },
    },
  );
};

/** Something is written first: on a full disk a supervisor could not even say why it ended. */
const openLog = async (logFile: string): Promise<FileHandle> => {
  try {
    const log = await open(logFile, "a", 0o600);
    await log.appendFile(`${new Date().toISOString()} starting\n`).catch(async (error: unknown) => {
      await log.close();
      throw error;
    });
    return log;
  } catch (error) {
    throw translateWriteError(error, logFile);
  }
};

const startDetached = async (
  { command: [program, ...args], projectDir, env }: StartOptions,
  logFile: string,
): Promise<{ fromByte: number; end: () => string | null; pid: number | undefined; kill: () => void }> => {
  const log = await openLog(logFile);
  const fromByte = (await log.stat()).size;
  let end: string | null = null;
  try {
    const stdio: ["ignore", number, number] = ["ignore", log.fd, log.fd];
    const child = spawn(program, args, { cwd: projectDir, env, detached: true, stdio });
    child.once("error", (error) => (end = error.message));
    child.once("exit", (code, signal) => {
      end = signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`;
    });
    child.unref();
    return { fromByte, end: () => end, pid: child.pid, kill: () => void child.kill("SIGTERM") };
  } finally {
    await log.close();
  }
};

const processOn = async (socketPath: string): Promise<ProcessIdentity | null> => {
  const text = await readFile(pidFileOf(socketPath), "utf8").catch(() => "null");
  try {
    const identity = JSON.parse(text) as ProcessIdentity | null;
    return identity !== null && (await isAlive(identity)) ? identity : null;
  } catch {
    return null;
  }
};

/**
 * Nothing of it runs any more when this returns: drained and stopped in order, or ended by force when it does not answer
 * (its children end with it, and PostgreSQL recovers at the next start). False: nothing ran.
 */
export const stopSupervisor = async (
  socketPath: string,
  { clock, onProgress }: { clock: Clock; onProgress: (text: string) => void },
): Promise<boolean> => {
  const running = await processOn(socketPath);
  const answers = await supervisorOn(socketPath).catch((error: unknown) => {
    if (isAppError(error, "SUPERVISOR_DOWN")) return null;
    throw error;
  });
  if (answers !== null)
    await callSupervisor(socketPath, { path: "/v1/stop", onProgress }).catch((error: unknown) => {
      // It may end before its last word is out.
      if (!isAppError(error, "SUPERVISOR_DOWN")) throw error;
    });
  if (running === null) return answers !== null;
  if (answers !== null && (await endsIn(running, { clock, withinMs: END_WITHIN_MS }))) return true;
  onProgress(`process ${running.pid} does not answer: it is ended by force`);
  process.kill(running.pid, "SIGKILL");
  await endsIn(running, { clock, withinMs: END_WITHIN_MS });
  return true;
};

const endsIn = async (
  identity: ProcessIdentity,
  { clock, withinMs }: { clock: Clock; withinMs: number },
): Promise<boolean> => {
  for (const deadlineMs = clock.monotonicMs() + withinMs; clock.monotonicMs() < deadlineMs;) {
    if (!(await isAlive(identity))) return true;
    await clock.sleep(POLL_MS);
  }
  return false;
};
