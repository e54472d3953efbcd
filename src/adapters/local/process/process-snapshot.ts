import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { MARKER_VARIABLE } from "./lifeline.ts";

export interface ProcessRow {
  parent: number;
  group: number;
  /** Together with the pid it names one process for ever. */
  startedAt: string;
}

/** The processes of the machine, as of one moment. A process that ended, or is a zombie, is null. */
export interface ProcessSnapshot {
  pids: number[];
  row(pid: number): ProcessRow | null;
  residentKb(pid: number): number;
  /** What SWITCHBACK_PROCESS was when the process was started; null also where this cannot be read. */
  marker(pid: number): string | null;
}

export type TakeSnapshot = () => Promise<ProcessSnapshot>;

const readProc = (pid: number, file: string): string | null => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return null; // ended meanwhile, or another user's
  }
};

const rowFromStat = (stat: string): ProcessRow | null => {
  // The name stands in parentheses and may hold anything: fields are counted from the last ")". proc_pid_stat(5)
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, parent, group] = fields;
  if (state === "Z" || state === "X") return null;
  return { parent: Number(parent), group: Number(group), startedAt: fields[19] ?? "" };
};

/** Reads /proc on demand, one small file for each question: a scan costs about what it looks at. */
export const procSnapshot: TakeSnapshot = () =>
  Promise.resolve({
    pids: readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : [])),
    row: (pid) => {
      const stat = readProc(pid, "stat");
      return stat === null ? null : rowFromStat(stat);
    },
    residentKb: (pid) => Number(/^VmRSS:\s+(\d+) kB/m.exec(readProc(pid, "status") ?? "")?.[1] ?? 0),
    marker: (pid) => {
      const start = `${MARKER_VARIABLE}=`;
      const found = readProc(pid, "environ")
        ?.split("\0")
        .find((entry) => entry.startsWith(start));
      return found?.slice(start.length) ?? null;
    },
  });

const PS_LINE = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/;

/** Asks `ps` once, for systems without /proc. */
export const psSnapshot: TakeSnapshot = async () => {
  const { stdout } = await promisify(execFile)("ps", ["-axo", "pid=,ppid=,pgid=,rss=,stat=,lstart="], {
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
  });
  const rows = new Map<number, ProcessRow & { residentKb: number }>();
  for (const line of stdout.split("\n")) {
    const [, pid, parent, group, residentKb, state, startedAt] = PS_LINE.exec(line) ?? [];
    if (startedAt === undefined || state?.startsWith("Z")) continue;
    rows.set(Number(pid), {
      parent: Number(parent),
      group: Number(group),
      startedAt,
      residentKb: Number(residentKb),
    });
  }
  return {
    pids: [...rows.keys()],
    row: (pid) => rows.get(pid) ?? null,
    residentKb: (pid) => rows.get(pid)?.residentKb ?? 0,
    marker: () => null,
  };
};
