import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock as clock, until } from "../../../test/helpers/system-clock.ts";
import { showLogs } from "./logs.ts";

let stateDir: string;
let shown: string[];
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "switchback-logs-"));
  shown = [];
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

const fileOf = (service: string, instance: string): string => {
  const folder = join(stateDir, "logs/dev", service);
  mkdirSync(folder, { recursive: true });
  return join(folder, `${instance}.log`);
};
const line = (second: number, text: string): string => `2026-01-31T09:00:0${second}.000Z o ${text}\n`;
const show = (change: Partial<Parameters<typeof showLogs>[1]>) =>
  showLogs(
    stateDir,
    {
      ...{
        environment: "dev",
        service: null,
        follow: false,
        lines: 10,
        signal: new AbortController().signal,
      },
      onLine: (instance, text) => void shown.push(`${instance} ${text}`),
      ...change,
    },
    clock,
  );

test("the last lines of all instances come in the order of their times", async () => {
  writeFileSync(fileOf("api", "api.1"), line(1, "one") + line(3, "three") + line(5, "five"));
  writeFileSync(fileOf("worker", "worker.1"), line(2, "two") + line(4, "four"));
  await show({ lines: 4 });
  expect(shown).toEqual(["worker.1 two", "api.1 three", "worker.1 four", "api.1 five"]);
  shown = [];
  await show({ service: "worker", lines: 1 });
  expect(shown).toEqual(["worker.1 four"]);
});

test("an environment that never ran has no lines", async () => {
  await show({});
  expect(shown).toEqual([]);
});

test("following shows whole lines as they come, of new instances too", async () => {
  const first = fileOf("api", "api.1");
  writeFileSync(first, line(1, "before"));
  const controller = new AbortController();
  const following = show({ follow: true, lines: 1, signal: controller.signal });
  await until(() => shown.length === 1);
  appendFileSync(first, line(2, "after") + "2026-01-31T09:00:03.000Z o half a");
  await until(() => shown.length === 2);
  writeFileSync(fileOf("api", "api.2"), line(3, "new"));
  appendFileSync(first, " line\n");
  await until(() => shown.length === 4);
  expect(shown.sort()).toEqual(["api.1 after", "api.1 before", "api.1 half a line", "api.2 new"]);
  controller.abort();
  await following;
});
