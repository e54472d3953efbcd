import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EnvironmentDiff } from "../../src/infra/environment-diff.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "switchback-diff-"));
  cpSync("examples/rideshare/switchback.config.ts", join(folder, "switchback.config.ts"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the real command line says of the example, of which nothing is built or deployed. */
const diff = (...args: string[]) =>
  spawnSync(process.execPath, [resolve("dist/main.js"), "diff", ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", XDG_CONFIG_HOME: folder, XDG_RUNTIME_DIR: folder, LANG: "C.UTF-8" },
  });

test("two environments are compared side by side, without a release and without a platform", () => {
  const { status, stdout, stderr } = diff("staging", "production");
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("the same shape: the same parts, in other sizes");
  expect(stdout).toMatch(/^ {4}instance +db\.t4g\.micro +db\.m7g\.large$/m);
  expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test("--json has the same as data", () => {
  const { status, stdout } = diff("development", "production", "--json");
  const found = JSON.parse(stdout) as EnvironmentDiff;
  expect(status).toBe(0);
  expect(found.environments).toEqual(["development", "production"]);
  expect(found.shape).toEqual([{ group: "environment", name: "platform", values: ["local", "aws"] }]);
});

test("a misspelt environment beside a right one is named with the nearest, a release beside it as what it is", () => {
  const misspelt = diff("staging", "prodution");
  expect(misspelt.status).toBe(2);
  expect(misspelt.stderr).toContain("ENVIRONMENT_UNKNOWN");
  expect(misspelt.stderr).toContain("did you mean production?");
  const mixed = diff("r-0123456789ab", "staging");
  expect(mixed.status).toBe(2);
  expect(mixed.stderr.replaceAll(/\s+/g, " ")).toContain(
    "staging is an environment and r-0123456789ab a release",
  );
});

test("two names that are no environments are releases, as before", () => {
  const { status, stderr } = diff("r-0123456789ab", "r-ba9876543210");
  expect(status).toBe(2);
  expect(stderr).toContain("RELEASE_UNKNOWN");
});
