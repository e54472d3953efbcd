import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Clock } from "../../../ports/clock.ts";
import { openProcessLog } from "./process-log.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "process-log-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const clock: Clock = {
  nowMs: () => Date.UTC(2026, 0, 31, 9),
  monotonicMs: () => 0,
  sleep: () => Promise.resolve(),
};

test("each line has its time and its stream; a second log goes on in the same file, which is private", async () => {
  const file = join(folder, "deep", "a.log");
  for (const stream of ["o", "e"] as const) {
    const log = openProcessLog({ file, clock });
    await log.write(stream, ["one", "two words"]);
    await log.close();
  }
  const at = "2026-01-31T09:00:00.000Z";
  expect(readFileSync(file, "utf8")).toBe(`${at} o one\n${at} o two words\n${at} e one\n${at} e two words\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("a full file becomes the predecessor, and no line is lost at the change", async () => {
  const file = join(folder, "a.log");
  const log = openProcessLog({ file, clock, maxFileBytes: 300 });
  const lines = Array.from({ length: 12 }, (_, number) => `line ${number}`);
  // Not awaited one by one: writes that are under way together keep their order.
  await Promise.all(lines.map((line) => log.write("o", [line])));
  await log.close();
  const texts = [`${file}.1`, file].map((path) => readFileSync(path, "utf8"));
  for (const text of texts) expect(text.length).toBeLessThanOrEqual(300);
  const kept = texts
    .join("")
    .trim()
    .split("\n")
    .map((line) => line.slice(27));
  expect(kept.length).toBeGreaterThan(7);
  expect(kept).toEqual(lines.slice(-kept.length));
});

test("two hundred lines are remembered, a log that cannot be written says so once", async () => {
  writeFileSync(join(folder, "file"), "");
  const log = openProcessLog({ file: join(folder, "file", "a.log"), clock });
  for (let number = 0; number < 300; number++) await log.write("o", [`line ${number}`]);
  await log.close();
  expect(log.lastLines(2)).toEqual(["line 298", "line 299"]);
  expect(log.lastLines(1000)).toHaveLength(200);
  expect(log.lastLines(0)).toEqual([]);
  const another = openProcessLog({ file: join(folder, "file", "a.log"), clock });
  await another.write("o", ["a"]);
  await another.write("o", ["b"]);
  expect(another.lastLines(9)).toEqual(["a", expect.stringContaining("cannot be written"), "b"]);
});
