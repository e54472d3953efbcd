import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const MAIN = resolve("dist/main.js");

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** How a command line is started, where it differs from a person's shell. */
export interface RunOptions {
  /** Before the program: `--import FILE`. */
  nodeArgs?: string[];
  /** In front of everything: `prlimit --fsize=…`. */
  wrapper?: string[];
  env?: Record<string, string>;
  cwd?: string;
}

export interface TinyProject {
  /** Where the configuration lies. */
  readonly folder: string;
  /** The text of its configuration. */
  readonly config: string;
  /** Writes the API's program: a body for `/api/hello`, and whatever runs before it listens. */
  writeApi(body: string, before?: string): void;
  writeSite(text: string): void;
  run(...args: string[]): Promise<Ran>;
  runWith(options: RunOptions, ...args: string[]): Promise<Ran>;
  start(...args: string[]): ChildProcess;
  /** Through the gateway, as a browser would ask. */
  get(path: string): Promise<{ status: number; body: string }>;
  /** The address may have changed: it is asked for again. */
  forgetPort(): void;
  close(): Promise<void>;
}

/** An app of one service and one site in a folder of its own, deployed by the real command line. */
export const makeTinyProject = (
  environment: Record<string, unknown> = {},
  more: { settings?: Record<string, unknown>; env?: Record<string, string> } = {},
): TinyProject => {
  if (!existsSync(MAIN)) throw new Error("dist/main.js is missing: run npm test, or node scripts/build.mjs");
  const root = mkdtempSync(join(tmpdir(), "sb-"));
  const folder = join(root, "app");
  const env = {
    ...process.env,
    XDG_CONFIG_HOME: join(root, "c"),
    XDG_RUNTIME_DIR: join(root, "r"),
    NO_COLOR: "1",
    ...more.env,
  };
  for (const part of ["app/api", "app/web/dist", "c", "r"])
    mkdirSync(join(root, part), { recursive: true, mode: 0o700 });
  const health = { path: "/api/health", start: "5s" };
  const api = { path: "api", command: "node server.js", route: "/api/*", instances: 2, health, stop: "2s" };
  const config = {
    name: "tiny",
    services: { api },
    sites: { web: { path: "web", dist: "dist", route: "/*" } },
    environments: { development: { strategy: "rolling", ...environment } },
    ...more.settings,
  };
  const configText = `export default ${JSON.stringify(config)};\n`;
  writeFileSync(join(folder, "switchback.config.mjs"), configText);
  const start = (...args: string[]) =>
    spawn(process.execPath, [MAIN, ...args], { cwd: folder, env, stdio: "ignore" });
  const runWith = (options: RunOptions, ...args: string[]): Promise<Ran> =>
    new Promise((settle) => {
      const { wrapper = [], nodeArgs = [], cwd = folder } = options;
      const [program, ...rest] = [...wrapper, process.execPath, ...nodeArgs, MAIN, ...args];
      const child = execFile(
        program!,
        rest,
        { cwd, env: { ...env, ...options.env } },
        (error, stdout, stderr) => {
          settle({
            code: error === null ? 0 : typeof error.code === "number" ? error.code : -1,
            stdout,
            stderr,
          });
        },
      );
      child.stdin!.end();
    });
  const run = (...args: string[]): Promise<Ran> => runWith({}, ...args);
  let port: number | null = null;
  const gatewayPort = async (): Promise<number> => {
    if (port !== null) return port;
    const { stdout } = await run("status", "development", "--json");
    const [url] = (JSON.parse(stdout) as { urls: string[] }[])[0]!.urls;
    return (port = Number(new URL(url!).port));
  };
  return {
    folder,
    config: configText,
    run,
    runWith,
    start,
    writeApi: (body, before = "") =>
      writeFileSync(
        join(folder, "api/server.js"),
        `const http = require("node:http");
const main = () => {
  ${before}
  const server = http.createServer((ask, answer) => {
    if (ask.url === "/api/pid") return answer.end(String(process.pid));
    answer.end(ask.url === "/api/health" ? "ok" : ${JSON.stringify(body)});
  });
  server.listen(process.env.PORT, "127.0.0.1");
  process.on("SIGTERM", () => server.close(() => process.exit(0)));
};
main();\n`,
      ),
    forgetPort: () => void (port = null),
    writeSite: (text) => writeFileSync(join(folder, "web/dist/index.html"), text),
    get: async (path) => {
      const where = {
        host: "127.0.0.1",
        port: await gatewayPort(),
        path,
        headers: { host: "tiny.localhost" },
      };
      return new Promise((settle, reject) => {
        const asked = request({ ...where, agent: false }, (answer) => {
          let body = "";
          answer.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
          answer.on("end", () => settle({ status: answer.statusCode ?? 0, body }));
        });
        asked.on("error", reject).end();
      });
    },
    close: async () => {
      await run("down");
      rmSync(root, { recursive: true, force: true });
    },
  };
};
