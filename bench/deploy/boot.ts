import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { ask } from "./ask.ts";
import type { Project } from "../rideshare/project.ts";

export interface Bootable {
  cwd: string;
  env: Record<string, string>;
}

/** The folder and the variables with which the API runs; the way there is a command that writes them down. */
export const bootableOf = (project: Project): Bootable => {
  const file = join(project.folder, ".variables.json");
  const script =
    "fs.writeFileSync(process.argv[1], JSON.stringify({ cwd: process.cwd(), env: process.env }))";
  project.run("run", "development", "--", "node", "-e", script, file);
  return JSON.parse(readFileSync(file, "utf8")) as Bootable;
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};

/** From the start of the API's process, without Switchback, to its first healthy answer. */
export const bootMs = async ({ cwd, env }: Bootable): Promise<number> => {
  const port = await freePort();
  const startedMs = performance.now();
  const child: ChildProcess = spawn("node", ["dist/server.js"], {
    cwd,
    env: { ...env, PORT: String(port), HOST: "127.0.0.1" },
    stdio: "ignore",
  });
  const gone = once(child, "exit");
  try {
    while ((await ask(port, "/api/health")).status !== 200) {
      if (child.exitCode !== null) throw new Error(`the API alone exited with ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return performance.now() - startedMs;
  } finally {
    child.kill("SIGTERM");
    await gone;
  }
};
