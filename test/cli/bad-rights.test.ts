import { chmodSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeReadOnly, withoutPrivilege } from "../helpers/faulty-disk.ts";
import { makeTinyProject, type TinyProject } from "../helpers/tiny-project.ts";
import { expectTold } from "../helpers/told.ts";

let project: TinyProject;
const undo: (() => void)[] = [];
let n = 0;

const run = (...args: string[]) => project.runWith({ wrapper: withoutPrivilege() }, ...args, "--json");
const inProject = (path: string) => join(project.folder, path);
const serves = async () => [(await project.get("/api/hello")).body, (await project.get("/")).body];
const change = () => {
  project.writeApi(`api ${++n}`);
  project.writeSite(`site ${n}`);
};
const deployed = async () => {
  expect((await run("deploy", "development")).code).toBe(0);
  // Tests beside this one take ports too: a supervisor that was down may have another address now.
  project.forgetPort();
  expect(await serves()).toEqual([`api ${n}`, `site ${n}`]);
};
const readOnly = (path: string) => undo.push(makeReadOnly(inProject(path)));
/** Takes rights away; permission bits bind the commands of this test, whoever runs it. */
const forbid = (path: string, mode: number, before: number) => {
  chmodSync(inProject(path), mode);
  undo.push(() => chmodSync(inProject(path), before));
};
const allow = () =>
  undo
    .splice(0)
    .reverse()
    .forEach((step) => step());

beforeEach(() => {
  project = makeTinyProject();
  change();
});
afterEach(async () => {
  allow();
  await project.close();
});

test("a project on a read-only file system can be looked at, and is deployed once it is writable", async () => {
  readOnly(".");
  expect((await run("status")).code).toBe(0);
  expect((await run("history", "development")).code).toBe(0);
  for (const args of [["deploy", "development"], ["lock", "development"], ["release"], ["up"]]) {
    const error = expectTold(await run(...args), 3, "STORE_UNWRITABLE");
    expect(error.message).toContain("read-only");
  }
  allow();
  await deployed();
});

test("a store that becomes read-only keeps serving, tells what serves, and goes on when it is writable", async () => {
  await deployed();
  change();
  await deployed();
  change();
  readOnly(".switchback");
  for (const args of [["status"], ["history"], ["history", "--verify"], ["logs"]])
    expect((await run(args[0]!, "development", ...args.slice(1))).code).toBe(0);
  for (const command of ["plan", "deploy", "rollback", "resume", "abort", "lock"]) {
    const error = expectTold(await run(command, "development"), 3, "STORE_UNWRITABLE");
    expect(error.message).toContain("read-only");
  }
  expect(await serves()).toEqual([`api ${n - 1}`, `site ${n - 1}`]);
  allow();
  await deployed();
});

test("a supervisor that cannot be started where nothing can be written says why", async () => {
  await deployed();
  expect((await run("down")).code).toBe(0);
  readOnly(".switchback");
  expectTold(await run("deploy", "development"), 3, "STORE_UNWRITABLE");
  allow();
  await deployed();
});

test.each([
  ["the store's folder", ".switchback/store", 0o000, 0o755, ["status", "deploy", "history", "lock"]],
  ["the log's folder", ".switchback/store/environments/development/log", 0o500, 0o755, ["deploy", "lock"]],
  ["the blobs", ".switchback/store/blobs", 0o500, 0o755, ["deploy"]],
  ["the release records", ".switchback/store/releases", 0o500, 0o755, ["deploy"]],
  ["a source file", "api/server.js", 0o000, 0o644, ["deploy", "plan"]],
  ["a source folder", "api", 0o000, 0o755, ["deploy"]],
] as const)(
  "without the right to %s it is named, and nothing is lost",
  async (_what, path, mode, before, commands) => {
    await deployed();
    change();
    project.writeSite(`site ${n} ${"-".repeat(9)}`);
    forbid(path, mode, before);
    for (const command of commands) {
      const error = expectTold(await run(command, "development"), 3, "STORE_UNWRITABLE");
      expect([error.message, error.hint]).toEqual([
        expect.stringContaining("permission"),
        expect.stringContaining("right"),
      ]);
      expect(error.message).toContain(path.startsWith(".switchback") ? "store" : path);
    }
    expect(await serves()).toEqual([`api ${n - 1}`, `site ${n - 1}`]);
    allow();
    project.writeSite(`site ${n}`);
    await deployed();
  },
);

test("a configuration that may not be read is named, with and without a cache of it", async () => {
  for (const cached of [true, false]) {
    expect((await run("status")).code).toBe(0);
    if (!cached) rmSync(inProject(".switchback/cache"), { recursive: true });
    forbid("switchback.config.mjs", 0o000, 0o644);
    const error = expectTold(await run("status"), 2, "CONFIG_UNREADABLE");
    expect([error.message, error.hint]).toEqual([
      expect.stringMatching(/switchback\.config\.mjs cannot be read: permission is missing/),
      expect.stringContaining("right"),
    ]);
    allow();
  }
  await deployed();
});
