import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "../../../domain/digest.ts";
import type { Artefacts } from "../../../ports/artefacts.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { CommandResult } from "../../../ports/platform.ts";
import type { RehearsalHost, RehearsedProcess } from "../../../ports/rehearsal.ts";
import { makeProcessRunner } from "../process/process-runner.ts";
import type { RunningProcess } from "../process/types.ts";
import { exitCodeOf, readStdout } from "../supervisor/commands.ts";
import { makePorts } from "../supervisor/free-port.ts";
import { makeTrees } from "../supervisor/trees.ts";
import { rehearsedVariables } from "./rehearsed-variables.ts";
import { untilServing } from "./until-serving.ts";

const KEPT_LINES = 100;

export interface RehearsalHostDeps {
  artefacts: Artefacts;
  clock: Clock;
  /** Of its own, made at first use, removed at the end. */
  folder: string;
  inherited: Readonly<Record<string, string | undefined>>;
}

/**
 * Releases on this machine, for a rehearsal: read-only trees, processes with the local platform's variables and no real secret,
 * on loopback ports. Whatever becomes of this process, none of theirs outlives it.
 */
export const makeRehearsalHost = ({
  artefacts,
  clock,
  folder,
  inherited,
}: RehearsalHostDeps): RehearsalHost => {
  const trees = makeTrees({ folder: join(folder, "trees"), artefacts });
  const runner = makeProcessRunner({ clock });
  const ports = makePorts();
  const running = new Set<RunningProcess>();
  const dummies = new Map<string, string>();
  let started = 0;

  const dummy = (name: string): string => {
    const value = dummies.get(name) ?? randomBytes(32).toString("hex");
    dummies.set(name, value);
    return value;
  };
  const start = async (process: RehearsedProcess, port: number | null) => {
    const id = `rehearsal.${process.service}.${(started += 1)}`;
    const { root } = await trees.ensure(process.tree);
    const temporary = join(folder, "tmp", id);
    const buckets = Object.fromEntries(process.buckets.map((name) => [name, join(folder, "buckets", name)]));
    for (const path of [temporary, ...Object.values(buckets)])
      await mkdir(path, { recursive: true, mode: 0o700 });
    const env = rehearsedVariables({ inherited, process, port, temporary, buckets, dummy });
    const logFile = join(folder, "logs", `${id}.log`);
    const { command, stopMs } = process;
    const one = runner.start({ id, command, cwd: root, env, memoryMb: null, stopMs, logFile });
    running.add(one);
    void one.exited.then(() => running.delete(one));
    return { one, logFile };
  };

  return {
    files: (tree, path) => readFiles(artefacts, tree, path),
    run: async (process, { signal, timeoutMs }) => {
      signal.throwIfAborted();
      const { one, logFile } = await start(process, null);
      const timeout = AbortSignal.timeout(timeoutMs);
      const ending = AbortSignal.any([signal, timeout]);
      const stop = (): void => void one.stop();
      ending.addEventListener("abort", stop, { once: true });
      if (ending.aborted) stop();
      const exit = await one.exited;
      ending.removeEventListener("abort", stop);
      signal.throwIfAborted();
      const lines = one.lastLines(KEPT_LINES);
      if (timeout.aborted) lines.push(`It was stopped after ${timeoutMs / 1000} s.`);
      return { exitCode: exitCodeOf(exit), lines, stdout: await readStdout(logFile) } satisfies CommandResult;
    },
    serve: async (service, { signal }) => {
      signal.throwIfAborted();
      const port = await ports.take();
      const { one } = await start(service, port);
      void one.exited.then(() => ports.giveBack(port));
      return untilServing(one, { service, port, clock, signal });
    },
    close: async () => {
      await Promise.all([...running].map((one) => one.stop()));
      runner.close();
      await trees.sweep(() => new Set());
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const readFiles = async (artefacts: Artefacts, tree: Digest, folder: string) => {
  const tidy = folder.replace(/^\.\//, "").replace(/\/$/, "");
  const prefix = tidy === "." || tidy === "" ? "" : `${tidy}/`;
  const { entries } = await artefacts.readTree(tree);
  const wanted = Object.entries(entries)
    .filter(([path]) => path.startsWith(prefix))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Promise.all(
    wanted.flatMap(([path, entry]) =>
      entry.type === "file"
        ? artefacts
            .readBlob(entry.sha256)
            .then((bytes) => ({ path: path.slice(prefix.length), text: Buffer.from(bytes).toString("utf8") }))
        : [],
    ),
  );
};
