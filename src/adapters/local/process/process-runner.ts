import type { Clock } from "../../../ports/clock.ts";
import { openProcessLog } from "./process-log.ts";
import { procSnapshot, psSnapshot, type TakeSnapshot } from "./process-snapshot.ts";
import { makeProcessTrees } from "./process-trees.ts";
import { startProcess, type StartedProcess } from "./running-process.ts";
import type { ProcessRunner, ProcessSpec, RunningProcess } from "./types.ts";

const MEMORY_WATCH_MS = 500;

export interface ProcessRunnerDeps {
  clock: Clock;
  /** How the machine's processes are read; by default /proc on Linux and `ps` elsewhere. */
  takeSnapshot?: TakeSnapshot;
}

interface Watched {
  spec: ProcessSpec;
  started: StartedProcess;
  residentMb: number;
}

/**
 * Runs commands so that nothing of them is left behind: not after they end, not after stop(), and not after SIGKILL of
 * this process (see `spawnOnLifeline` for what remains). One scan in 500 ms measures all of them; a tree above its memory
 * is killed and its exit says so. Memory that grows faster is the operating system's to refuse.
 */
export const makeProcessRunner = ({ clock, takeSnapshot }: ProcessRunnerDeps): ProcessRunner => {
  const trees = makeProcessTrees(takeSnapshot ?? (process.platform === "linux" ? procSnapshot : psSnapshot));
  const running = new Map<number, Watched>();
  let timer: NodeJS.Timeout | null = null;
  let scanning = false;

  const measure = async (): Promise<void> => {
    for (const [pid, members] of await trees.scan()) {
      const watched = running.get(pid);
      if (watched === undefined) continue;
      const residentMb = members.reduce((sum, { residentKb }) => sum + residentKb, 0) / 1024;
      watched.residentMb = residentMb;
      const limitMb = watched.spec.memoryMb;
      if (limitMb !== null && residentMb > limitMb)
        watched.started.kill({ reason: "out-of-memory", residentMb: Math.round(residentMb), limitMb });
    }
  };
  const tick = (): void => {
    if (scanning) return;
    scanning = true;
    measure()
      .catch(() => {}) // `ps` refused once (no process free); the next round measures again
      .finally(() => (scanning = false));
  };
  const watch = (): void => {
    if (running.size > 0) timer ??= setInterval(tick, MEMORY_WATCH_MS).unref();
    else if (timer !== null) {
      clearInterval(timer);
      timer = null;
    }
  };

  const start = (spec: ProcessSpec): RunningProcess => {
    const log = openProcessLog({ file: spec.logFile, clock });
    const started = startProcess(spec, { clock, trees, log });
    const watched: Watched = { spec, started, residentMb: 0 };
    if (started.pid !== 0) running.set(started.pid, watched);
    watch();
    const exited = started.exited.finally(() => {
      if (running.get(started.pid) === watched) running.delete(started.pid);
      watch();
    });
    return {
      pid: started.pid,
      exited,
      lastLines: log.lastLines,
      residentMb: () => Math.round(watched.residentMb),
      stop: () => {
        started.stop();
        return exited;
      },
    };
  };

  return {
    start,
    close: () => {
      running.clear();
      watch();
    },
  };
};
