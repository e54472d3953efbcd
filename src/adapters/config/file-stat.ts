import { statSync } from "node:fs";
import type { FileStat } from "./types.ts";

/** Some file systems count in seconds: a younger file may change again without its times showing it, as git's index knows. */
const RACY_MS = 2_000;

export interface ReadStat {
  stat: FileStat;
  /** The times are old enough to tell every later change. */
  settled: boolean;
}

/** Size and times of a file, or null when there is none. Links are followed. */
export const readStat = (path: string, nowMs: number): ReadStat | null => {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) return null;
  const youngest = Math.max(Number(stat.mtimeMs), Number(stat.ctimeMs));
  return {
    stat: { size: String(stat.size), mtimeNs: String(stat.mtimeNs), ctimeNs: String(stat.ctimeNs) },
    settled: nowMs - youngest > RACY_MS,
  };
};

export const sameStat = (a: FileStat, b: FileStat): boolean =>
  a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;
