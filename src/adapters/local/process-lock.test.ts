import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeNodeScript } from "../../../test/helpers/node-script.ts";
import { until } from "../../../test/helpers/system-clock.ts";
import { holderOf, takeLock } from "./process-lock.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "switchback-lock-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const taken = async () => {
  const lock = await takeLock(folder);
  if (lock.type !== "taken") throw new Error("the lock is held");
  return lock;
};

test("a lock that is held names its holder, and can be had once it is given back", async () => {
  const lock = await taken();
  expect(await takeLock(folder)).toMatchObject({ type: "held", by: { pid: process.pid } });
  expect(await holderOf(folder)).toMatchObject({ pid: process.pid });
  await lock.release();
  expect(await holderOf(folder)).toBeNull();
  await (await taken()).release();
  expect(readdirSync(folder)).toHaveLength(1);
});

test("a lock whose record was cut by a power failure can be had", async () => {
  await (await taken()).release();
  writeFileSync(join(folder, "7"), '{"holder":{"pi');
  await taken();
  expect(readdirSync(folder)).toEqual(["8"]);
});

test("a number that another process got since is not taken for the holder", async () => {
  writeFileSync(join(folder, "1"), JSON.stringify({ holder: { pid: process.pid, started: "long ago" } }));
  await taken();
});

test("processes that are killed while they hold it leave nothing, and never two hold it", async () => {
  const script = await makeNodeScript(
    `import { takeLock } from "./process-lock.ts";
     import { openSync, closeSync, rmSync } from "node:fs";
     const [folder, witness] = process.argv.slice(2);
     for (let n = 0; n < 40; ) {
       const lock = await takeLock(folder);
       if (lock.type === "held") { await new Promise((go) => setTimeout(go, 1)); continue; }
       n += 1;
       try { closeSync(openSync(witness, "wx")); } catch { console.log("two hold it"); process.exit(1); }
       if (process.argv[4] === "dies" && n === 5) { rmSync(witness); process.kill(process.pid, "SIGKILL"); }
       await new Promise((go) => setTimeout(go, 1));
       rmSync(witness);
       await lock.release();
     }`,
    import.meta.dirname,
  );
  const witness = join(folder, "..", `${process.pid}.witness`);
  const workers = ["lives", "dies", "lives", "dies"].map((fate) => script.start([folder, witness, fate]));
  const ends = await Promise.all(workers.map((one) => one.ended));
  expect(workers.map((one) => one.text())).toEqual(["", "", "", ""]);
  expect(ends.map(({ code, signal }) => code ?? signal)).toEqual([0, "SIGKILL", 0, "SIGKILL"]);
  await until(async () => (await holderOf(folder)) === null);
  script.remove();
});
