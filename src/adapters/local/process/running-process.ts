import { statSync } from "node:fs";
import { randomBytes } from "node:crypto";
import type { ChildProcess } from "node:child_process";
import type { Clock } from "../../../ports/clock.ts";
import { execForm } from "../../../domain/exec-form.ts";
import { spawnOnLifeline, type LifelineChild } from "./lifeline.ts";
import { followOutput } from "./follow-output.ts";
import type { ProcessLog } from "./process-log.ts";
import type { ProcessTrees, TreeMember } from "./process-trees.ts";
import type { ProcessExit, ProcessSpec } from "./types.ts";

/** A process that the kernel cannot end (waiting for a dead disk) is given up after this long. */
const GONE_WITHIN_MS = 10_000;

export interface ProcessParts {
  clock: Clock;
  trees: ProcessTrees;
  log: ProcessLog;
}

export interface StartedProcess {
  pid: number;
  exited: Promise<ProcessExit>;
  stop(): void;
  /** Ends the whole tree at once; `exited` gives this as the reason. */
  kill(reason: ProcessExit): void;
}

/** Never throws: what kept the process from starting is the exit. */
export const startProcess = (spec: ProcessSpec, parts: ProcessParts): StartedProcess => {
  const { command, direct } = execForm(spec.command);
  const marker = `${spec.id}.${randomBytes(8).toString("hex")}`;
  let started: LifelineChild;
  try {
    started = spawnOnLifeline({
      argv: ["/bin/sh", "-c", command],
      cwd: spec.cwd,
      env: spec.env,
      marker,
      farewell: "KILL",
    });
  } catch (error) {
    return neverStarted(notStarted(spec, error), parts.log);
  }
  const { pid } = started.child;
  if (pid === undefined) return neverStarted(startFailure(started.child, spec), parts.log);
  parts.trees.track(pid, marker);
  return conduct({ ...started, pid, direct, spec }, parts);
};

interface Conducted extends LifelineChild {
  pid: number;
  /** The pid is the program's own; otherwise a shell stays in front of it. */
  direct: boolean;
  spec: ProcessSpec;
}

const conduct = (run: Conducted, { clock, trees, log }: ProcessParts): StartedProcess => {
  const { child, pid, direct, spec } = run;
  const ending = new AbortController();
  let stopping = false;
  let verdict: ProcessExit | null = null;

  // When the processes cannot be read, the kill of the group has to be enough.
  const members = async (): Promise<TreeMember[]> =>
    (await trees.scan().catch(() => new Map<number, TreeMember[]>())).get(pid) ?? [];
  const killGroup = (): void => void signal(-pid, "SIGKILL");
  const lateKill = async (): Promise<void> => {
    await clock.sleep(spec.stopMs, ending.signal);
    killGroup();
  };

  const lifecycle = async (): Promise<ProcessExit> => {
    const output = followOutput(run, { clock, log });
    const exit = await mainExit(child);
    // A shell in front of the program ends at once; the program gets the rest of its time.
    if (stopping && !direct) await groupEmpty(members, { clock, withinMs: spec.stopMs });
    killGroup();
    ending.abort();
    run.cut();
    if (!(await endTree(members, clock)))
      await log.write("s", [`[switchback] a process of ${spec.id} could not be ended`]);
    trees.forget(pid);
    await output.end();
    await log.close();
    return verdict ?? exit;
  };

  return {
    pid,
    exited: lifecycle(),
    stop: () => {
      if (stopping) return;
      stopping = true;
      // The watcher of the lifeline ignores SIGTERM.
      if (direct) child.kill("SIGTERM");
      else signal(-pid, "SIGTERM");
      lateKill().catch(() => {}); // ended in time
    },
    kill: (reason) => {
      verdict ??= reason;
      killGroup();
    },
  };
};

const mainExit = (child: ChildProcess): Promise<ProcessExit> =>
  new Promise((resolve) => {
    child.once("exit", (code, signalName) =>
      resolve(
        signalName === null
          ? { reason: "exited", code: code ?? 0 }
          : { reason: "signalled", signal: signalName },
      ),
    );
  });

/** Only the watcher is left (the main process is gone), or nobody. */
const groupEmpty = async (
  members: () => Promise<TreeMember[]>,
  { clock, withinMs }: { clock: Clock; withinMs: number },
): Promise<void> => {
  const until = clock.monotonicMs() + withinMs;
  while (clock.monotonicMs() < until && (await members()).length > 1) await clock.sleep(20);
};

/** Kills what is left of the tree until nothing is. False: something is still there. */
const endTree = async (members: () => Promise<TreeMember[]>, clock: Clock): Promise<boolean> => {
  const until = clock.monotonicMs() + GONE_WITHIN_MS;
  for (let pauseMs = 2; ; pauseMs = Math.min(200, pauseMs * 2)) {
    const left = await members();
    if (left.length === 0) return true;
    if (clock.monotonicMs() > until) return false;
    for (const { pid } of left) signal(pid, "SIGKILL");
    await clock.sleep(pauseMs);
  }
};

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already, which is what was wanted; or another user's (setuid), which cannot be ended from here.
  }
};

const neverStarted = (reason: Promise<ProcessExit>, log: ProcessLog): StartedProcess => ({
  pid: 0,
  exited: reason.then(async (exit) => {
    if (exit.reason === "not-started") await log.write("s", [`[switchback] ${exit.message}`]);
    await log.close();
    return exit;
  }),
  stop: () => {},
  kill: () => {},
});

const startFailure = async (child: ChildProcess, spec: ProcessSpec): Promise<ProcessExit> => {
  const error = await new Promise((resolve) => child.once("error", resolve));
  return notStarted(spec, error);
};

const notStarted = async (spec: ProcessSpec, error: unknown): Promise<ProcessExit> => {
  // Node names the shell when the folder is what cannot be found.
  const folder = statSync(spec.cwd, { throwIfNoEntry: false });
  const why =
    folder === undefined
      ? `the folder ${spec.cwd} does not exist`
      : folder.isDirectory()
        ? startWord(error)
        : `${spec.cwd} is not a folder`;
  return { reason: "not-started", message: `${spec.id} was not started: ${why}` };
};

/** Node's message for a null byte shows the value, which may be a secret. */
const startWord = (error: unknown): string => {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (code === "ERR_INVALID_ARG_VALUE") return "its command or a variable holds a null byte";
  return error instanceof Error ? error.message : String(error);
};
