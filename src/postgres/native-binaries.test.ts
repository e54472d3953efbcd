import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  readdirSync,
  rmSync,
} from "node:fs";
import { chmodSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ensureBinaries } from "./native-binaries.ts";
import type { NativePackage } from "./native-package.ts";
import { serverUser } from "./server-user.ts";

const ROOT = process.getuid?.() === 0;
const user = serverUser();

let folder = "";
let copiesIn = "";
let found: NativePackage;

/** A package as npm leaves it: without the links to its libraries. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "native-binaries-"));
  chmodSync(folder, 0o755);
  copiesIn = join(folder, "tmp");
  const native = join(folder, "package", "native");
  for (const path of ["bin", "lib/deep", "share"]) mkdirSync(join(native, path), { recursive: true });
  writeFileSync(join(native, "bin", "postgres"), "program", { mode: 0o755 });
  writeFileSync(join(native, "lib", "libx.so.1.2"), "library");
  writeFileSync(join(native, "lib", "deep", "y.so"), "library");
  const links = [{ source: "native/lib/libx.so.1.2", target: "native/lib/libx.so.1" }];
  writeFileSync(join(native, "pg-symlinks.json"), JSON.stringify(links));
  mkdirSync(copiesIn, { mode: 0o755 });
  found = { version: "18.4.0", major: 18, native };
});
afterEach(() => rmSync(folder, { recursive: true }));

const expectWhole = (copy: string): void => {
  expect(readFileSync(join(copy, "bin", "postgres"), "utf8")).toBe("program");
  expect(readFileSync(join(copy, "lib", "libx.so.1"), "utf8")).toBe("library");
  expect(readlinkSync(join(copy, "lib", "libx.so.1"))).toBe("libx.so.1.2");
  expect(existsSync(join(copy, "lib", "deep", "y.so"))).toBe(true);
};

test("a package that is linked already and can be read is used where it is", async () => {
  symlinkSync("libx.so.1.2", join(found.native, "lib", "libx.so.1"));
  expect(await ensureBinaries(found, { user, copiesIn })).toBe(found.native);
  expect(readdirSync(copiesIn)).toEqual([]);
});

test("a package without its links is copied once, by however many at once, and then used again", async () => {
  const copies = await Promise.all(
    Array.from({ length: 4 }, () => ensureBinaries(found, { user, copiesIn })),
  );
  expect(new Set(copies).size).toBe(1);
  expectWhole(copies[0] ?? "");
  expect(await ensureBinaries(found, { user, copiesIn })).toBe(copies[0]);
  expect(readdirSync(copiesIn)).toHaveLength(1);
});

test("a copy from which something was swept away is made anew", async () => {
  const copy = await ensureBinaries(found, { user, copiesIn });
  rmSync(join(copy, "lib", "deep", "y.so"));
  expect(await ensureBinaries(found, { user, copiesIn })).toBe(copy);
  expectWhole(copy);
  expect(readdirSync(copiesIn)).toHaveLength(1);
});

test("a folder of that name that others can write is never used", async () => {
  const planted = await ensureBinaries(found, { user, copiesIn });
  chmodSync(planted, 0o777);
  const copy = await ensureBinaries(found, { user, copiesIn });
  expect(copy).not.toBe(planted);
  expectWhole(copy);
});

describe.runIf(ROOT)("as root", () => {
  test("a package below a folder of root's alone is copied to where the server's user can run it", async () => {
    symlinkSync("libx.so.1.2", join(found.native, "lib", "libx.so.1"));
    chmodSync(join(folder, "package"), 0o700);
    const before = process.umask(0o077);
    const copy = await ensureBinaries(found, { user, copiesIn }).finally(() => process.umask(before));
    expect(copy.startsWith(copiesIn)).toBe(true);
    expectWhole(copy);
    expect(statSync(join(copy, "lib", "deep", "y.so")).mode & 0o005).toBe(0o005);
  });

  test("a folder that another user put there is never used", async () => {
    const planted = await ensureBinaries(found, { user, copiesIn });
    chownSync(planted, user?.uid ?? 0, user?.gid ?? 0);
    expect(await ensureBinaries(found, { user, copiesIn })).not.toBe(planted);
  });

  test("a temporary folder that nobody else may enter is told", async () => {
    chmodSync(copiesIn, 0o700);
    await expect(ensureBinaries(found, { user, copiesIn })).rejects.toMatchObject({
      code: "DATABASE_ABSENT",
      hint: expect.stringContaining("TMPDIR"),
    });
  });
});
