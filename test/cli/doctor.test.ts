import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Finding } from "../../src/domain/finding.ts";
import type { LogEntry } from "../../src/domain/log-entry.ts";
import { seal, unseal } from "../../src/domain/sealed.ts";
import { damage, flipBit, storeFiles } from "../helpers/store-files.ts";
import { makeTinyProject, type TinyProject } from "../helpers/tiny-project.ts";

// One project for all: each test damages something, sees what doctor says and does, and leaves everything whole.
let project: TinyProject;
let files: ReturnType<typeof storeFiles>;
let first: string;
let serving: string;
const local = (path: string) => join(project.folder, ".switchback/local", path);
const store = (path: string) => join(project.folder, ".switchback/store", path);

const doctor = async (...options: string[]) => {
  const { code, stdout, stderr } = await project.run("doctor", ...options, "--json");
  const { findings } = JSON.parse(stdout || `{"findings":[]}`) as { findings: Finding[] };
  const left = findings.filter(({ state }) => state === "wrong" || state === "unknown");
  return { code, findings, left, stderr };
};
const find = (findings: Finding[], check: string) => findings.find((one) => one.check === check)!;
const expectWhole = async () => {
  const { code, left } = await doctor();
  expect({ code, left }).toEqual({ code: 0, left: [] });
};
const put = (file: string, bytes: Uint8Array | string) => {
  const mode = statSync(file).mode;
  rmSync(file, { force: true });
  writeFileSync(file, bytes, { mode });
};

beforeAll(async () => {
  project = makeTinyProject();
  files = storeFiles(project.folder);
  for (const n of [1, 2]) {
    project.writeApi(`api ${n}`);
    project.writeSite(`site ${n}`);
    expect((await project.run("deploy", "development")).code).toBe(0);
    first = n === 1 ? readdirSync(store("releases"))[0]!.slice(0, 64) : first;
  }
  serving = readdirSync(store("releases"))
    .map((name) => name.slice(0, 64))
    .find((id) => id !== first)!;
});
afterAll(() => project.close());

test("a whole project is told line by line, and exits 0", async () => {
  const { code, stdout } = await project.run("doctor", "development");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^✔ store {2}can be read and written/);
  for (const line of [
    "✔ log development",
    "✔ head",
    "✔ lease",
    "✔ releases",
    "✔ artefacts",
    "✔ supervisor",
    "✔ secrets",
  ])
    expect(stdout).toContain(line);
  expect(stdout).toMatch(/nothing is wrong\n$/);
  expect(stdout).not.toContain("✘");
});

test("an environment that does not exist is a usage error", async () => {
  expect((await project.run("doctor", "developmnet")).code).toBe(2);
});

test("a damaged head is written anew from the log, and only with --repair", async () => {
  const head = files.head();
  flipBit(head);
  const seen = await doctor();
  expect([seen.code, find(seen.left, "head").what]).toEqual([3, "is damaged"]);
  expect(files.head()).toBe(head);
  const repaired = await doctor("--repair");
  expect([repaired.code, find(repaired.findings, "head").state]).toEqual([0, "repaired"]);
  expect(files.head()).not.toBe(head);
  await expectWhole();
});

test("a head that is whole and not the fold of the log is written anew", async () => {
  const head = unseal(readFileSync(files.head()));
  if (head.type !== "whole") throw new Error("the head is damaged");
  const state = head.value["state"] as Record<string, unknown>;
  put(files.head(), seal({ ...head.value, state: { ...state, deployments: 99 } }));
  const seen = await doctor();
  expect([seen.code, find(seen.left, "head").what]).toEqual([3, "is not the fold of the log"]);
  expect((await doctor("--repair")).code).toBe(0);
  await expectWhole();
});

test("a head that is gone is a notice, and made again", async () => {
  rmSync(dirname(files.head()), { recursive: true });
  const seen = await doctor();
  expect([seen.code, find(seen.findings, "head").state]).toEqual([0, "notice"]);
  expect((await doctor("--repair")).findings.find(({ check }) => check === "head")!.state).toBe("repaired");
});

test("a damaged log entry is named, with what is known without it, and never invented", async () => {
  for (const [file, told] of [
    [files.middleEntry(), /its \d+ bytes are not what was written \(sha256 [0-9a-f]{64}, as entry/],
    [files.lastEntry(), /its \d+ bytes are not what was written/],
  ] as const) {
    const mend = damage(file, "cut");
    const before = readFileSync(file);
    for (const { code, left } of [await doctor(), await doctor("--repair")]) {
      expect(code).toBe(4);
      const log = find(left, "log");
      expect(log.what).toMatch(told);
      expect(log.todo).toContain(file.slice(file.indexOf("environments/")));
      expect(log.means).toContain(`r-${serving.slice(0, 12)} served (d-0002)`);
    }
    expect(readFileSync(file)).toEqual(before);
    mend();
  }
  await expectWhole();
});

test("a gap, a cut tail, and an entry that was replaced by a sound one are each told", async () => {
  for (const [file, told] of [
    [files.middleEntry(), /^entry \d+ is missing, and later ones are there$/],
    [files.lastEntry(), /^its tail was cut: it ends at entry \d+, and entry \d+ had been written/],
  ] as const) {
    const away = `${file}.away`;
    renameSync(file, join(project.folder, "away"));
    const { code, left } = await doctor("--repair");
    expect([code, find(left, "log").what]).toEqual([4, expect.stringMatching(told)]);
    expect(existsSync(away)).toBe(false);
    renameSync(join(project.folder, "away"), file);
  }
  const file = files.middleEntry();
  const good = readFileSync(file);
  const entry = unseal(good) as unknown as { value: LogEntry };
  put(file, seal({ ...entry.value, writer: "mallory@laptop" }));
  const { code, left } = await doctor("--repair");
  expect([code, find(left, "log").what]).toEqual([4, expect.stringContaining("does not chain")]);
  put(file, good);
  await expectWhole();
});

test("a damaged lease is cleared by the engine's own rule: watched for its duration, then taken above it", async () => {
  damage(files.lease(), "cut");
  const seen = await doctor();
  expect([seen.code, find(seen.left, "lease").what]).toEqual([3, "is damaged"]);
  const startedMs = performance.now();
  const repaired = await doctor("--repair");
  expect(performance.now() - startedMs).toBeGreaterThan(15_000);
  expect([repaired.code, find(repaired.findings, "lease").state]).toEqual([0, "repaired"]);
  const lease = unseal(readFileSync(files.lease())) as unknown as {
    value: { epoch: number; released: boolean };
  };
  expect(lease.value.released).toBe(true);
  expect(lease.value.epoch).toBeGreaterThan(1000);
  await expectWhole();
}, 60_000);

test("a lease of a dead process is in nobody's way; an open deployment is named with its two ways out", async () => {
  project.writeApi("api 3", "const until = Date.now() + 2000; while (Date.now() < until);");
  const runner = project.start("deploy", "development");
  for (;;) if ((await project.run("status", "development", "--json")).stdout.includes(`"open":{`)) break;
  expect(find((await doctor()).findings, "lease")).toMatchObject({ state: "whole", what: /^held by/ });
  runner.kill("SIGKILL");
  await once(runner, "exit");
  const { code, findings } = await doctor();
  expect(code).toBe(0);
  expect(find(findings, "lease")).toMatchObject({
    state: "notice",
    what: expect.stringContaining("which is gone"),
  });
  expect(find(findings, "deployment").todo).toMatch(/switchback resume .* switchback abort/);
  expect((await project.run("abort", "development")).code).toBe(0);
  await expectWhole();
});

test("a newer version's object is left to that version", async () => {
  const mend = damage(files.lease(), "a newer format");
  const { code, left } = await doctor("--repair");
  expect([code, find(left, "lease").todo]).toEqual([3, expect.stringContaining("upgrade")]);
  mend();
  await expectWhole();
});

test("a damaged release record says who needs it; an earlier whole version mends it", async () => {
  const record = files.record(serving);
  const mend = flipBit(record);
  const seen = await doctor("--repair");
  expect([seen.code, find(seen.left, "release").what]).toEqual([4, "its record is damaged"]);
  expect(find(seen.left, "release").means).toContain("development serves it");
  mend();
  const versions = `${record}.versions`;
  mkdirSync(versions);
  writeFileSync(join(versions, "000000000001"), "half a rec");
  expect((await doctor()).code).toBe(3);
  expect((await doctor("--repair")).code).toBe(0);
  rmSync(versions, { recursive: true });
  await expectWhole();
});

test("a damaged or missing file or manifest is put back from where the same bytes lie", async () => {
  for (const [file, check] of [
    [files.blob(serving, "server.js"), "file"],
    [files.manifest(serving), "tree"],
  ] as const) {
    const good = readFileSync(file);
    flipBit(file);
    const seen = await doctor();
    expect([seen.code, find(seen.left, check).means]).toEqual([
      3,
      expect.stringContaining("development serves it"),
    ]);
    expect((await doctor("--repair")).code).toBe(0);
    expect(readFileSync(file)).toEqual(good);
    rmSync(file);
    expect(find((await doctor()).left, check).what).toContain("is missing");
    expect((await doctor("--repair")).code).toBe(0);
    expect([readFileSync(file), statSync(file).mode & 0o777]).toEqual([good, 0o444]);
  }
  await expectWhole();
});

test("what lies nowhere any more is not invented: it says which release and which way back is lost", async () => {
  expect((await project.run("down")).code).toBe(0);
  renameSync(local("trees"), local("trees.away"));
  const mend = flipBit(files.blob(first, "server.js"));
  const { code, left } = await doctor("--repair");
  expect(code).toBe(4);
  expect(find(left, "file")).toMatchObject({
    means: expect.stringContaining("development cannot roll back to it"),
    todo: expect.stringContaining("switchback release --rebuild"),
  });
  mend();
  renameSync(local("trees.away"), local("trees"));
  await expectWhole();
});

test("temporary files of writers that are gone are removed, those of living ones are not", async () => {
  const log = dirname(files.lastEntry());
  const stale = [
    join(log, ".tmp-4194000-0123456789ab"),
    local("environments/development.json.4194000-01234567.tmp"),
  ];
  const young = join(log, ".tmp-4194000-ba9876543210");
  const living = join(log, `.tmp-${process.pid}-0123456789ab`);
  for (const file of [...stale, young, living]) writeFileSync(file, "half");
  const longAgo = new Date(Date.now() - 60_000);
  for (const file of [...stale, living]) utimesSync(file, longAgo, longAgo);
  expect(find((await doctor()).findings, "temporary files")).toMatchObject({
    state: "notice",
    what: /^2 left over/,
  });
  expect((await doctor("--repair")).code).toBe(0);
  expect([...stale, young, living].map(existsSync)).toEqual([false, false, true, true]);
  for (const file of [young, living]) rmSync(file);
});

test("the supervisor's state, damaged, gone or another than the log's, says the command that puts it right", async () => {
  const file = local("environments/development.json");
  const again = `switchback deploy development --release r-${serving.slice(0, 12)}`;
  const good = readFileSync(file);
  for (const [change, told] of [
    [() => put(file, good.subarray(0, 99)), "is damaged"],
    [() => rmSync(file), "is gone"],
  ] as const) {
    change();
    const { code, left } = await doctor("--repair");
    const found = find(left, "supervisor's state");
    expect([code, found.todo]).toEqual([3, again]);
    expect(found.what).toContain(told);
    writeFileSync(file, good);
  }
  expect((await project.run("deploy", "development", "--release", first.slice(0, 12))).code).toBe(0);
  expect((await project.run("deploy", "development", "--release", serving.slice(0, 12))).code).toBe(0);
  const now = readFileSync(file);
  put(file, now);
  await expectWhole();
});

test("what a killed supervisor left is told and removed, and the next command serves the same", async () => {
  expect((await project.run("run", "development", "--", "true")).code).toBe(0);
  const { pid } = JSON.parse(readFileSync(local("supervisor.json"), "utf8")) as { pid: number };
  process.kill(pid, "SIGKILL");
  const seen = await doctor();
  expect([seen.code, find(seen.findings, "supervisor").state]).toEqual([0, "notice"]);
  expect(find((await doctor("--repair")).findings, "supervisor").state).toBe("repaired");
  expect(existsSync(local("supervisor.json"))).toBe(false);
  writeFileSync(local("gateway.json"), "{");
  expect(find((await doctor()).findings, "supervisor").what).toContain("gateway.json");
  expect((await doctor("--repair")).code).toBe(0);
  expect((await project.run("run", "development", "--", "true")).code).toBe(0);
  await expectWhole();
});

test("a process of the project that runs without a supervisor is told and ended", async () => {
  expect((await project.run("down")).code).toBe(0);
  const env = { ...process.env, SWITCHBACK_PROCESS: "api.0123456789abcdef" };
  const stray = spawn("sleep", ["600"], { cwd: local("trees"), env, stdio: "ignore" });
  const ended = once(stray, "exit");
  const other = spawn("sleep", ["600"], { cwd: local("trees"), stdio: "ignore" });
  try {
    const { code, left } = await doctor();
    expect([code, find(left, "processes").what]).toEqual([
      3,
      expect.stringContaining(`${stray.pid} sleep 600`),
    ]);
    expect((await doctor("--repair")).code).toBe(0);
    expect(await ended).toEqual([null, "SIGKILL"]);
    expect(other.exitCode).toBeNull();
  } finally {
    stray.kill("SIGKILL");
    other.kill("SIGKILL");
  }
});

test("a database folder without its marks, and one without its passwords, are told", async () => {
  const data = local("postgres/data");
  mkdirSync(join(data, "base"), { recursive: true });
  const marks = await doctor("--repair");
  expect([marks.code, find(marks.left, "database").what]).toEqual([
    3,
    expect.stringContaining("a part of the data folder"),
  ]);
  mkdirSync(join(data, "global"));
  writeFileSync(join(data, "PG_VERSION"), "18\n");
  writeFileSync(join(data, "global/pg_control"), "");
  expect(find((await doctor()).left, "database").what).toContain("passwords.json");
  writeFileSync(local("postgres/passwords.json"), "{}");
  expect(find((await doctor()).findings, "database").state).toBe("whole");
  rmSync(local("postgres"), { recursive: true });
});

test("secrets that others can read are made private, and said to have been open", async () => {
  const file = join(project.folder, "../c/switchback/tiny/secrets.json");
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify({ format: 1, environments: {} }), { mode: 0o644 });
  chmodSync(file, 0o644);
  const { code, left } = await doctor();
  expect([code, find(left, "secrets").means]).toEqual([
    3,
    expect.stringContaining("set those that matter anew"),
  ]);
  expect((await doctor("--repair")).code).toBe(0);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  writeFileSync(file, "{");
  const damaged = await doctor("--repair");
  expect([damaged.code, find(damaged.left, "secrets").what]).toEqual([
    3,
    expect.stringContaining("is damaged"),
  ]);
  rmSync(file);
});

test("a store that cannot be used is told, and all else is still looked at", async () => {
  renameSync(store(""), `${store("").replace(/\/$/, "")}.away`);
  writeFileSync(store("").replace(/\/$/, ""), "");
  const { code, findings } = await doctor();
  expect([code, find(findings, "store").state, find(findings, "secrets").state]).toEqual([
    3,
    "wrong",
    "whole",
  ]);
  rmSync(store("").replace(/\/$/, ""));
  renameSync(`${store("").replace(/\/$/, "")}.away`, store("").replace(/\/$/, ""));
  await expectWhole();
});

// Last: it leaves another project.
test("a folder that was deleted under a supervisor that runs is made anew, and doctor takes nobody for dead", async () => {
  rmSync(join(project.folder, ".switchback"), { recursive: true });
  const { code } = await project.run("deploy", "development");
  expect(code).toBe(0);
  await expectWhole();
  expect((await project.get("/")).body).toContain("site 2");
});
