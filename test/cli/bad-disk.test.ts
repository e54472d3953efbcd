import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mountSmallDisk, type SmallDisk } from "../helpers/faulty-disk.ts";
import { makeTinyProject, type TinyProject } from "../helpers/tiny-project.ts";
import { errorOf, expectTold } from "../helpers/told.ts";

// The project's .switchback is a file system of its own, of 6 MB: real ENOSPC, wherever it strikes.
let project: TinyProject;
let disk: SmallDisk;
let n = 0;

const run = (...args: string[]) => project.run(...args, "--json");
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
const isOpen = async () =>
  (JSON.parse((await run("status", "development")).stdout) as { open: unknown }[])[0]!.open !== null;

beforeEach(() => {
  project = makeTinyProject();
  disk = mountSmallDisk(join(project.folder, ".switchback"), "6m");
  change();
});
afterEach(async () => {
  disk.free();
  await project.run("down");
  disk.close();
  await project.close();
});

test("on a full disk nothing is begun, what serves goes on, and everything can still be read", async () => {
  disk.fill();
  expect(expectTold(await run("deploy", "development"), 3, "STORE_UNWRITABLE").message).toContain("full");
  disk.free();
  await deployed();
  change();
  await deployed();
  change();
  disk.fill();
  for (const command of ["plan", "deploy", "rollback", "lock"]) {
    const error = expectTold(await run(command, "development"), 3, "STORE_UNWRITABLE");
    expect([error.message, error.hint]).toEqual([
      expect.stringContaining("full"),
      expect.stringContaining("space"),
    ]);
  }
  expectTold(await run("release"), 3, "STORE_UNWRITABLE");
  for (const command of [["status"], ["history"], ["history", "--verify"], ["logs"]])
    expect((await run(command[0]!, "development", ...command.slice(1))).code).toBe(0);
  expect(await serves()).toEqual([`api ${n - 1}`, `site ${n - 1}`]);
  disk.free();
  await deployed();
});

test.each(["resume", "abort"])(
  "a disk that fills up where the files are written out leaves a deployment to %s",
  async (how) => {
    await deployed();
    const before = await serves();
    change();
    writeFileSync(join(project.folder, "api/large.bin"), Buffer.alloc(1_500_000, 7));
    expect((await run("release")).code).toBe(0);
    disk.fill(600_000);
    const error = expectTold(await run("deploy", "development"), 4, "OUTCOME_UNKNOWN");
    expect([error.message, error.hint]).toEqual([
      expect.stringContaining("full"),
      expect.stringContaining("switchback resume development"),
    ]);
    expect(await serves()).toEqual(before);
    disk.free();
    expect((await run(how, "development")).code).toBe(0);
    expect(await serves()).toEqual(how === "abort" ? before : [`api ${n}`, `site ${n}`]);
    await deployed();
  },
);

test(
  "wherever the last page of the disk goes, the exit code is true and nothing is lost",
  { timeout: 300_000 },
  async () => {
    await deployed();
    const codes: number[] = [];
    for (let pages = 1; pages <= 45; pages += pages < 9 ? 1 : 4) {
      const before = await serves();
      change();
      expect((await run("release")).code).toBe(0);
      disk.fill(pages * 4096);
      const ran = await run("deploy", "development");
      codes.push(ran.code);
      if (ran.code === 0) expect(await serves()).toEqual([`api ${n}`, `site ${n}`]);
      else if (ran.code === 1)
        expect([errorOf(ran).hint, await serves()]).toEqual([expect.any(String), before]);
      else {
        const code = ran.code === 3 ? "STORE_UNWRITABLE" : "OUTCOME_UNKNOWN";
        expectTold(ran, ran.code === 3 ? 3 : 4, code);
        if (ran.code === 3) expect(await serves()).toEqual(before);
      }
      const open = await isOpen();
      expect(open).toBe(ran.code === 4);
      disk.free();
      if (open) expect((await run("resume", "development")).code).toBe(0);
      await deployed();
      expect((await run("history", "development", "--verify")).code).toBe(0);
    }
    // The range is wide enough: none fitted in the first, all in the last.
    expect([codes[0], codes.at(-1), codes.includes(4)]).toEqual([3, 0, true]);
  },
);

test("a supervisor that is killed on a full disk is missed with a clear word, and serves again with space", async () => {
  await deployed();
  const served = await serves();
  disk.fill();
  const { pid } = JSON.parse(
    readFileSync(join(project.folder, ".switchback/local/supervisor.json"), "utf8"),
  ) as { pid: number };
  process.kill(pid, "SIGKILL");
  while (
    await project.get("/").then(
      () => true,
      () => false,
    )
  );
  const ran = await run("deploy", "development");
  expectTold(ran, 3, "SUPERVISOR_START_FAILED");
  expect(ran.stderr).toMatch(/disk is full[^]*free some space/);
  expect((await run("status", "development")).code).toBe(0);
  disk.free();
  expect((await run("deploy", "development")).code).toBe(0);
  project.forgetPort();
  expect(await serves()).toEqual(served);
});

test("output that cannot be written is told, and not taken for an answer", async () => {
  const ran = await project.runWith(
    { wrapper: ["sh", "-c", 'exec "$@" > /dev/full', "sh"] },
    "status",
    "development",
  );
  expect([ran.code, ran.stderr]).toEqual([3, expect.stringContaining("disk is full")]);
});
