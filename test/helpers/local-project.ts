import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { makeFileArtefacts } from "../../src/adapters/artefacts/file-artefacts.ts";
import { makeGateway } from "../../src/adapters/local/gateway/gateway.ts";
import type { StartPostgres } from "../../src/adapters/local/postgres/types.ts";
import { makeProcessRunner } from "../../src/adapters/local/process/process-runner.ts";
import type { StartRedis } from "../../src/adapters/local/redis/types.ts";
import { makeLocalPlatform } from "../../src/adapters/local/platform.ts";
import { makeSecrets } from "../../src/adapters/local/secrets.ts";
import { supervisorOn } from "../../src/adapters/local/connect.ts";
import { runSupervisor, type SupervisorOptions } from "../../src/adapters/local/supervisor/supervisor.ts";
import type { SupervisorInfo } from "../../src/adapters/local/supervisor/supervisor-info.ts";
import type { Digest } from "../../src/domain/digest.ts";
import type { HealthDefinition } from "../../src/domain/app-definition.ts";
import { revisionIdOf, type RevisionSpec } from "../../src/domain/revision.ts";
import type { EffectContext, Platform, StagedRevision } from "../../src/ports/platform.ts";
import { systemClock } from "./system-clock.ts";

export const APP = "shop";

/** Answers with what it is; its variables make it ill in one way or another. */
export const SERVER = `
const { createServer } = require("node:http");
const { PORT, HOST, NAME = "v1", HEALTH = "200", EXIT, HANG } = process.env;
console.log("booting " + NAME);
if (EXIT) { console.error("cannot go on: " + (process.env.API_KEY ?? "no key")); process.exit(Number(EXIT)); }
let health = Number(HEALTH);
createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://x");
  if (pathname === "/health") { if (HANG) return; response.statusCode = health; return response.end(); }
  if (pathname === "/crash") process.exit(3);
  if (pathname === "/sicken") health = 500;
  const answer = () => response.end(JSON.stringify({ name: NAME, pid: process.pid, env: process.env, cwd: process.cwd() }));
  setTimeout(answer, Number(searchParams.get("ms") ?? 0));
}).listen(PORT, HOST);
`;

export interface Answer {
  status: number;
  body: string;
  json(): { name: string; pid: number; env: Record<string, string>; cwd: string };
}

export const HEALTH: HealthDefinition = {
  path: "/health",
  intervalMs: 100,
  timeoutMs: 500,
  healthyAfter: 1,
  unhealthyAfter: 2,
  startMs: 20_000,
};

/** A revision of the server in this tree. */
export const revisionFrom = (tree: Digest, change: Partial<RevisionSpec> = {}): StagedRevision => {
  const spec: RevisionSpec = {
    service: "api",
    kind: "web",
    tree,
    command: "node server.cjs",
    route: "/*",
    health: HEALTH,
    stopMs: 2_000,
    cpu: 256,
    memoryMb: 512,
    env: {},
    secrets: {},
    ...change,
  };
  return { revision: revisionIdOf(spec), spec, release: RELEASE };
};

/** A project in a folder of its own, and the platform that runs it. */
export interface LocalProject {
  dir: string;
  stateDir: string;
  socketPath: string;
  secrets: ReturnType<typeof makeSecrets>;
  options(): SupervisorOptions;
  /** In this process; the next start follows a stop. */
  start(): Promise<void>;
  stop(): Promise<void>;
  info(): Promise<SupervisorInfo>;
  platform(environment?: string): Platform;
  storeTree(files: Record<string, string>): Promise<string>;
  /** A revision of a server whose behaviour is in `env`. */
  revision(change?: Partial<RevisionSpec>): Promise<StagedRevision>;
  get(path: string, host?: string): Promise<Answer>;
  /** Ends an instance from inside. The gateway is passed by: it would ask the next instance as well. */
  crash(port: number | null | undefined): Promise<void>;
  messages: string[];
  remove(): Promise<void>;
}

export const RELEASE = "ab".repeat(32);

export const context = (change: Partial<EffectContext> = {}): EffectContext => ({
  epoch: 1,
  deployment: "d-0001",
  signal: new AbortController().signal,
  ...change,
});

export interface ProjectServers {
  startPostgres?: StartPostgres;
  startRedis?: StartRedis;
}

const noPostgres: StartPostgres = () => Promise.reject(new Error("this test has no database"));

let projects = 0;

export const makeLocalProject = (servers: ProjectServers = {}): LocalProject => {
  const dir = mkdtempSync(join(tmpdir(), "switchback-project-"));
  const stateDir = join(dir, ".switchback/local");
  const socketPath = join(dir, "api.sock");
  const artefacts = makeFileArtefacts({ folder: join(dir, ".switchback/store") });
  const secrets = makeSecrets({ file: join(dir, "secrets/secrets.json"), clock: systemClock });
  const messages: string[] = [];
  mkdirSync(stateDir, { recursive: true });
  // Each has an address of its own, as if it had run before: tests that run at once do not take each other's.
  const port = 20_000 + ((process.pid * 37 + (projects += 1)) % 10_000);
  writeFileSync(join(stateDir, "gateway.json"), JSON.stringify({ port }));
  let life = new AbortController();
  let over: Promise<void> = Promise.resolve();
  let trees = 0;

  const options = (): SupervisorOptions => ({
    app: APP,
    projectDir: dir,
    stateDir,
    socketPath,
    version: "0.0.0-test",
    port: null,
    inherited: { ...process.env, LEAKED: "yes" },
    signal: life.signal,
    onReady: () => undefined,
    onMessage: (text) => void messages.push(text),
  });
  const info = async (): Promise<SupervisorInfo> => {
    const found = await supervisorOn(socketPath);
    if (found === null) throw new Error("no supervisor runs");
    return found;
  };
  const storeTree = async (files: Record<string, string>): Promise<string> => {
    const root = join(dir, `source-${(trees += 1)}`);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return (await artefacts.storeTree(root, Object.keys(files))).digest;
  };
  const stop = async (): Promise<void> => {
    life.abort();
    await over;
  };

  return {
    dir,
    stateDir,
    socketPath,
    secrets,
    messages,
    options,
    start: async () => {
      life = new AbortController();
      const deps = {
        clock: systemClock,
        artefacts,
        runner: makeProcessRunner({ clock: systemClock }),
        startPostgres: servers.startPostgres ?? noPostgres,
        startRedis: servers.startRedis ?? (async () => null),
        gateway: makeGateway({ clock: systemClock }),
        secrets,
      };
      await new Promise<void>((resolve, reject) => {
        over = runSupervisor({ ...options(), onReady: () => resolve() }, deps);
        over.catch(reject);
      });
    },
    stop,
    info,
    platform: (environment = "development") => makeLocalPlatform({ environment, socketPath, secrets }),
    storeTree,
    revision: async (change = {}) => {
      return revisionFrom(change.tree ?? (await storeTree({ "server.cjs": SERVER })), change);
    },
    get: async (path, host = `${APP}.localhost`) => ask((await info()).port, path, host),
    crash: async (port) => void (await ask(port ?? 0, "/crash", APP).catch(() => undefined)),
    remove: async () => {
      await stop().catch(() => undefined);
      rmSync(dir, { recursive: true, force: true });
    },
  };
};

const ask = (port: number, path: string, host: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request(
      { host: "127.0.0.1", port, path, agent: false, headers: { host: `${host}:${port}` } },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (body += chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, body, json: () => JSON.parse(body) }),
        );
        response.on("error", reject);
      },
    );
    asked.on("error", reject);
    asked.end();
  });
