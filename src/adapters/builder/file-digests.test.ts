import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { app, builder, project, useTestbed, write } from "./testbed.ts";

useTestbed();

describe("what was read before is not read again, unless it may have changed", () => {
  const cacheFile = () => join(project, ".switchback/cache/file-digests");
  const entries = (): [string, [string, string]][] =>
    JSON.parse(readFileSync(cacheFile(), "utf8").split("\n")[1]!) as [string, [string, string]][];
  const later = { nowMs: () => Date.now() + 10_000 };

  test("young files are not remembered, old ones are, and what is gone is forgotten", async () => {
    write("api/main.js");
    write("api/other.js");
    await builder().inputs(app());
    expect(existsSync(cacheFile())).toBe(false);
    await builder(later).inputs(app());
    expect(
      entries()
        .map(([name]) => name)
        .sort(),
    ).toEqual(["api/main.js", "api/other.js"]);
    rmSync(join(project, "api/other.js"));
    await builder(later).inputs(app());
    expect(entries().map(([name]) => name)).toEqual(["api/main.js"]);
  });

  test("a change of the same size, with the time put back, is seen", async () => {
    write("api/main.js", "one");
    const old = new Date(Date.now() - 86_400_000);
    utimesSync(join(project, "api/main.js"), old, old);
    const before = await builder(later).inputs(app());
    expect(entries()).toHaveLength(1);
    write("api/main.js", "two");
    utimesSync(join(project, "api/main.js"), old, old);
    expect((await builder(later).inputs(app())).id).not.toBe(before.id);
  });

  test("the remembered digest is used, and a damaged cache is not", async () => {
    write("api/main.js");
    const { id } = await builder(later).inputs(app());
    const text = readFileSync(cacheFile(), "utf8");
    const { sha256 } = await import("../../domain/digest.ts");
    const forged = text.split("\n")[1]!.replace(/[0-9a-f]{64}/, "0".repeat(64));
    writeFileSync(cacheFile(), `${sha256(forged)}\n${forged}`);
    expect((await builder(later).inputs(app())).id).not.toBe(id);
    for (const damage of [
      forged,
      text.slice(0, -3),
      `x${text}`,
      "",
      text.replace(/[0-9a-f]{64}"/, `${"0".repeat(64)}"`),
    ]) {
      writeFileSync(cacheFile(), damage);
      expect((await builder(later).inputs(app())).id).toBe(id);
    }
  });

  test("a cache that cannot be written changes nothing", async () => {
    write("api/main.js");
    const { id } = await builder(later).inputs(app());
    rmSync(join(project, ".switchback"), { recursive: true });
    writeFileSync(join(project, ".switchback"), "a file");
    expect((await builder(later).inputs(app())).id).toBe(id);
  });
});
