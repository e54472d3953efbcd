import { once } from "node:events";
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { damage as damageFile, storeFiles, type Damage } from "../helpers/store-files.ts";
import { makeTinyProject, type TinyProject } from "../helpers/tiny-project.ts";
import { expectTold } from "../helpers/told.ts";

// One project for all: each test damages an object, sees what every command says, and puts the object back.
let project: TinyProject;
let files: ReturnType<typeof storeFiles>;
let n = 0;
/** Puts back what is damaged; also after a test that failed, so that the next one starts from a whole store. */
let mend: () => void = () => undefined;
const damage = (file: string, how: Damage) => (mend = damageFile(file, how));

const run = (...args: string[]) => project.run(...args, "--json");
const serves = async () => [(await project.get("/api/hello")).body, (await project.get("/")).body];
const change = () => {
  project.writeApi(`api ${++n}`);
  project.writeSite(`site ${n}`);
};
const goesOn = async () => {
  mend();
  mend = () => undefined;
  expect((await run("deploy", "development")).code).toBe(0);
  expect(await serves()).toEqual([`api ${n}`, `site ${n}`]);
  expect((await run("history", "development", "--verify")).code).toBe(0);
};

beforeAll(async () => {
  project = makeTinyProject();
  files = storeFiles(project.folder);
  for (let round = 0; round < 2; round++) {
    change();
    expect((await run("deploy", "development")).code).toBe(0);
  }
});
afterEach(() => {
  mend();
  mend = () => undefined;
});
afterAll(() => project.close());

const READING = ["status", "history", "plan"];
const CHANGING = ["deploy", "rollback", "resume", "abort", "lock", "unlock"];
const inDevelopment = (verb: string) => run(verb, "development");
const verify = () => run("history", "development", "--verify");
const nameOf = (file: string) => file.slice(file.indexOf("environments/"));

test("a damaged last entry of the log is named and never built upon", async () => {
  const entry = files.lastEntry();
  const served = await serves();
  damage(entry, "cut");
  // The head tells what serves, as long as nobody wants to change it.
  for (const command of READING) expect((await inDevelopment(command)).code).toBe(0);
  for (const command of CHANGING) {
    const error = expectTold(await inDevelopment(command), 4, "LOG_BROKEN");
    expect(error.message).toContain(nameOf(entry));
  }
  expect(expectTold(await verify(), 4, "LOG_BROKEN").message).toContain(nameOf(entry));
  expect(await serves()).toEqual(served);
  await goesOn();
});

test.each<[Damage, number, string]>([
  ["emptied", 4, "LOG_BROKEN"],
  ["edited", 4, "LOG_BROKEN"],
  ["another object", 4, "LOG_BROKEN"],
  ["a newer format", 3, "FORMAT_TOO_NEW"],
])("so is one that is %s", async (how, exit, code) => {
  damage(files.lastEntry(), how);
  for (const command of ["deploy", "rollback"]) expectTold(await inDevelopment(command), exit, code);
  await goesOn();
});

test("damage in the middle of the log is found by --verify, and by every command that has no head", async () => {
  const entry = files.middleEntry();
  for (const [how, exit, code] of [
    ["edited", 4, "LOG_BROKEN"],
    ["a newer format", 3, "FORMAT_TOO_NEW"],
  ] as const) {
    damage(entry, how);
    expect(expectTold(await verify(), exit, code).message).toContain(nameOf(entry));
    expect((await run("status", "development")).code).toBe(0);
    mend();
  }
  const served = await serves();
  rmSync(dirname(files.head()), { recursive: true });
  damage(entry, "cut");
  for (const command of [...READING, ...CHANGING]) expectTold(await inDevelopment(command), 4, "LOG_BROKEN");
  expect(await serves()).toEqual(served);
  change();
  await goesOn();
});

test.each(["cut", "edited", "another object"] as const)(
  "a head that is %s is only a cache: everything goes on, and the next deployment writes it anew",
  async (how) => {
    const head = files.head();
    damageFile(head, how);
    const before = await serves();
    for (const command of READING) expect((await inDevelopment(command)).code).toBe(0);
    change();
    expect((await run("deploy", "development")).code).toBe(0);
    expect(files.head()).not.toBe(head);
    expect((await run("rollback", "development")).code).toBe(0);
    expect(await serves()).toEqual(before);
    await goesOn();
  },
);

test("a head of a newer version is left to that version", async () => {
  damage(files.head(), "a newer format");
  for (const command of ["status", "plan", "deploy", "lock"])
    expectTold(await inDevelopment(command), 3, "FORMAT_TOO_NEW");
  await goesOn();
});

test("a lease that is damaged is waited out, as its holder may live, and taken over", async () => {
  damageFile(files.lease(), "cut");
  expect((await run("status", "development")).code).toBe(0);
  change();
  const deploy = await project.run("deploy", "development");
  expect([deploy.code, deploy.stderr]).toEqual([0, expect.stringContaining("damaged lease")]);
  damage(files.lease(), "a newer format");
  expectTold(await run("deploy", "development"), 3, "FORMAT_TOO_NEW");
  await goesOn();
});

test("a killed deployment whose last entry is damaged is neither resumed nor taken back by guessing", async () => {
  const before = await serves();
  project.writeApi(`api ${++n}`, "const until = Date.now() + 2000; while (Date.now() < until);");
  project.writeSite(`site ${n}`);
  const runner = project.start("deploy", "development");
  while (!(await run("status", "development")).stdout.includes(`"open":{`)) await wait(20);
  runner.kill("SIGKILL");
  await once(runner, "exit");
  damage(files.lastEntry(), "cut");
  for (const command of ["status", "resume", "abort", "deploy", "rollback"])
    expectTold(await inDevelopment(command), 4, "LOG_BROKEN");
  expect(await serves()).toEqual(before);
  mend();
  expect((await run("resume", "development")).code).toBe(0);
  await goesOn();
});
