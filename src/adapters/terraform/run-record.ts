import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A run of the program that was begun from this folder and has not been seen to end. */
export interface RunRecord {
  pid: number;
  operation: string;
  /** ISO 8601. */
  startedAt: string;
  log: string;
}

const FILE = "run.json";

/** Null: the last run ended in an orderly way. A damaged record is none. */
export const readRun = async (stateDir: string): Promise<RunRecord | null> => {
  try {
    const { pid, operation, startedAt, log } = JSON.parse(
      await readFile(join(stateDir, FILE), "utf8"),
    ) as Partial<RunRecord>;
    return typeof pid === "number" && typeof startedAt === "string"
      ? { pid, operation: String(operation), startedAt, log: String(log) }
      : null;
  } catch {
    return null;
  }
};

export const writeRun = (stateDir: string, run: RunRecord): Promise<void> =>
  writeFile(join(stateDir, FILE), `${JSON.stringify(run)}\n`, { mode: 0o600 });

export const forgetRun = (stateDir: string): Promise<void> => rm(join(stateDir, FILE), { force: true });
