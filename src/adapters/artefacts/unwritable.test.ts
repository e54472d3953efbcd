import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { afterEach, describe, expect, test } from "vitest";
import { makeFileArtefacts } from "./file-artefacts.ts";
import { listTree } from "./list-tree.ts";
import {
  filesBelow,
  home,
  put,
  snapshot,
  source,
  store,
  storeAll,
  useTestbed,
  artefacts,
} from "./testbed.ts";

useTestbed();

const isRoot = process.getuid?.() === 0;
let mounted: string | null = null;

afterEach(() => {
  if (mounted !== null) spawnSync("umount", [mounted]);
  mounted = null;
});

const mount = (folder: string, ...options: string[]): boolean => {
  mkdirSync(folder, { recursive: true });
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", options.join(","), "tmpfs", folder]);
  if (status === 0) mounted = folder;
  return status === 0;
};

describe("a disk that is full", () => {
  test.runIf(isRoot)("is told, and leaves nothing half-written; with space it goes on", async (context) => {
    if (!mount(store, "size=600k")) return context.skip();
    const small = makeFileArtefacts({ folder: store });
    for (let n = 0; n < 8; n += 1) put(`file-${n}`, Buffer.alloc(100_000, n));
    put("large", Buffer.alloc(1_500_000, 9));
    const select = await listTree(source);
    await expect(small.storeTree(source, select)).rejects.toMatchObject({
      code: "STORE_UNWRITABLE",
      hint: expect.stringContaining("space") as string,
      context: { errno: "ENOSPC" },
    });
    expect(readdirSync(join(store, "tmp"))).toEqual([]);
    for (const blob of filesBelow(join(store, "blobs"))) expect(lstatSync(blob).size).toBe(100_000);
    expect(spawnSync("mount", ["-o", "remount,size=8m", store]).status).toBe(0);
    const { digest } = await small.storeTree(source, select);
    await small.materialise(digest, join(home, "copy"));
    expect(snapshot(join(home, "copy"))).toEqual(snapshot(source));
  });

  test.runIf(isRoot)("under the folder that a tree is written to leaves no half copy", async (context) => {
    put("file", Buffer.alloc(900_000));
    const { digest } = await storeAll();
    if (!mount(join(home, "small"), "size=400k")) return context.skip();
    await expect(artefacts.materialise(digest, join(home, "small/copy"))).rejects.toMatchObject({
      code: "STORE_UNWRITABLE",
      context: { errno: "ENOSPC" },
    });
    expect(readdirSync(join(home, "small"))).toEqual([]);
  });

  test.runIf(isRoot)("and one that is read-only is told as such", async (context) => {
    put("file");
    if (!mount(store, "ro")) return context.skip();
    await expect(storeAll()).rejects.toMatchObject({ code: "STORE_UNWRITABLE", context: { errno: "EROFS" } });
  });
});

test("a file where the store's folder should be is told", async () => {
  put("file");
  writeFileSync(store, "in the way");
  await expect(storeAll()).rejects.toMatchObject({
    code: "STORE_UNWRITABLE",
    hint: expect.any(String) as string,
  });
});

describe("as a user with no special rights", () => {
  const script = `
    import { makeFileArtefacts, removeTree } from "./bundle.mjs";
    const [home, what] = process.argv.slice(2);
    const artefacts = makeFileArtefacts({ folder: home + "/store" });
    try {
      const { digest } = await artefacts.storeTree(home + "/source", ["folder/file", "run"]);
      await artefacts.materialise(digest, home + "/copies/copy");
      await artefacts.materialise(digest, home + "/copies/copy");
      if (what === "remove") await removeTree(home + "/copies/copy");
      console.log("done");
    } catch (error) {
      console.log(error.code, error.context?.errno);
    }`;

  const run = async (what: string): Promise<string> => {
    writeFileSync(join(home, "script.mjs"), script);
    await build({
      stdin: {
        contents: `export * from "./file-artefacts.ts"; export * from "./remove-tree.ts";`,
        resolveDir: import.meta.dirname,
      },
      bundle: true,
      platform: "node",
      format: "esm",
      outfile: join(home, "bundle.mjs"),
    });
    chmodSync(home, 0o755);
    const user = isRoot ? { uid: 65_534, gid: 65_534 } : {};
    const child = spawn(process.execPath, [join(home, "script.mjs"), home, what], {
      ...user,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.on("data", (data: Buffer) => (text += data.toString()));
    await once(child, "close");
    return text.trim();
  };
  const own = (path: string): void => {
    mkdirSync(path, { recursive: true });
    if (isRoot) chownSync(path, 65_534, 65_534);
  };

  test("read-only trees are written, found whole again, and removed", async () => {
    put("folder/file", "content");
    put("run", "x", 0o755);
    own(store);
    own(join(home, "copies"));
    expect(await run("keep")).toBe("done");
    expect(snapshot(join(home, "copies/copy"))).toEqual(snapshot(source));
    expect(await run("remove")).toBe("done");
    expect(readdirSync(join(home, "copies"))).toEqual([]);
  });

  test("a folder without the right to write is told, for the store and for the copy", async () => {
    put("folder/file", "content");
    put("run", "x", 0o755);
    own(join(home, "copies"));
    mkdirSync(store, { mode: 0o555 });
    chmodSync(store, 0o555);
    expect(await run("keep")).toBe("STORE_UNWRITABLE EACCES");
    expect(readdirSync(store)).toEqual([]);
    rmSync(store, { recursive: true });
    own(store);
    chmodSync(join(home, "copies"), 0o555);
    expect(await run("keep")).toBe("STORE_UNWRITABLE EACCES");
    expect(readdirSync(join(home, "copies"))).toEqual([]);
    expect(dirname(join(home, "copies"))).toBe(home);
  });

  test("a source that may not be read is named", async () => {
    put("folder/file", "content", 0o000);
    put("run");
    own(store);
    if (!isRoot) chmodSync(join(source, "folder/file"), 0o000);
    expect(await run("keep")).toMatch(/^TREE_UNSUPPORTED/);
  });
});
