import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeNodeScript, type NodeScript } from "../../../../test/helpers/node-script.ts";
import { systemClock, until } from "../../../../test/helpers/system-clock.ts";

let folder = "";
let host: NodeScript;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "supervisor-death-"));
  host = await makeNodeScript(
    `
    import { makeProcessRunner } from "./process-runner.ts";
    import { systemClock } from "../../../../test/helpers/system-clock.ts";
    const [folder, token, command, count] = process.argv.slice(2);
    const runner = makeProcessRunner({ clock: systemClock });
    for (let number = 0; number < Number(count); number++) {
      const one = runner.start({ id: token + "-" + number, command, cwd: folder, env: { PATH: process.env.PATH, TOKEN: token },
        memoryMb: null, stopMs: 1000, logFile: folder + "/" + token + "-" + number + ".log" });
      console.log("started", number);
      await systemClock.sleep(1);
    }
    setInterval(() => {}, 1000);`,
    import.meta.dirname,
  );
});
afterAll(() => {
  host.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Command lines of everything alive that carries the token: by its environment, or as a watcher by its arguments. */
const carriers = (token: string): string[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const text = readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ");
        return `${text} ${readFileSync(`/proc/${pid}/environ`, "latin1")}`.includes(token) ? [text] : [];
      } catch {
        return [];
      }
    });

const newToken = (): string => `token-${randomBytes(8).toString("hex")}`;

test.runIf(process.platform === "linux")(
  "SIGKILL of the supervisor leaves no process: not a child, not a daemon, not one that ignores signals",
  async () => {
    const token = newToken();
    const command = `trap '' TERM HUP; setsid sleep 1000 & (sleep 1000 & sleep 1000) & while :; do sleep 1000; done`;
    const { child, ended } = host.start([folder, token, command, "2"]);
    await until(() => carriers(token).filter((text) => text.includes("sleep 1000")).length >= 8);
    expect(
      carriers(token).filter((text) => text.startsWith("/bin/sh") && text.includes("switchback-lifeline")),
    ).toHaveLength(2);
    child.kill("SIGKILL");
    await ended;
    await until(() => carriers(token).length === 0);
  },
);

test.runIf(process.platform === "linux")(
  "there is no moment of a start at which SIGKILL leaves a process behind",
  async () => {
    for (let round = 0; round < 6; round++) {
      const token = newToken();
      const { child, ended, text } = host.start([folder, token, "sleep 1000", "40"]);
      await until(() => text().includes(`started ${round * 2}\n`));
      await systemClock.sleep(round % 3);
      child.kill("SIGKILL");
      await ended;
      await until(() => carriers(token).length === 0);
    }
  },
);
