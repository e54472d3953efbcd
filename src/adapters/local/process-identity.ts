import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** One process of this machine, told apart from a later one that got the same number. */
export interface ProcessIdentity {
  pid: number;
  /** Opaque: when the process started, in the system's own words. */
  started: string;
}

const onLinux = async (pid: number): Promise<string | null> => {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (text === null) return null;
  // The command's name is in parentheses and may hold anything: the fields are counted from the last one.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  // A zombie has ended; only its parent has not asked yet.
  if (state === "Z" || state === "X") return null;
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  return `${boot.trim()}:${fields[19] ?? ""}`;
};

const byPs = async (pid: number): Promise<string | null> => {
  const run = promisify(execFile);
  const found = await run("/bin/ps", ["-o", "stat=,lstart=", "-p", String(pid)]).catch(() => null);
  const text = found?.stdout.trim() ?? "";
  return text === "" || text.startsWith("Z") ? null : text.replace(/^\S+\s+/, "");
};

/** Null when no process of that number runs. */
export const identityOf = async (pid: number): Promise<ProcessIdentity | null> => {
  const started = process.platform === "linux" ? await onLinux(pid) : await byPs(pid);
  return started === null ? null : { pid, started };
};

/** Whether that very process still runs. */
export const isAlive = async (identity: ProcessIdentity): Promise<boolean> =>
  (await identityOf(identity.pid))?.started === identity.started;
