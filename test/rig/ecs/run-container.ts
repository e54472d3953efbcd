import { spawn } from "node:child_process";
import type { ContainerLog } from "./container-log.ts";
import type { ContainerDefinition } from "./definition.ts";

export interface RunningContainer {
  /** Its exit code; 128 and the signal's number where a signal ended it, as Docker tells it. */
  ended: Promise<number>;
  /** SIGTERM, and SIGKILL when it is still there after `graceMs`. */
  stop(options: { graceMs: number }): void;
}

const SIGNALS: Record<string, number> = { SIGTERM: 15, SIGKILL: 9, SIGINT: 2, SIGHUP: 1 };

/** Only root may become another user; everybody else runs it as himself. */
const userOf = ({ user }: ContainerDefinition): { uid?: number; gid?: number } => {
  const [uid, gid = uid] = (user ?? "").split(":");
  return process.getuid?.() === 0 && /^\d+$/.test(uid!) ? { uid: Number(uid), gid: Number(gid) } : {};
};

/**
 * A container's command as a process of this machine: no image is pulled and nothing is shut in, so the program has to be
 * installed here. Throws when there is no such program.
 */
export const runContainer = async (
  container: ContainerDefinition,
  { env, log }: { env: Record<string, string>; log: ContainerLog },
): Promise<RunningContainer> => {
  const [program, ...args] = [...container.entryPoint, ...container.command];
  if (program === undefined) throw new Error(`${container.name} has no command`);
  const child = spawn(program, args, {
    cwd: "/",
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    ...userOf(container),
  });
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", log.open());
  const ended = new Promise<number>((settle) => {
    child.once("close", (code, signal) => settle(code ?? 128 + (SIGNALS[signal ?? ""] ?? 0)));
  });
  await new Promise<void>((settle, fail) => child.once("spawn", settle).once("error", fail));
  const kill = (signal: NodeJS.Signals) => {
    try {
      process.kill(-child.pid!, signal);
    } catch {
      // It ended by itself.
    }
  };
  return {
    ended,
    stop: ({ graceMs }) => {
      kill("SIGTERM");
      const timer = setTimeout(() => kill("SIGKILL"), graceMs);
      void ended.then(() => clearTimeout(timer));
    },
  };
};
