import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import type { Liveness, ProcessIdentity } from "../../ports/liveness.ts";

/** Tells whether a process of this machine and this boot still is, from /proc, or from `ps` where there is none. */
export const makeLiveness = (): Liveness => {
  const machine = `${hostname()} ${bootOf()}`;
  let own: ProcessIdentity | null = null;
  return {
    self: () =>
      (own ??= {
        actor: `${userName()}@${hostname()}`,
        machine,
        pid: process.pid,
        started: startOf(process.pid) ?? "unknown",
      }),
    look: (identity) => {
      if (identity.machine !== machine || identity.started === "unknown") return "unknown";
      const started = startOf(identity.pid);
      return started === identity.started ? "alive" : "dead";
    },
  };
};

const userName = (): string => {
  try {
    return userInfo().username;
  } catch {
    // A container's user may have no entry in passwd.
    return String(process.getuid?.() ?? "unknown");
  }
};

const bootOf = (): string => {
  try {
    if (process.platform === "linux") return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return execFileSync("/usr/sbin/sysctl", ["-n", "kern.boottime"], { encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
};

/** When the process started, in the system's own words; null when none of that number runs. */
const startOf = (pid: number): string | null => {
  try {
    if (process.platform !== "linux")
      return (
        execFileSync("/bin/ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || null
      );
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command's name is in parentheses and may hold anything: fields are counted from behind it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
};

/** Whether a process of that number runs on this machine, whichever it is. */
export const isRunning = (pid: number): boolean => startOf(pid) !== null;
