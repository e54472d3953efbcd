import { randomBytes } from "node:crypto";
import type { Clock } from "../../../ports/clock.ts";
import { followOutput } from "./follow-output.ts";
import { spawnOnLifeline, type LifelineSpawn } from "./lifeline.ts";
import { openProcessLog } from "./process-log.ts";

export interface BackingServerSpec extends Omit<LifelineSpawn, "marker"> {
  name: string;
  logFile: string;
}

/** A server that Switchback runs for the app: PostgreSQL, Redis. Ends with this process, even after SIGKILL. */
export interface BackingServer {
  /** Settles when the main process is gone and its output is in the log; never rejects. */
  readonly exited: Promise<{ how: string; lines: string[] }>;
  readonly hasExited: () => boolean;
  lastLines(count: number): string[];
  /** Sends each signal in turn and gives it its time; after the last, SIGKILL to the group. */
  end(signals: { signal: NodeJS.Signals; withinMs: number }[]): Promise<void>;
}

export const startBackingServer = (spec: BackingServerSpec, { clock }: { clock: Clock }): BackingServer => {
  const log = openProcessLog({ file: spec.logFile, clock });
  const run = spawnOnLifeline({ ...spec, marker: `${spec.name}.${randomBytes(8).toString("hex")}` });
  const { child } = run;
  let over = false;

  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal === null ? `exit code ${code}` : signal));
  });
  const conduct = async (): Promise<{ how: string; lines: string[] }> => {
    if (child.pid === undefined) return { how: await ended, lines: [] };
    const output = followOutput(run, { clock, log });
    const how = await ended;
    over = true;
    killGroup(child.pid);
    run.cut();
    await output.end();
    await log.close();
    return { how, lines: log.lastLines(40) };
  };
  const exited = conduct();

  return {
    exited,
    hasExited: () => over,
    lastLines: log.lastLines,
    end: async (signals) => {
      for (const { signal, withinMs } of signals) {
        if (over) break;
        child.kill(signal);
        await Promise.race([ended, sleepUntil(ended, { clock, withinMs })]);
      }
      if (!over && child.pid !== undefined) killGroup(child.pid);
      await exited;
    },
  };
};

/** A sleep whose timer does not outlive what was waited for. */
const sleepUntil = async (
  settled: Promise<unknown>,
  { clock, withinMs }: { clock: Clock; withinMs: number },
): Promise<void> => {
  const enough = new AbortController();
  void settled.then(() => enough.abort());
  await clock.sleep(withinMs, enough.signal).catch(() => {});
};

const killGroup = (group: number): void => {
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
};
