import { execFile } from "node:child_process";
import { readFile, readlink, realpath } from "node:fs/promises";
import { promisify } from "node:util";
import type { Clock } from "../../ports/clock.ts";
import { identityOf } from "./process-identity.ts";

const POLL_MS = 10;

export interface LeftoverOptions {
  /** Where the server wrote its pid, alone or in the first line. */
  pidFile: string;
  /** The data folder, in which the server works. */
  folder: string;
  /** Part of the command line by which it is known where a process's folder cannot be asked for. */
  named: string;
  /** How long a server may take that was told to end, until it is told by a stronger signal. */
  steps: { afterMs: number; signal: NodeJS.Signals }[];
}

const serves = async (pid: number, folder: string, named: string): Promise<boolean> => {
  if ((await identityOf(pid)) === null) return false;
  if (process.platform === "linux") return (await readlink(`/proc/${pid}/cwd`).catch(() => "")) === folder;
  const ps = promisify(execFile)("/bin/ps", ["-ww", "-o", "command=", "-p", String(pid)]);
  return (await ps.catch(() => ({ stdout: "" }))).stdout.includes(named);
};

/**
 * After this no server of an earlier supervisor works on the folder: one that still runs was told to end by its lifeline,
 * is waited for, then stopped. A number that is still given, to a process that merely got it or to a server that has ended
 * and whose end nobody has asked for yet, is returned: others may take it for the server.
 */
export const endLeftoverServer = async (
  { pidFile, folder, named, steps }: LeftoverOptions,
  { clock, signal }: { clock: Clock; signal: AbortSignal | undefined },
): Promise<{ stillGiven: number | null }> => {
  const text = await readFile(pidFile, "utf8").catch(() => "");
  const pid = Number.parseInt(text, 10);
  if (!(pid > 0)) return { stillGiven: null };
  const real = await realpath(folder);
  const left = [...steps];
  for (const startMs = clock.monotonicMs(); await serves(pid, real, named);) {
    const next = left[0];
    if (next !== undefined && clock.monotonicMs() - startMs > next.afterMs) {
      left.shift();
      process.kill(pid, next.signal);
    }
    await clock.sleep(POLL_MS, signal);
  }
  return { stillGiven: isGiven(pid) ? pid : null };
};

const isGiven = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};
