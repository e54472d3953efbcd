import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, renameSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isUnchanged, readWhole, takeStable } from "./source-file.ts";
import { home, put, source, useTestbed } from "./testbed.ts";

useTestbed();

const take = (path: string, meanwhile: (tries: number) => void = () => undefined) => {
  let tries = 0;
  return takeStable(source, path, (file) => {
    meanwhile((tries += 1));
    const bytes = readWhole(file);
    return bytes === null ? null : Buffer.from(bytes).toString("utf8");
  });
};

test("a file that was swapped for a link since it was listed is not followed", async () => {
  writeFileSync(join(home, "secret"), "secret");
  symlinkSync("../secret", join(source, "file"));
  await expect(take("file")).rejects.toMatchObject({ code: "TREE_UNSUPPORTED", context: { path: "file" } });
});

test("a folder that was swapped for a link since it was listed is not followed", async () => {
  mkdirSync(join(home, "outside"));
  writeFileSync(join(home, "outside/file"), "secret");
  symlinkSync("../outside", join(source, "folder"));
  await expect(take("folder/file")).rejects.toMatchObject({ code: "PATH_ESCAPES" });
});

test("a folder that is moved away while its file is read does not let another one in", async () => {
  put("folder/file", "first");
  mkdirSync(join(home, "outside"));
  writeFileSync(join(home, "outside/file"), "secret");
  // What was opened is read, whatever gets its name afterwards.
  const read = take("folder/file", () => {
    renameSync(join(source, "folder"), join(home, "moved"));
    symlinkSync("../outside", join(source, "folder"));
  });
  await expect(read).resolves.toBe("first");
});

test("a pipe in the place of a file is refused without waiting for its writer", async () => {
  spawnSync("mkfifo", [join(source, "file")]);
  await expect(take("file")).rejects.toMatchObject({ code: "TREE_UNSUPPORTED" });
});

test("a file that grows, shrinks or changes while it is read gets one more try", async () => {
  const grow = () => appendFileSync(join(source, "file"), "!");
  const shrink = (tries: number) => truncateSync(join(source, "file"), 4 - tries);
  for (const change of [grow, shrink]) {
    put("file", "first");
    const read = take("file", (tries) => {
      if (tries === 1) change(tries);
    });
    await expect(read).resolves.toMatch(/^(first!|fir)$/);
    await expect(take("file", change)).rejects.toMatchObject({
      code: "TREE_UNSUPPORTED",
      context: { path: "file" },
    });
  }
});

test("a change of the same size is noticed by its time", async () => {
  put("file", "first");
  let tries = 0;
  const read = takeStable(source, "file", async (file) => {
    tries += 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (tries === 1) writeFileSync(join(source, "file"), "other");
    return isUnchanged(file) ? readWhole(file) : null;
  });
  expect(Buffer.from(await read).toString("utf8")).toBe("other");
  expect(tries).toBe(2);
});
