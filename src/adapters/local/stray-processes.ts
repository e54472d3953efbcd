import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { MARKER_VARIABLE } from "./process/lifeline.ts";

export interface Stray {
  pid: number;
  command: string;
}

/**
 * Processes that a supervisor of this project started: they work below its state folder and carry the mark of a lifeline.
 * With no supervisor each should have ended within seconds. Empty where there is no /proc.
 */
export const processesBelow = async (folders: string[]): Promise<Stray[]> => {
  if (process.platform !== "linux") return [];
  const real = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const cwd = readlinkSync(`/proc/${name}/cwd`);
        if (!real.some((folder) => cwd === folder || cwd.startsWith(`${folder}/`))) return [];
        if (!readFileSync(`/proc/${name}/environ`, "latin1").includes(`${MARKER_VARIABLE}=`)) return [];
        if (/^State:\s+[ZX]/m.test(readFileSync(`/proc/${name}/status`, "utf8"))) return [];
        const words = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").join(" ").trim();
        return [{ pid: Number(name), command: words.slice(0, 60) }];
      } catch {
        // It ended meanwhile, or is another user's.
        return [];
      }
    });
};
