import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../../ports/clock.ts";
import { endLeftoverServer } from "../leftover-server.ts";

/**
 * After this no server of an earlier supervisor works on the data. When the number in postmaster.pid is still
 * given, to a stranger or to what is left of the old server until its end is asked for, PostgreSQL would refuse to start;
 * the number is replaced by that of an ended process, and the rest of the file is kept, because by it PostgreSQL sees
 * whether a backend of the old server still lives.
 */
export const settleLeftover = async (
  data: string,
  deps: { clock: Clock; signal: AbortSignal | undefined },
): Promise<void> => {
  const pidFile = join(data, "postmaster.pid");
  const steps = [
    { afterMs: 3_000, signal: "SIGQUIT" as const },
    { afterMs: 10_000, signal: "SIGKILL" as const },
  ];
  const { stillGiven } = await endLeftoverServer({ pidFile, folder: data, named: `-D ${data}`, steps }, deps);
  if (stillGiven === null) return;
  const ended = spawnSync("/bin/sh", ["-c", ":"]).pid;
  const left = await readFile(pidFile, "utf8").catch(() => "");
  if (Number.parseInt(left, 10) === stillGiven) await writeFile(pidFile, left.replace(/^\d+/, String(ended)));
};
