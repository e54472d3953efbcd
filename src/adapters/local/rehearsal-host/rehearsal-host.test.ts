import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock, until } from "../../../../test/helpers/system-clock.ts";
import type { RehearsalHost, RehearsedService } from "../../../ports/rehearsal.ts";
import { makeFileArtefacts } from "../../artefacts/file-artefacts.ts";
import { makeRehearsalHost } from "./rehearsal-host.ts";
import { rehearsedVariables } from "./rehearsed-variables.ts";

const signal = new AbortController().signal;
const databaseUrl = "postgres://someone:p%40ss@127.0.0.1:5433/copy";

let folder = "";
let host: RehearsalHost;
let service: RehearsedService;

const SERVER = `
import { createServer } from "node:http";
createServer((request, response) => {
  response.writeHead(request.url === "/sick" ? 500 : 200).end("asked " + request.url);
}).listen(process.env.PORT, process.env.HOST);
console.log("listening");
`;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "rehearsal-host-"));
  const project = join(folder, "project");
  mkdirSync(join(project, "migrations"), { recursive: true });
  writeFileSync(join(project, "server.mjs"), SERVER);
  writeFileSync(join(project, "migrations/0002.sql"), "two");
  writeFileSync(join(project, "migrations/0001.sql"), "one");
  const artefacts = makeFileArtefacts({ folder: join(folder, "store") });
  const files = ["server.mjs", "migrations/0001.sql", "migrations/0002.sql"];
  const { digest: tree } = await artefacts.storeTree(project, files);
  const inherited = { PATH: process.env["PATH"], AWS_SECRET_ACCESS_KEY: "of this machine" };
  host = makeRehearsalHost({ artefacts, clock: systemClock, folder: join(folder, "host"), inherited });
  service = {
    ...{ environment: "testing", service: "api", kind: "web", tree, databaseUrl, stopMs: 1000 },
    command: "node server.mjs",
    health: {
      path: "/health",
      intervalMs: 50,
      timeoutMs: 1000,
      healthyAfter: 1,
      unhealthyAfter: 1,
      startMs: 10_000,
    },
    ...{ env: {}, secrets: ["KEY"], buckets: ["uploads"] },
  };
});
afterEach(async () => {
  await host.close();
  expect(existsSync(join(folder, "host"))).toBe(false);
  rmSync(folder, { recursive: true });
});

describe("a command", () => {
  test("runs in the release's files, with made-up secrets and nothing of this machine's", async () => {
    const print = "process.stdout.write(JSON.stringify({ ...process.env, cwd: fs.readdirSync('.') }))";
    const { exitCode, stdout } = await host.run(
      { ...service, command: `node -e "${print}"; exit 3` },
      { signal, timeoutMs: 60_000 },
    );
    expect(exitCode).toBe(3);
    const seen = JSON.parse(stdout) as Record<string, unknown>;
    expect(seen).toMatchObject({ DATABASE_URL: databaseUrl, cwd: ["migrations", "server.mjs"] });
    expect(seen["KEY"]).toMatch(/^[0-9a-f]{64}$/);
    expect(seen["BUCKET_UPLOADS_URL"]).toMatch(/^file:\/\//);
    expect(seen["AWS_SECRET_ACCESS_KEY"]).toBeUndefined();
  });

  test("that is not there is 127, one that takes too long is ended and told", async () => {
    const wanted = (command: string) => ({ ...service, command });
    expect(await host.run(wanted("no-such-tool up"), { signal, timeoutMs: 60_000 })).toMatchObject({
      exitCode: 127,
    });
    const late = await host.run(wanted("sleep 600"), { signal, timeoutMs: 100 });
    expect(late).toMatchObject({ exitCode: 143, lines: ["It was stopped after 0.1 s."] });
  });

  test("ends when the rehearsal is aborted", async () => {
    const stop = new AbortController();
    const running = host.run(
      { ...service, command: `touch ${folder}/started; exec sleep 600` },
      { signal: stop.signal, timeoutMs: 600_000 },
    );
    await until(() => existsSync(`${folder}/started`));
    stop.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
  });
});

describe("a service", () => {
  test("serves once its health check passes, and is gone when stopped", async () => {
    const started = await host.serve(service, { signal });
    if (started.type !== "serving") throw new Error(started.what);
    const { process } = started;
    expect(await process.get("/rides")).toEqual({ status: 200, body: "asked /rides" });
    expect(process.ended()).toBeNull();
    await process.stop();
    expect(process.ended()).toContain("api");
    await expect(process.get("/rides")).rejects.toThrow("GET /rides got no answer");
  });

  test.each([
    ["node -e 'console.log(`no table`); process.exit(1)'", "/health", "exited with code 1"],
    ["node server.mjs", "/sick", "was not healthy after 1 s: /sick answered 500"],
  ])("that does not (%s, %s) says why", async (command, path, what) => {
    const health = { ...service.health, path, startMs: 1000 };
    const started = await host.serve({ ...service, command, health }, { signal });
    expect(started).toMatchObject({ type: "failed", what: expect.stringContaining(what) });
    expect(started.type === "failed" && started.lines.length).toBe(1);
  });
});

test("a release's files are read by folder, in order", async () => {
  expect(await host.files(service.tree, "./migrations/")).toEqual([
    { path: "0001.sql", text: "one" },
    { path: "0002.sql", text: "two" },
  ]);
});

test("no setting and no secret leads to another database", () => {
  const variables = rehearsedVariables({
    inherited: {},
    process: {
      ...service,
      env: { REPORTS_URL: "postgresql://live/reports", PGHOST: "live", GREETING: "hello" },
      secrets: ["DATABASE_URL"],
    },
    ...{ port: null, temporary: "/tmp/x", buckets: {}, dummy: () => "dummy" },
  });
  expect(variables).toMatchObject({
    ...{ DATABASE_URL: databaseUrl, REPORTS_URL: databaseUrl, GREETING: "hello" },
    ...{ PGHOST: "127.0.0.1", PGPORT: "5433", PGUSER: "someone", PGPASSWORD: "p@ss", PGDATABASE: "copy" },
  });
});
