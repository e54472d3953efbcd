/** One process (with all that it starts) under watch. */
export interface ProcessSpec {
  id: string;
  /** Run by `/bin/sh -c` in its own process group. */
  command: string;
  cwd: string;
  /** The whole environment; nothing is inherited. */
  env: Record<string, string>;
  /** Resident size of the whole tree above which it is killed; null: no limit. */
  memoryMb: number | null;
  stopMs: number;
  logFile: string;
}

export type ProcessExit =
  | { reason: "exited"; code: number }
  | { reason: "signalled"; signal: string }
  | { reason: "out-of-memory"; residentMb: number; limitMb: number }
  | { reason: "not-started"; message: string };

export interface RunningProcess {
  readonly pid: number;
  /** Settles once, when the main process and everything in its group are gone. */
  readonly exited: Promise<ProcessExit>;
  /** The last lines of stdout and stderr together, oldest first. */
  lastLines(count: number): string[];
  residentMb(): number;
  /** SIGTERM to the main process, SIGKILL to the group after `stopMs`. Safe to call twice. */
  stop(): Promise<ProcessExit>;
}

export interface ProcessRunner {
  /** Never throws for a command that cannot run: `exited` says so. The whole group dies with this process, even after SIGKILL. */
  start(spec: ProcessSpec): RunningProcess;
  /** Stops the memory watch; processes are to be stopped before. */
  close(): void;
}
