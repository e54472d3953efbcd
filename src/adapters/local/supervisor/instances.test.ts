import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { context, makeLocalProject, type LocalProject } from "../../../../test/helpers/local-project.ts";
import { until } from "../../../../test/helpers/system-clock.ts";
import { AppError } from "../../../domain/errors.ts";
import type { Platform, StagedRevision } from "../../../ports/platform.ts";

let project: LocalProject;
let platform: Platform;

beforeEach(async () => {
  project = makeLocalProject();
  await project.start();
  platform = project.platform();
});
afterEach(() => project.remove());

const observe = () => platform.observe({ signal: new AbortController().signal });
const instances = async () => (await project.info()).environments.flatMap((one) => one.instances);
const pids = async () => (await instances()).map(({ pid }) => pid).sort();
const failureOf = (work: Promise<unknown>): Promise<AppError> =>
  work.then(
    () => Promise.reject(new Error("it should have failed")),
    (error: unknown) => error as AppError,
  );

const serve = async (staged: StagedRevision, count = 1): Promise<void> => {
  await platform.stageRevision(staged, context());
  await platform.setInstances("api", { [staged.revision]: count }, context());
  await platform.setWeights("api", { [staged.revision]: 100 }, context());
};

test("staged instances run, are healthy, and answer through the gateway", async () => {
  const v1 = await project.revision();
  const progress: string[] = [];
  await platform.stageRevision(v1, context());
  await platform.setInstances(
    "api",
    { [v1.revision]: 2 },
    context({ onProgress: (text) => void progress.push(text) }),
  );
  await platform.setWeights("api", { [v1.revision]: 100 }, context());
  const answer = await project.get("/");
  expect(answer.json()).toMatchObject({ name: "v1" });
  expect(progress).toEqual(["1 of 2 healthy", "2 of 2 healthy"]);
  const { services, urls } = await observe();
  expect(services["api"]?.revisions[v1.revision]).toMatchObject({ wanted: 2, healthy: 2 });
  expect(services["api"]?.weights).toEqual({ [v1.revision]: 100 });
  const { port } = await project.info();
  expect(urls).toEqual([`http://shop.localhost:${port}`, `http://development.shop.localhost:${port}`]);
});

test("a process gets its settings and nothing else of the supervisor's environment", async () => {
  await serve(await project.revision({ env: { NAME: "v1", COLOUR: "green" } }));
  const { env, cwd } = (await project.get("/")).json();
  expect(env).toMatchObject({
    COLOUR: "green",
    NODE_ENV: "production",
    HOST: "127.0.0.1",
    SWITCHBACK_ENVIRONMENT: "development",
    SWITCHBACK_SERVICE: "api",
    PATH: process.env["PATH"],
  });
  expect(env["LEAKED"]).toBeUndefined();
  expect(cwd).toContain(`${project.stateDir}/trees/`);
  expect(env["TMPDIR"]).toContain(`${project.stateDir}/tmp/`);
});

test("asking again for what is so restarts nothing", async () => {
  const v1 = await project.revision();
  await serve(v1, 2);
  const before = await pids();
  await serve(v1, 2);
  expect(await pids()).toEqual(before);
});

test("other counts start what is missing and stop what is too much", async () => {
  const v1 = await project.revision();
  await serve(v1, 1);
  const [first] = await pids();
  await serve(v1, 3);
  expect(await pids()).toContain(first);
  await serve(v1, 1);
  expect(await pids()).toEqual([first]);
});

test("no request fails while a service is replaced under load", async () => {
  const [v1, v2] = [await project.revision(), await project.revision({ env: { NAME: "v2" } })];
  await serve(v1, 2);
  let going = true;
  const seen = new Set<string>();
  const load = async (): Promise<void> => {
    while (going) {
      const answer = await project.get("/?ms=20");
      seen.add(answer.status === 200 ? answer.json().name : String(answer.status));
    }
  };
  const loads = [load(), load(), load()];
  await platform.stageRevision(v2, context());
  await platform.setInstances("api", { [v1.revision]: 2, [v2.revision]: 2 }, context());
  await platform.setWeights("api", { [v2.revision]: 100 }, context());
  await platform.setInstances("api", { [v2.revision]: 2 }, context());
  await until(() => seen.has("v2"));
  going = false;
  await Promise.all(loads);
  expect([...seen].sort()).toEqual(["v1", "v2"]);
  expect((await instances()).map(({ revision }) => revision)).toEqual([v2.revision, v2.revision]);
});

test("a revision that exits is refused with its last lines, and all is as before", async () => {
  const v1 = await project.revision();
  await serve(v1);
  const before = await pids();
  const v2 = await project.revision({ env: { NAME: "v2", EXIT: "1" } });
  await platform.stageRevision(v2, context());
  const error = await failureOf(
    platform.setInstances("api", { [v1.revision]: 1, [v2.revision]: 2 }, context()),
  );
  expect(error).toMatchObject({
    code: "INSTANCE_UNHEALTHY",
    message: "api stopped before it was healthy: exited with code 1",
    context: {
      service: "api",
      revision: v2.revision,
      exit: { reason: "exited", code: 1 },
      lines: ["booting v2", "cannot go on: no key"],
    },
  });
  expect(await pids()).toEqual(before);
  expect((await observe()).services["api"]?.revisions[v2.revision]).toMatchObject({ wanted: 0, healthy: 0 });
  expect((await project.get("/")).json().name).toBe("v1");
});

test("a revision that never gets healthy is refused with its last answer", async () => {
  const health = { ...(await project.revision()).spec.health, startMs: 400 };
  const ill = await project.revision({ health, env: { HEALTH: "503" } });
  await platform.stageRevision(ill, context());
  const error = await failureOf(platform.setInstances("api", { [ill.revision]: 1 }, context()));
  expect(error.message).toBe("api was not healthy after 0.4 s: /health answered 503");
  const deaf = await project.revision({ health, command: "sleep 60" });
  await platform.stageRevision(deaf, context());
  const silence = await failureOf(platform.setInstances("api", { [deaf.revision]: 1 }, context()));
  expect(silence.message).toContain("nothing listened on its port (ECONNREFUSED)");
  expect(await instances()).toEqual([]);
});

test("a port that is taken is named, after other ports were tried", async () => {
  const staged = await project.revision({
    command: "echo try >> ../../tries; echo Error: listen EADDRINUSE; exit 1",
  });
  await platform.stageRevision(staged, context());
  const error = await failureOf(platform.setInstances("api", { [staged.revision]: 1 }, context()));
  expect(error.message).toContain("port already taken");
  expect(readFileSync(`${project.stateDir}/tries`, "utf8")).toBe("try\ntry\ntry\n");
});

test("a process that grows beyond its memory is refused as such", async () => {
  const greedy = `const all = []; setInterval(() => all.push(Buffer.alloc(30e6, 1)), 20);`;
  const tree = await project.storeTree({ "greedy.cjs": greedy });
  const staged = await project.revision({ tree, command: "node greedy.cjs", memoryMb: 150 });
  await platform.stageRevision(staged, context());
  const error = await failureOf(platform.setInstances("api", { [staged.revision]: 1 }, context()));
  expect(error.code).toBe("OUT_OF_MEMORY");
  expect(error.message).toMatch(/api used \d+ MB of memory, its limit is 150 MB/);
});

test("a worker is healthy when it still runs, and is not routed", async () => {
  const worker = { service: "worker", kind: "worker" as const, route: null };
  const good = await project.revision({ ...worker, command: "sleep 100" });
  await platform.stageRevision(good, context());
  await platform.setInstances("worker", { [good.revision]: 1 }, context());
  expect((await instances())[0]).toMatchObject({ service: "worker", state: "healthy" });
  const bad = await project.revision({ ...worker, command: "echo no queue; exit 2" });
  await platform.stageRevision(bad, context());
  const error = await failureOf(
    platform.setInstances("worker", { [good.revision]: 1, [bad.revision]: 1 }, context()),
  );
  expect(error.context["lines"]).toEqual(["no queue"]);
});

test("a crash is counted, shown with its end, and the instance comes back", async () => {
  const v1 = await project.revision();
  await serve(v1);
  await project.crash((await instances())[0]?.port);
  await until(async () => {
    const [now] = await instances();
    return now?.state === "healthy" && now.restarts === 1;
  });
  expect((await instances())[0]).toMatchObject({
    restarts: 1,
    lastFailure: { message: "api exited with code 3", lines: ["booting v1"] },
  });
  const metrics = await platform.metrics("api", v1.revision, 60_000, {
    signal: new AbortController().signal,
  });
  expect(metrics).toMatchObject({ crashes: 1, lastExit: "api exited with code 3" });
  expect((await project.get("/")).status).toBe(200);
});

test("an instance that falls ill leaves the gateway and is replaced", async () => {
  const v1 = await project.revision({
    health: { ...(await project.revision()).spec.health, intervalMs: 50 },
  });
  await serve(v1, 2);
  const sick = (await project.get("/sicken")).json().pid;
  await until(async () => (await instances()).some(({ state }) => state === "unhealthy"));
  for (let n = 0; n < 10; n += 1) expect((await project.get("/")).json().pid).not.toBe(sick);
  await until(async () => {
    const now = await instances();
    return now.every(({ state, pid }) => state === "healthy" && pid !== sick);
  });
});

test("a service that crashed before the deployment can be mended, and be taken back to", async () => {
  const flag = `${project.dir}/broken`;
  const broken = await project.revision({ command: `test ! -e ${flag} && exec node server.cjs` });
  await serve(broken);
  writeFileSync(flag, "");
  await project.crash((await instances())[0]?.port);
  await until(async () => (await instances())[0]?.state === "waiting");
  const bad = await project.revision({ env: { EXIT: "1" } });
  const mending = context({ deployment: "d-0002", epoch: 2 });
  await platform.stageRevision(bad, mending);
  await failureOf(platform.setInstances("api", { [broken.revision]: 1, [bad.revision]: 1 }, mending));
  await platform.setInstances("api", { [broken.revision]: 1 }, mending);
  const good = await project.revision({ env: { NAME: "mended" } });
  const again = context({ deployment: "d-0003", epoch: 3 });
  await platform.stageRevision(good, again);
  await platform.setInstances("api", { [broken.revision]: 1, [good.revision]: 1 }, again);
  await platform.setWeights("api", { [good.revision]: 100 }, again);
  await platform.setInstances("api", { [good.revision]: 1 }, again);
  expect((await project.get("/")).json().name).toBe("mended");
});

test("what works is not stopped in favour of what broke during the deployment", async () => {
  const flag = `${project.dir}/broken`;
  const v1 = await project.revision();
  const v2 = await project.revision({ command: `test ! -e ${flag} && exec node server.cjs` });
  await serve(v1);
  await platform.stageRevision(v2, context());
  await platform.setInstances("api", { [v1.revision]: 1, [v2.revision]: 1 }, context());
  await platform.setWeights("api", { [v2.revision]: 100 }, context());
  writeFileSync(flag, "");
  await project.crash((await instances()).find(({ revision }) => revision === v2.revision)?.port);
  await until(async () => (await instances()).some(({ state }) => state === "waiting"));
  const error = await failureOf(platform.setInstances("api", { [v2.revision]: 1 }, context()));
  expect(error.code).toBe("INSTANCE_UNHEALTHY");
  expect((await observe()).services["api"]?.revisions[v1.revision]).toMatchObject({ wanted: 1, healthy: 1 });
});

test("a revision that was never staged is named", async () => {
  const v1 = await project.revision();
  const error = await failureOf(platform.setInstances("api", { [v1.revision]: 1 }, context()));
  expect(error).toMatchObject({ code: "ARTEFACT_MISSING", context: { revision: v1.revision } });
});
