import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { freePort } from "./free-port.ts";

/** The path of redis-server, or null. CI has to have one: a test that is skipped there would prove nothing. */
export const findRedis = (): string | null => {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    for (const name of ["redis-server", "valkey-server"]) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        continue;
      }
    }
  }
  if (process.env["CI"])
    throw new Error("redis-server is not on the PATH. Install it: apt-get install redis-server");
  return null;
};

export interface TestRedis {
  url: string;
  /** Without data when it is started again: nothing is kept on disk. */
  start(): Promise<void>;
  /** The process is there but answers nothing. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/** Not started yet. */
export const makeTestRedis = async (program: string): Promise<TestRedis> => {
  const port = await freePort();
  let running: { kill(signal: NodeJS.Signals): void; ended: Promise<void> } | null = null;
  return {
    url: `redis://127.0.0.1:${port}`,
    start: () =>
      new Promise((resolve, reject) => {
        const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
        const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
        const ended = new Promise<void>((done) => child.once("exit", () => done()));
        running = { kill: (signal) => void child.kill(signal), ended };
        child.once("error", reject);
        child.stdout.on("data", (data: Buffer) => {
          if (data.toString().includes("eady to accept connections")) resolve();
        });
        child.once("exit", (code) => reject(new Error(`redis-server ended with ${code}`)));
      }),
    freeze: () => running?.kill("SIGSTOP"),
    thaw: () => running?.kill("SIGCONT"),
    async stop() {
      running?.kill("SIGKILL");
      await running?.ended;
      running = null;
    },
  };
};
