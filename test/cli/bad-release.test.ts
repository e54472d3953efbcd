import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Release } from "../../src/domain/release.ts";
import { damage as damageFile, flipBit, storeFiles, type Damage } from "../helpers/store-files.ts";
import { makeTinyProject, type TinyProject } from "../helpers/tiny-project.ts";
import { expectTold } from "../helpers/told.ts";

let project: TinyProject;
let files: ReturnType<typeof storeFiles>;
let n = 0;
let mend: () => void = () => undefined;
const damage = (file: string, how: Damage) => (mend = damageFile(file, how));

const run = (...args: string[]) => project.run(...args, "--json");
const serves = async () => [(await project.get("/api/hello")).body, (await project.get("/")).body];
const change = () => {
  project.writeApi(`api ${++n}`);
  project.writeSite(`site ${n}`);
};
const deployed = async () => {
  mend();
  mend = () => undefined;
  expect((await run("deploy", "development")).code).toBe(0);
  // Tests beside this one take ports too: a supervisor that was down may have another address now.
  project.forgetPort();
  expect(await serves()).toEqual([`api ${n}`, `site ${n}`]);
};
const servingId = async () =>
  (JSON.parse((await run("status", "development")).stdout) as { release: string }[])[0]!.release;
const build = async (...options: string[]) =>
  (JSON.parse((await run("release", ...options)).stdout) as { release: Release }).release.id;

beforeAll(async () => {
  project = makeTinyProject();
  files = storeFiles(project.folder);
  for (let round = 0; round < 2; round++) {
    change();
    await deployed();
  }
});
afterEach(() => {
  mend();
  mend = () => undefined;
});
afterAll(() => project.close());

test("a damaged record of what serves is named by every command that needs it, and can be put back", async () => {
  const id = await servingId();
  damage(files.record(id), "cut");
  for (const command of ["status", "plan", "deploy"]) {
    const error = expectTold(await run(command, "development"), 4, "STORE_CORRUPT");
    expect(error.message).toContain(`r-${id.slice(0, 12)}`);
    expect(error.hint).toContain("switchback release --rebuild");
  }
  expect(await serves()).toEqual([`api ${n}`, `site ${n}`]);
  await deployed();
});

test("a damaged record is recorded anew by the command that its error names", async () => {
  const id = await servingId();
  damageFile(files.record(id), "edited");
  expectTold(await run("deploy", "development"), 4, "STORE_CORRUPT");
  expect(await build("--rebuild")).toBe(id);
  await deployed();
  expect((await run("releases")).stdout).toContain(id);
  expect((await run("rollback", "development")).code).toBe(0);
  await deployed();
});

test("a record of a newer version is left to that version", async () => {
  damage(files.record(await servingId()), "a newer format");
  for (const command of ["status", "deploy"])
    expectTold(await run(command, "development"), 3, "FORMAT_TOO_NEW");
  await deployed();
});

test.each(["cut", "emptied", "edited"] as const)(
  "a manifest that is %s stops the deployment before anything changes",
  async (how) => {
    const before = await serves();
    change();
    const id = await build();
    damage(files.manifest(id), how);
    const error = expectTold(await run("deploy", "development"), 1, "ARTEFACT_MISSING");
    expect(error.hint).toContain("switchback release --rebuild");
    expect(await serves()).toEqual(before);
    if (how !== "cut") {
      expect(await build("--rebuild")).toBe(id);
      mend = () => undefined;
    }
    await deployed();
  },
);

test("a manifest of a newer version is left to that version", async () => {
  change();
  const before = await serves();
  damage(files.manifest(await build()), "a newer format");
  const refused = await run("deploy", "development");
  expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining("ARTEFACT_MISSING")]);
  expect(await serves()).toEqual(before);
  await deployed();
});

test("a flipped bit in a stored file is found before that file is served", async () => {
  const before = await serves();
  change();
  const id = await build();
  mend = flipBit(files.blob(id, "server.js"));
  const error = expectTold(await run("deploy", "development"), 1, "ARTEFACT_MISSING");
  expect(error.message).toContain("server.js");
  expect(await serves()).toEqual(before);
  await deployed();
  change();
  const next = await build();
  flipBit(files.blob(next, "server.js"));
  expectTold(await run("deploy", "development"), 1, "ARTEFACT_MISSING");
  expect(await build("--rebuild")).toBe(next);
  await deployed();
});

test("a file that was changed where it is run from is written anew at the next start", async () => {
  expect((await run("down")).code).toBe(0);
  const trees = join(project.folder, ".switchback/local/trees");
  const changed = readdirSync(trees)
    .map((tree) => join(trees, tree, "server.js"))
    .filter((file) => readdirSync(join(file, "..")).includes("server.js"));
  for (const file of changed) {
    chmodSync(file, 0o644);
    writeFileSync(file, readFileSync(file, "utf8").replace(/api \d+/, "forged"));
    chmodSync(file, 0o444);
  }
  expect(changed.length).toBeGreaterThan(0);
  await deployed();
});

test.each(["cut", "emptied", "no JSON"] as const)(
  "the supervisor's own state, %s while it is down, is set aside, and a deploy serves again",
  async (how) => {
    expect((await run("down")).code).toBe(0);
    damageFile(join(project.folder, ".switchback/local/environments/development.json"), how);
    for (const name of ["gateway.json", "supervisor.json"])
      rmSync(join(project.folder, ".switchback/local", name), { force: true });
    await deployed();
  },
);
