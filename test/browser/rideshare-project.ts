import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

const MAIN = resolve("dist/main.js");
const EXAMPLE = resolve("examples/rideshare");
const LEFT_OUT = [".switchback", "node_modules", "dist"];

export interface Deployed {
  url: string;
  /** As the store names it. */
  release: string;
}

export interface RideshareProject {
  /** Deploys and seeds the example with the real command line. */
  deploy(): Promise<Deployed>;
  /** Seeded drivers take rides until `close`. Throws when they stop by themselves. */
  simulateDrivers(url: string): Promise<void>;
  /** Stops everything that was started, and removes the folder. */
  close(): Promise<void>;
}

/** A copy of the rideshare example with folders of its own: a project that runs in the repository is not touched. */
export const makeRideshareProject = (): RideshareProject => {
  if (!existsSync(MAIN)) throw new Error("dist/main.js is missing: run npm test, or node scripts/build.mjs");
  const root = mkdtempSync(join(tmpdir(), "sb-"));
  // PostgreSQL runs as a user of its own when root runs the tests, and has to get in.
  chmodSync(root, 0o755);
  // As deep as in the repository: the page's tsconfig.json extends the one at the top.
  const folder = join(root, "examples/rideshare");
  for (const part of ["c", "r"]) mkdirSync(join(root, part), { mode: 0o700 });
  cpSync(EXAMPLE, folder, { recursive: true, filter: (path) => !LEFT_OUT.includes(basename(path)) });
  cpSync(resolve("tsconfig.json"), join(root, "tsconfig.json"));
  symlinkSync(resolve("node_modules"), join(root, "node_modules"), "dir");
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    XDG_CONFIG_HOME: join(root, "c"),
    XDG_RUNTIME_DIR: join(root, "r"),
    NO_COLOR: "1",
  };
  // The test runner's own; with it the page would be built for development.
  delete env["NODE_ENV"];

  const run = (...args: string[]): Promise<string> =>
    new Promise((settle, reject) => {
      execFile(process.execPath, [MAIN, ...args], { cwd: folder, env }, (error, stdout, stderr) => {
        if (error === null) settle(stdout);
        else reject(new Error(`switchback ${args.join(" ")}: ${error.message}\n${stdout}${stderr}`));
      });
    });

  let simulation: ReturnType<typeof startSimulation> | null = null;
  const startSimulation = (url: string) => {
    const program = join(folder, "api/dist/simulate.js");
    const gateway = `http://127.0.0.1:${new URL(url).port}`;
    return spawn(process.execPath, [program, "--base-url", gateway, "--riders", "0", "--speed", "10"], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
  };

  return {
    deploy: async () => {
      await run("deploy", "development");
      await run("run", "development", "--", "node", "dist/seed.js");
      const [status] = JSON.parse(await run("status", "development", "--json")) as [
        { release: string; urls: [string] },
      ];
      return { url: status.urls[0], release: status.release };
    },
    simulateDrivers: async (url) => {
      simulation = startSimulation(url);
      const [first] = (await once(simulation.stderr, "data")) as [Buffer];
      if (!String(first).includes("on the road")) throw new Error(`The simulation: ${String(first)}`);
    },
    close: async () => {
      if (simulation !== null && simulation.exitCode === null) {
        const gone = once(simulation, "exit");
        simulation.kill("SIGTERM");
        await gone;
      }
      await run("down");
      rmSync(root, { recursive: true, force: true });
    },
  };
};
