import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { bundle } from "../../scripts/run-bundle.mjs";

const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const PROGRAM = "test/rig/rig-process.ts";

for (const signal of ["SIGTERM", "SIGKILL"] as const)
  test(`moto ends with the rig's process: ${signal}`, async () => {
    const child = spawn(process.execPath, [await bundle(PROGRAM)], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
    const { motoPid } = JSON.parse(line) as { motoPid: number };
    expect(alive(motoPid)).toBe(true);
    child.kill(signal);
    await once(child, "exit");
    await expect.poll(() => alive(motoPid), { timeout: 10_000 }).toBe(false);
  });
