import type * as Fs from "node:fs";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import {
  artefacts,
  filesBelow,
  home,
  put,
  snapshot,
  source,
  store,
  storeAll,
  useTestbed,
} from "./testbed.ts";

const fault = vi.hoisted(() => ({ call: "", after: Infinity }));

// The n-th call of one kind fails as on a full disk: on any machine, and also for calls that a small disk does not reach.
vi.mock("node:fs", async (original) => {
  const real = await original<typeof Fs>();
  const failing =
    <Args extends unknown[], Result>(call: string, act: (...args: Args) => Result) =>
    (...args: Args): Result => {
      if (call === fault.call && String(args[0]).includes("source") === false && (fault.after -= 1) < 0) {
        throw Object.assign(new Error(`ENOSPC: no space left on device, ${call}`), {
          code: "ENOSPC",
          errno: -28,
          syscall: call,
        });
      }
      return act(...args);
    };
  return {
    ...real,
    writeFileSync: failing("write", real.writeFileSync),
    writeSync: failing("writeSync", real.writeSync),
    renameSync: failing("rename", real.renameSync),
    copyFileSync: failing("copy", real.copyFileSync),
    symlinkSync: failing("symlink", real.symlinkSync),
  };
});

useTestbed();
// Before the testbed tidies up.
afterEach(() => {
  fault.call = "";
});

const failAt = (call: string, after: number) => {
  fault.call = call;
  fault.after = after;
};

test.each([
  ["write", 0],
  ["write", 3],
  ["writeSync", 2],
  ["rename", 0],
  ["rename", 4],
])("storing stops cleanly when %s fails after %i", async (call, after) => {
  for (let n = 0; n < 6; n += 1) put(`file-${n}`, `content ${n}`);
  put("large", Buffer.alloc(3_000_000, 1));
  failAt(call, after);
  await expect(storeAll()).rejects.toMatchObject({ code: "STORE_UNWRITABLE", context: { errno: "ENOSPC" } });
  expect(readdirSync(join(store, "tmp"))).toEqual([]);
  fault.call = "";
  const { digest } = await storeAll();
  await artefacts.materialise(digest, join(home, "copy"));
  expect(snapshot(join(home, "copy"))).toEqual(snapshot(source));
  expect(filesBelow(join(store, "blobs"))).toHaveLength(7);
});

test.each(["copy", "rename"])("writing a tree out stops cleanly when %s fails", async (call) => {
  for (let n = 0; n < 3; n += 1) put(`folder/file-${n}`, `content ${n}`);
  const { digest } = await storeAll();
  failAt(call, 0);
  await expect(artefacts.materialise(digest, join(home, "copy"))).rejects.toMatchObject({
    code: "STORE_UNWRITABLE",
  });
  expect(readdirSync(home).sort()).toEqual(["source", "store"]);
});
