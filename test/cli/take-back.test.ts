import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import type { Receipt } from "../../src/domain/receipt.ts";
import { makeTinyProject, type TinyProject } from "../helpers/tiny-project.ts";

let project: TinyProject;
afterEach(() => project.close());

const receiptOf = (stdout: string): Receipt => JSON.parse(stdout) as Receipt;
const pids = async () => {
  const seen = new Set<string>();
  for (let n = 0; n < 12; n++) seen.add((await project.get("/api/pid")).body);
  return [...seen].sort();
};

/** Asks all the time, and counts what was not answered with 200 and a known body. */
const load = (bodies: string[]) => {
  let going = true;
  let asked = 0;
  const wrong: string[] = [];
  const done = (async () => {
    while (going) {
      const answer = await project
        .get("/api/hello")
        .catch((error: Error) => ({ status: 0, body: error.message }));
      asked += 1;
      if (answer.status !== 200 || !bodies.includes(answer.body))
        wrong.push(`${answer.status} ${answer.body}`);
    }
  })();
  return {
    stop: async () => {
      going = false;
      await done;
      return { asked, wrong };
    },
  };
};

const deployFirst = async (environment: Record<string, unknown> = {}) => {
  project = makeTinyProject(environment);
  project.writeApi("one");
  project.writeSite("site one");
  expect((await project.run("deploy", "development")).code).toBe(0);
};

test("a deployment serves, an unchanged one restarts nothing, a rollback returns API and site", async () => {
  await deployFirst();
  expect(await project.get("/api/hello")).toEqual({ status: 200, body: "one" });
  expect((await project.get("/deep/link")).body).toBe("site one");
  const before = await pids();
  expect(before).toHaveLength(2);
  expect((await project.run("deploy", "development")).code).toBe(0);
  expect(await pids()).toEqual(before);

  expect((await project.run("rollback", "development")).code).toBe(3);
  project.writeApi("two");
  project.writeSite("site two");
  const running = load(["one", "two"]);
  expect((await project.run("deploy", "development")).code).toBe(0);
  expect([(await project.get("/api/hello")).body, (await project.get("/")).body]).toEqual([
    "two",
    "site two",
  ]);
  const back = await project.run("rollback", "development", "--json");
  expect(back.code).toBe(0);
  expect(receiptOf(back.stdout).outcome).toBe("succeeded");
  expect([(await project.get("/api/hello")).body, (await project.get("/")).body]).toEqual([
    "one",
    "site one",
  ]);
  const { asked, wrong } = await running.stop();
  expect(wrong).toEqual([]);
  expect(asked).toBeGreaterThan(0);
  const history = await project.run("history", "development", "--verify");
  expect(history.code).toBe(0);
});

test.each([
  ["does not start", `console.error("no licence"); process.exit(1);`, "INSTANCE_UNHEALTHY", "no licence"],
  [
    "exits soon after it was healthy",
    `setTimeout(() => { console.error("gave up"); process.exit(7); }, 1500);`,
    "GATE_FAILED",
    "gave up",
  ],
  [
    "takes a port that is taken",
    `console.error("taking 1"); require("node:net").createServer().listen(${"PORT_OF_GATEWAY"}, "127.0.0.1");`,
    "INSTANCE_UNHEALTHY",
    "EADDRINUSE",
  ],
  [
    "uses too much memory",
    `const all = []; setInterval(() => all.push(Buffer.alloc(40e6, 1)), 50);`,
    "OUT_OF_MEMORY",
    "",
  ],
])("a release that %s is taken back, and nobody notices", async (_what, before, code, line) => {
  await deployFirst({ bake: "4s" });
  const serving = await pids();
  const [status] = JSON.parse((await project.run("status", "development", "--json")).stdout) as {
    urls: string[];
  }[];
  project.writeApi("broken", before.replace("PORT_OF_GATEWAY", new URL(status!.urls[0]!).port));
  const running = load(["one", "broken"]);
  const { code: exit, stdout } = await project.run("deploy", "development", "--json");
  const { wrong } = await running.stop();
  const receipt = receiptOf(stdout);
  expect(exit).toBe(1);
  expect(receipt.outcome).toBe("compensated");
  expect(receipt.failure!.error.code).toBe(code);
  expect(JSON.stringify(receipt.failure!.error)).toContain(line);
  expect(wrong).toEqual([]);
  expect((await project.get("/api/hello")).body).toBe("one");
  // What stopped for a while in a rolling rollout is new; what did not is the same.
  if (code === "INSTANCE_UNHEALTHY") expect(await pids()).toEqual(serving);
});

test("a killed deploy is named, refused to be passed over, and resumed or aborted", async () => {
  await deployFirst();
  for (const how of ["abort", "resume"] as const) {
    project.writeApi(`after ${how}`, "const until = Date.now() + 1500; while (Date.now() < until);");
    const runner = project.start("deploy", "development");
    for (;;) {
      const [found] = JSON.parse((await project.run("status", "development", "--json")).stdout) as [
        { open: unknown },
      ];
      if (found.open !== null) break;
      await wait(20);
    }
    runner.kill("SIGKILL");
    await once(runner, "exit");
    const refused = await project.run("deploy", "development", "--json");
    expect([refused.code, refused.stdout]).toEqual([3, expect.stringContaining("DEPLOYMENT_OPEN")]);
    expect((await project.run("status", "development")).stdout).toContain(`switchback ${how} development`);
    expect((await project.run(how, "development")).code).toBe(0);
    expect((await project.get("/api/hello")).body).toBe(how === "abort" ? "one" : "after resume");
  }
});

test("of two deployments at once one proceeds and the other says who holds the environment", async () => {
  await deployFirst();
  for (let round = 0; round < 3; round++) {
    project.writeApi(`round ${round}`, "const until = Date.now() + 800; while (Date.now() < until);");
    await project.run("release");
    const both = await Promise.all([1, 2].map(() => project.run("deploy", "development", "--json")));
    expect(both.map(({ code }) => code).sort()).toEqual([0, 3]);
    expect(both.find(({ code }) => code === 3)!.stdout).toMatch(/ENVIRONMENT_BUSY|DEPLOYMENT_OPEN/);
  }
});

test("bad input is answered with what to do next, and the right exit code", async () => {
  project = makeTinyProject();
  project.writeApi("one");
  project.writeSite("site");
  const unknown = await project.run("deploy", "developmnt");
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("did you mean development")]);
  expect((await project.run("deploy", "development", "--wiat")).code).toBe(2);
  expect((await project.run("resume", "development")).code).toBe(3);
  expect((await project.run("lock", "development", "--why", "lunch")).code).toBe(0);
  const locked = await project.run("deploy", "development");
  expect([locked.code, locked.stderr]).toEqual([3, expect.stringContaining("lunch")]);
  expect((await project.run("unlock", "development")).code).toBe(0);
});
