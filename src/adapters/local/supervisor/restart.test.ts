import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  context,
  makeLocalProject,
  RELEASE,
  type LocalProject,
} from "../../../../test/helpers/local-project.ts";
import { makeNodeScript, type NodeScript, type ScriptProcess } from "../../../../test/helpers/node-script.ts";
import { until } from "../../../../test/helpers/system-clock.ts";
import type { Platform } from "../../../ports/platform.ts";
import { supervisorOn } from "../connect.ts";
import { identityOf } from "../process-identity.ts";
import { runSupervisor, type SupervisorDeps } from "./supervisor.ts";

let project: LocalProject;
let platform: Platform;
let script: NodeScript;
const { signal } = new AbortController();

/** A supervisor in a process of its own: `node script <project folder>`. */
const SOURCE = `
  import { makeFileArtefacts } from "./src/adapters/artefacts/file-artefacts.ts";
  import { makeGateway } from "./src/adapters/local/gateway/gateway.ts";
  import { makeStartPostgres } from "./src/adapters/local/postgres/start-postgres.ts";
  import { makeProcessRunner } from "./src/adapters/local/process/process-runner.ts";
  import { makeSecrets } from "./src/adapters/local/secrets.ts";
  import { runSupervisor } from "./src/adapters/local/supervisor/supervisor.ts";
  import { systemClock as clock } from "./src/adapters/system/clock.ts";
  import { join } from "node:path";
  const [dir] = process.argv.slice(2);
  const ended = new AbortController();
  process.once("SIGTERM", () => ended.abort());
  await runSupervisor(
    {
      app: "shop", projectDir: dir, stateDir: join(dir, ".switchback/local"), socketPath: join(dir, "api.sock"),
      version: "0.0.0-test", port: null, inherited: process.env, signal: ended.signal,
      onReady: () => console.log("it listens"), onMessage: (text) => console.error(text),
    },
    {
      clock,
      artefacts: makeFileArtefacts({ folder: join(dir, ".switchback/store") }),
      runner: makeProcessRunner({ clock }),
      startPostgres: makeStartPostgres({ clock, packagesFrom: [process.env.PACKAGES_FROM] }),
      startRedis: async () => null,
      gateway: makeGateway({ clock }),
      secrets: makeSecrets({ file: join(dir, "secrets/secrets.json"), clock }),
    },
  ).catch((error) => { console.error(error); process.exitCode = 3; });
`;

const running: ScriptProcess[] = [];
const startSupervisor = async (): Promise<ScriptProcess> => {
  const started = script.start([project.dir]);
  running.push(started);
  let over = false;
  void started.ended.then(() => (over = true));
  await until(() => over || started.text().includes("it listens"));
  return started;
};

const root = join(import.meta.dirname, "../../../..");
beforeEach(async () => {
  process.env["PACKAGES_FROM"] = join(root, "package.json");
  script = await makeNodeScript(SOURCE, root);
  project = makeLocalProject();
  platform = project.platform();
});
afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill("SIGTERM");
    await ended;
  }
  script.remove();
  await project.remove();
});

const serveEverything = async () => {
  const [v1, v2] = [await project.revision(), await project.revision({ env: { NAME: "v2" } })];
  const site = {
    site: "web",
    tree: await project.storeTree({ "index.html": "<p>web</p>" }),
    route: "/app/*",
    fallback: "index.html",
    settings: {},
  };
  for (const staged of [v1, v2]) await platform.stageRevision(staged, context());
  await platform.setInstances("api", { [v1.revision]: 2, [v2.revision]: 1 }, context());
  await platform.setWeights("api", { [v1.revision]: 90, [v2.revision]: 10 }, context());
  await platform.stageSite(site, context());
  await platform.switchSite("web", { spec: site, release: RELEASE }, context());
};

const alive = async (pids: number[]): Promise<number[]> => {
  const found = await Promise.all(pids.map(identityOf));
  return found.flatMap((one) => (one === null ? [] : [one.pid]));
};

test("a supervisor that was killed leaves no process, and is followed by one that serves the same", async () => {
  const first = await startSupervisor();
  await serveEverything();
  const before = await platform.observe({ signal });
  const pids = (await project.info()).environments[0]!.instances.map(({ pid }) => pid!);
  expect(await alive(pids)).toHaveLength(3);
  first.child.kill("SIGKILL");
  await first.ended;
  await until(async () => (await alive(pids)).length === 0);
  await startSupervisor();
  const healthy = async () => {
    const { services } = await platform.observe({ signal });
    return Object.values(services["api"]!.revisions).every((one) => one.healthy === one.wanted);
  };
  await until(healthy);
  expect(await platform.observe({ signal })).toEqual(before);
  expect((await project.get("/")).status).toBe(200);
  expect((await project.get("/app/", "development.shop.localhost")).body).toBe("<p>web</p>");
});

test("whoever takes over after a restart sees the instances as they run, not as they are being started", async () => {
  const first = await startSupervisor();
  const v1 = await project.revision();
  await platform.stageRevision(v1, context());
  await platform.setInstances("api", { [v1.revision]: 2 }, context());
  first.child.kill("SIGKILL");
  await first.ended;
  await startSupervisor();
  const { services } = await platform.observe({ signal, epoch: 2 });
  expect(services["api"]!.revisions[v1.revision]).toMatchObject({ wanted: 2, healthy: 2 });
});

test("a supervisor that is told to stop leaves no process either", async () => {
  const first = await startSupervisor();
  await serveEverything();
  const pids = (await project.info()).environments[0]!.instances.map(({ pid }) => pid!);
  first.child.kill("SIGTERM");
  expect(await first.ended).toEqual({ code: 0, signal: null });
  expect(await alive(pids)).toEqual([]);
  expect(await supervisorOn(project.socketPath)).toBeNull();
});

test("of supervisors that start at once exactly one runs", async () => {
  const started = await Promise.all([1, 2, 3, 4].map(() => startSupervisor()));
  const ready = started.filter((one) => one.text().includes("it listens"));
  expect(ready).toHaveLength(1);
  const others = started.filter((one) => !ready.includes(one));
  for (const other of others) {
    expect(await other.ended).toEqual({ code: 3, signal: null });
    expect(other.text()).toContain("ENVIRONMENT_BUSY");
  }
  expect((await project.info()).pid).toBe(ready[0]!.child.pid);
});

test("damaged state is set aside with a word, and other environments are served", async () => {
  await project.start();
  await serveEverything();
  await project.stop();
  const folder = join(project.stateDir, "environments");
  const text = readFileSync(join(folder, "development.json"), "utf8");
  writeFileSync(join(folder, "staging.json"), text.replace(/"epoch": \d+/, '"epoch": 9'));
  writeFileSync(join(folder, "testing.json"), text.slice(0, 100));
  await project.start();
  const { problems } = await project.info();
  expect(problems.map(({ code, context }) => [code, context?.["environment"]])).toEqual([
    ["STORE_CORRUPT", "staging"],
    ["STORE_CORRUPT", "testing"],
  ]);
  expect(readdirSync(folder).filter((name) => name.includes(".damaged-"))).toHaveLength(2);
  expect((await project.get("/app/")).body).toBe("<p>web</p>");
  const { services } = await project.platform("staging").observe({ signal });
  expect(services).toEqual({});
});

test("state of a newer version is refused and left alone", async () => {
  const folder = join(project.stateDir, "environments");
  mkdirSync(folder, { recursive: true });
  const newer = JSON.stringify({ format: 2, news: true });
  writeFileSync(join(folder, "development.json"), newer);
  await expect(project.start()).rejects.toMatchObject({ code: "FORMAT_TOO_NEW" });
  expect(readFileSync(join(folder, "development.json"), "utf8")).toBe(newer);
});

test("the address stays the same over restarts, and another free one is taken when it is in use", async () => {
  await project.start();
  const { port } = await project.info();
  await project.stop();
  await project.start();
  expect((await project.info()).port).toBe(port);
  await project.stop();
  const neighbour = makeLocalProject();
  mkdirSync(neighbour.stateDir, { recursive: true });
  writeFileSync(join(neighbour.stateDir, "gateway.json"), JSON.stringify({ port }));
  await neighbour.start();
  expect((await neighbour.info()).port).toBe(port);
  await project.start();
  expect((await project.info()).port).not.toBe(port);
  await neighbour.remove();
});

test("an environment's database outlives the supervisor's death", async () => {
  const first = await startSupervisor();
  const backing = {
    database: { engine: "postgresql" as const, version: 18 },
    cache: true,
    buckets: ["uploads"],
  };
  const { notes } = await platform.ensureBacking(backing, context());
  expect(notes).toEqual(["no redis-server or valkey-server on the PATH: the app runs without a cache"]);
  const tree = await project.storeTree({
    "sql.cjs": `
      const { Client } = require("pg");
      const client = new Client({ connectionString: process.env.DATABASE_URL });
      client.connect()
        .then(() => client.query(process.argv[2]))
        .then(({ rows }) => { console.log(JSON.stringify(rows)); return client.end(); })
        .catch((error) => { console.error(error.message); process.exit(1); });
    `,
  });
  const { spec } = await project.revision({ tree, env: { NODE_PATH: join(root, "node_modules") } });
  const sql = (text: string) =>
    platform.runCommand(`node sql.cjs ${JSON.stringify(text)} && echo $BUCKET_UPLOADS_URL`, spec, context());
  const made = await sql("create table ride as select current_database() as name");
  expect(made).toMatchObject({
    exitCode: 0,
    stdout: `[]\nfile://${project.stateDir}/buckets/development/uploads\n`,
  });
  first.child.kill("SIGKILL");
  await first.ended;
  await startSupervisor();
  const found = await sql("select * from ride");
  expect(found.stdout).toContain('[{"name":"shop_development"}]');
  const { postgres } = await project.info();
  expect(postgres?.version).toMatch(/^18\./);
  running[1]!.child.kill("SIGTERM");
  await running[1]!.ended;
  const left = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).split("\n");
  expect(left.filter((line) => line.includes(project.dir))).toEqual([]);
});

test("a state folder that cannot be made is named with what to do", async () => {
  writeFileSync(join(project.dir, ".switchback/local-file"), "");
  const stateDir = join(project.dir, ".switchback/local-file/local");
  await expect(runSupervisor({ ...project.options(), stateDir }, {} as SupervisorDeps)).rejects.toMatchObject(
    {
      code: "STORE_UNWRITABLE",
    },
  );
});
