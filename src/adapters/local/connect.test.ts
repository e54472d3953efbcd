import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeNodeScript, type NodeScript } from "../../../test/helpers/node-script.ts";
import { systemClock as clock, until } from "../../../test/helpers/system-clock.ts";
import { ensureSupervisor, stopSupervisor, supervisorOn } from "./connect.ts";
import { identityOf } from "./process-identity.ts";
import { socketPathOf } from "./supervisor/socket-path.ts";

/** A supervisor without services; its first argument says how it starts. */
const SOURCE = `
  import { makeFileArtefacts } from "../artefacts/file-artefacts.ts";
  import { makeGateway } from "./gateway/gateway.ts";
  import { makeProcessRunner } from "./process/process-runner.ts";
  import { makeSecrets } from "./secrets.ts";
  import { runSupervisor } from "./supervisor/supervisor.ts";
  import { systemClock as clock, until } from "../system/clock.ts";
  import { join } from "node:path";
  const [how, dir, socketPath] = process.argv.slice(2);
  if (how === "fails") { console.error("no space left for a supervisor"); process.exit(4); }
  const { signal } = new AbortController();
  const stateDir = join(dir, ".switchback/local");
  await runSupervisor(
    { app: "shop", projectDir: dir, stateDir, socketPath, version: "0.0.0-test", port: null, inherited: {}, signal,
      onReady: () => {}, onMessage: console.error },
    { clock, artefacts: makeFileArtefacts({ folder: dir }), runner: makeProcessRunner({ clock }),
      startPostgres: async () => { throw new Error(); }, startRedis: async () => null, gateway: makeGateway({ clock }),
      secrets: makeSecrets({ file: join(dir, "secrets/secrets.json"), clock }) },
  );
`;

let dir: string;
let script: NodeScript;
let scriptFile: string;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "switchback-connect-"));
  script = await makeNodeScript(SOURCE, import.meta.dirname);
  scriptFile = script.file;
});
afterEach(async () => {
  await stopSupervisor(place(), { clock, onProgress: () => undefined });
  script.remove();
  rmSync(dir, { recursive: true, force: true });
});

const place = (runtimeDir?: string): string => socketPathOf({ projectDir: dir, runtimeDir, tmpdir: dir });
const ensure = (how: string) =>
  ensureSupervisor({
    socketPath: place(),
    stateDir: join(dir, ".switchback/local"),
    projectDir: dir,
    command: [process.execPath, scriptFile, how, dir, place()],
    env: process.env,
    clock,
  });
const stop = (texts: string[] = []) =>
  stopSupervisor(place(), { clock, onProgress: (text) => void texts.push(text) });

test("a supervisor is started once, found again, and stopped", async () => {
  expect(await supervisorOn(place())).toBeNull();
  const started = await ensure("works");
  expect(await ensure("fails")).toMatchObject({ pid: started.pid, app: "shop", projectDir: dir });
  expect(await stop()).toBe(true);
  expect(await identityOf(started.pid)).toBeNull();
  expect(await supervisorOn(place())).toBeNull();
  expect(await stop()).toBe(false);
});

test("commands that start it at once get the same one", async () => {
  const infos = await Promise.all([1, 2, 3].map(() => ensure("works")));
  expect(new Set(infos.map(({ pid }) => pid)).size).toBe(1);
  await stop();
  const processes = () => execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
  await until(() => !processes().includes(dir));
  expect(await supervisorOn(place())).toBeNull();
});

test("a supervisor that cannot start says why, with the lines of this start alone", async () => {
  await ensure("fails").catch(() => undefined);
  await expect(ensure("fails")).rejects.toMatchObject({
    code: "SUPERVISOR_START_FAILED",
    message: "The local supervisor did not start: it exited with code 4.",
    context: { lines: ["no space left for a supervisor"] },
  });
  expect(readFileSync(join(dir, ".switchback/local/supervisor.log"), "utf8").split("\n")).toHaveLength(5);
});

test("a supervisor that does not answer is ended by force", async () => {
  const { pid } = await ensure("works");
  process.kill(pid, "SIGSTOP");
  const texts: string[] = [];
  expect(await stop(texts)).toBe(true);
  expect(texts).toEqual([`process ${pid} does not answer: it is ended by force`]);
  expect(await identityOf(pid)).toBeNull();
});

test("a supervisor that was killed is followed by another", async () => {
  const first = await ensure("works");
  process.kill(first.pid, "SIGKILL");
  while ((await identityOf(first.pid)) !== null) await clock.sleep(5);
  expect(await supervisorOn(place())).toBeNull();
  expect((await ensure("works")).pid).not.toBe(first.pid);
});

test("a session with other variables finds the same supervisor", async () => {
  await ensure("works");
  const runtimeDir = join(dir, "run");
  mkdirSync(runtimeDir, { mode: 0o700 });
  expect(place(runtimeDir)).toBe(place());
  await stop();
  expect(place(runtimeDir)).toMatch(/\/run\/switchback\/[0-9a-f]{16}\.sock$/);
});

test("a folder that others can enter is no place for the socket", () => {
  const uid = process.getuid?.() ?? 0;
  mkdirSync(join(dir, `switchback-${uid}`), { mode: 0o755 });
  expect(() => place()).toThrow("is not a private folder of this user");
  rmSync(join(dir, `switchback-${uid}`), { recursive: true });
});

test("a path that no socket can have is named", () => {
  expect(() =>
    socketPathOf({ projectDir: dir, runtimeDir: undefined, tmpdir: join(dir, "x".repeat(90)) }),
  ).toThrow("is too long for the name of a socket");
});
