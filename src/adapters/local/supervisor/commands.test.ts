import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { context, makeLocalProject, type LocalProject } from "../../../../test/helpers/local-project.ts";
import { until } from "../../../../test/helpers/system-clock.ts";
import type { Platform } from "../../../ports/platform.ts";
import { identityOf } from "../process-identity.ts";

let project: LocalProject;
let platform: Platform;

beforeEach(async () => {
  project = makeLocalProject();
  await project.start();
  platform = project.platform();
});
afterEach(() => project.remove());

test("a command runs in the service's files with its settings, and its exit code is an answer", async () => {
  const { spec } = await project.revision({ env: { COLOUR: "green" } });
  const progress: string[] = [];
  const result = await platform.runCommand(
    'ls; echo "$COLOUR $NODE_ENV"; echo "port: $PORT" >&2; exit 3',
    spec,
    context({ onProgress: (text) => void progress.push(text) }),
  );
  expect(result).toEqual({
    exitCode: 3,
    stdout: "server.cjs\ngreen production\n",
    lines: expect.arrayContaining(["server.cjs", "green production", "port: "]),
  });
  expect(progress.sort()).toEqual(["green production", "port: ", "server.cjs"]);
});

test("secrets reach the command and are masked in all that it prints", async () => {
  await project.secrets.set("development", "API_KEY", { text: "hunter2-is-long" });
  const { spec } = await project.revision({ secrets: { API_KEY: "v1" } });
  const progress: string[] = [];
  const onProgress = (text: string): void => void progress.push(text);
  const result = await platform.runCommand('echo "key=$API_KEY"', spec, context({ onProgress }));
  expect(result).toEqual({ exitCode: 0, stdout: "key=***\n", lines: ["key=***"] });
  expect(progress).toEqual(["key=***"]);
});

test("a secret that crashes a service is masked in the error", async () => {
  await project.secrets.set("development", "API_KEY", { text: "hunter2-is-long" });
  const staged = await project.revision({ secrets: { API_KEY: "v1" }, env: { EXIT: "1" } });
  await platform.stageRevision(staged, context());
  await expect(platform.setInstances("api", { [staged.revision]: 1 }, context())).rejects.toMatchObject({
    context: { lines: ["booting v1", "cannot go on: ***"] },
  });
});

test("a service whose bound secret is gone is refused with the command that sets it", async () => {
  const staged = await project.revision({ secrets: { API_KEY: "v1" } });
  await platform.stageRevision(staged, context());
  await expect(platform.setInstances("api", { [staged.revision]: 1 }, context())).rejects.toMatchObject({
    code: "SECRET_MISSING",
    hint: "set it with: switchback secret set development API_KEY",
  });
});

test("a cancelled command is stopped with all that it started", async () => {
  const { spec } = await project.revision();
  const flag = join(project.dir, "alive");
  const controller = new AbortController();
  const run = platform.runCommand(
    `sleep 100 & echo $! > ${flag}; mv ${flag} ${flag}.started; wait`,
    spec,
    context({ signal: controller.signal }),
  );
  run.catch(() => undefined);
  await until(() => existsSync(`${flag}.started`));
  controller.abort();
  await expect(run).rejects.toMatchObject({ code: "INTERRUPTED" });
  const sleeper = Number(readFileSync(`${flag}.started`, "utf8"));
  expect(await identityOf(sleeper)).toBeNull();
});

test("a command that is part of no deployment is neither fenced nor ended by one", async () => {
  const { spec } = await project.revision();
  const signal = new AbortController().signal;
  await platform.observe({ signal, epoch: 7 });
  const running = platform.runCommand("sleep 0.5 && echo done", spec, {
    epoch: null,
    deployment: null,
    signal,
  });
  await platform.observe({ signal, epoch: 8 });
  expect(await running).toMatchObject({ exitCode: 0, stdout: "done\n" });
});

test("a command is stopped by a higher epoch before that deployer sees anything", async () => {
  const { spec } = await project.revision();
  const flag = join(project.dir, "flag");
  const run = platform.runCommand(
    `trap 'sleep 0.3; echo ended > ${flag}; exit 1' TERM; echo > ${flag}.started; while :; do sleep 0.05; done`,
    spec,
    context(),
  );
  run.catch(() => undefined);
  await until(() => existsSync(`${flag}.started`));
  await platform.observe({ signal: new AbortController().signal, epoch: 2 });
  expect(existsSync(flag)).toBe(true);
  await expect(run).rejects.toMatchObject({ code: "FENCED" });
});

test("long output is kept up to a megabyte", async () => {
  const { spec } = await project.revision();
  const result = await platform.runCommand("yes 0123456789 | head -c 3000000", spec, context());
  expect(result.stdout.length).toBe(1024 * 1024);
  expect(result.lines.length).toBe(100);
});

test("applied migrations are read from the status command", async () => {
  const { spec } = await project.revision();
  const migrations = {
    service: "api",
    folder: "migrations",
    up: "true",
    down: null,
    status: "echo 001-init; echo; echo 002-rides",
    names: ["001-init", "002-rides"],
  };
  expect(await platform.appliedMigrations(migrations, spec, context())).toEqual(["001-init", "002-rides"]);
  const failing = { ...migrations, status: "echo no database >&2; exit 1" };
  await expect(platform.appliedMigrations(failing, spec, context())).rejects.toMatchObject({
    code: "MIGRATION_FAILED",
    context: { lines: ["no database"] },
  });
});

test("a smoke check goes through the front door and says what came instead", async () => {
  const v1 = await project.revision();
  await platform.stageRevision(v1, context());
  await platform.setInstances("api", { [v1.revision]: 1 }, context());
  await platform.setWeights("api", { [v1.revision]: 100 }, context());
  const { signal } = new AbortController();
  await platform.smoke({ path: "/", status: 200, contains: "v1" }, { signal });
  await expect(platform.smoke({ path: "/", status: 201, contains: null }, { signal })).rejects.toMatchObject({
    code: "SMOKE_FAILED",
    message: "GET / answered 200 instead of 201",
  });
  await expect(
    platform.smoke({ path: "/", status: 200, contains: "unicorn" }, { signal }),
  ).rejects.toMatchObject({ code: "SMOKE_FAILED", message: 'GET / answered without "unicorn"' });
});
