import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listTree } from "./list-tree.ts";
import {
  artefacts,
  blobOf,
  filesBelow,
  home,
  overwrite,
  put,
  snapshot,
  source,
  store,
  storeAll,
  useTestbed,
} from "./testbed.ts";

useTestbed();

describe("storing", () => {
  test("a content is kept once, across files and releases", async () => {
    put("a", "same");
    put("b", "same");
    await storeAll();
    const first = lstatSync(blobOf("same"));
    put("c", "other");
    await storeAll();
    expect(filesBelow(join(store, "blobs"))).toHaveLength(2);
    expect(filesBelow(join(store, "trees"))).toHaveLength(2);
    expect(lstatSync(blobOf("same")).ino).toBe(first.ino);
    expect(readdirSync(join(store, "tmp"))).toEqual([]);
  });

  test("the order and the repetition of the selection do not matter, and only it is stored", async () => {
    put("a/one", "1");
    put("b", "2");
    put("left-out", "3");
    const one = await artefacts.storeTree(source, ["a/one", "b", "a/", "b"]);
    const two = await artefacts.storeTree(source, ["b", "a/one"]);
    expect(one.digest).toBe(two.digest);
    expect(Object.keys(one.tree.entries)).toEqual(["a/one", "b"]);
  });

  test.each(["../outside", "/etc/passwd", "a/../../outside", "a/./b", "a//b", "", ".", "nul\0nul"])(
    "the path %j is refused",
    async (path) => {
      put("a/b");
      writeFileSync(join(home, "outside"), "secret");
      await expect(artefacts.storeTree(source, [path])).rejects.toMatchObject({ code: "PATH_ESCAPES" });
      expect(existsSync(join(store, "blobs"))).toBe(false);
    },
  );

  test.each([
    ["an absolute link", "/etc/passwd", "PATH_ESCAPES"],
    ["a link above the root", "../outside", "PATH_ESCAPES"],
    ["a link that leaves and comes back", "../source/file", "PATH_ESCAPES"],
    ["a link to nothing", "nothing", "TREE_UNSUPPORTED"],
    ["a link through a file", "file/..", "TREE_UNSUPPORTED"],
    ["a link to itself", "bad", "TREE_UNSUPPORTED"],
  ])("%s is refused by its path", async (_, target, code) => {
    put("file");
    writeFileSync(join(home, "outside"), "secret");
    symlinkSync(target, join(source, "bad"));
    await expect(storeAll()).rejects.toMatchObject({ code, context: { path: "bad" } });
  });

  test("a link that escapes by way of another link is refused", async () => {
    mkdirSync(join(source, "deep/down"), { recursive: true });
    put("deep/down/file");
    symlinkSync("deep/down", join(source, "shortcut"));
    symlinkSync("shortcut/../../../outside", join(source, "sly"));
    await expect(storeAll()).rejects.toMatchObject({ code: "PATH_ESCAPES", context: { path: "sly" } });
  });

  test("a link to a file that is not selected is refused, because it would lead nowhere", async () => {
    put("file");
    symlinkSync("file", join(source, "link"));
    await expect(artefacts.storeTree(source, ["link"])).rejects.toMatchObject({
      code: "TREE_UNSUPPORTED",
      context: { path: "link" },
    });
  });

  test("files behind a linked folder are refused: inside the root, and outside", async () => {
    put("real/file");
    mkdirSync(join(home, "elsewhere"));
    writeFileSync(join(home, "elsewhere/file"), "secret");
    symlinkSync("real", join(source, "inside"));
    symlinkSync("../elsewhere", join(source, "outside"));
    await expect(artefacts.storeTree(source, ["inside/file"])).rejects.toMatchObject({
      code: "TREE_UNSUPPORTED",
    });
    await expect(artefacts.storeTree(source, ["outside/file"])).rejects.toMatchObject({
      code: "PATH_ESCAPES",
    });
  });

  test("a pipe, and a path that is not there, are refused without waiting for them", async () => {
    spawnSync("mkfifo", [join(source, "pipe")]);
    await expect(storeAll()).rejects.toMatchObject({ code: "TREE_UNSUPPORTED", context: { path: "pipe" } });
    await expect(artefacts.storeTree(source, ["gone"])).rejects.toMatchObject({
      code: "TREE_UNSUPPORTED",
      context: { path: "gone" },
    });
    await expect(artefacts.storeTree(join(home, "none"), [])).rejects.toMatchObject({
      code: "TREE_UNSUPPORTED",
    });
  });

  test("a name that is not UTF-8 is refused", async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${source}/latin-`), Buffer.from([0xe9])]), "x");
    await expect(storeAll()).rejects.toMatchObject({ code: "TREE_UNSUPPORTED" });
  });

  test("a damaged blob is mended by storing its content again", async () => {
    put("file", "content");
    const { digest } = await storeAll();
    overwrite(blobOf("content"), "cont");
    await storeAll();
    expect(readFileSync(blobOf("content"), "utf8")).toBe("content");
    overwrite(blobOf("content"), "CONTENT");
    await expect(artefacts.materialise(digest, join(home, "copy"))).rejects.toMatchObject({
      code: "ARTEFACT_MISSING",
    });
    await storeAll();
    await artefacts.materialise(digest, join(home, "copy"));
    expect(readFileSync(join(home, "copy/file"), "utf8")).toBe("content");
  });

  test("what a killed writer left behind goes after an hour, not before", async () => {
    mkdirSync(join(store, "tmp"), { recursive: true });
    writeFileSync(join(store, "tmp/old"), "half");
    writeFileSync(join(store, "tmp/young"), "half");
    const past = Date.now() / 1000 - 3_700;
    utimesSync(join(store, "tmp/old"), past, past);
    put("file");
    await storeAll();
    expect(readdirSync(join(store, "tmp"))).toEqual(["young"]);
  });

  test("two processes that store and write out the same tree at once both succeed", async () => {
    for (let n = 0; n < 150; n += 1) put(`folder-${n % 7}/file-${n}`, `content ${n % 90}`);
    const script = join(home, "both.mjs");
    writeFileSync(
      script,
      `import { makeFileArtefacts } from ${JSON.stringify(join(home, "bundle.mjs"))};
       const [store, source, copy, ...select] = process.argv.slice(2);
       const artefacts = makeFileArtefacts({ folder: store });
       const { digest } = await artefacts.storeTree(source, select);
       await artefacts.materialise(digest, copy);
       console.log(digest);`,
    );
    const { build } = await import("esbuild");
    await build({
      entryPoints: [join(import.meta.dirname, "file-artefacts.ts")],
      bundle: true,
      platform: "node",
      format: "esm",
      outfile: join(home, "bundle.mjs"),
    });
    const select = await listTree(source);
    const run = async () => {
      const child = spawn(process.execPath, [script, store, source, join(home, "copy"), ...select], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let text = "";
      child.stdout.on("data", (data: Buffer) => (text += data.toString()));
      const [code] = (await once(child, "close")) as [number];
      return { code, digest: text.trim() };
    };
    const [one, two, three] = await Promise.all([run(), run(), run()]);
    expect([one.code, two.code, three.code]).toEqual([0, 0, 0]);
    expect(one.digest).toBe(two.digest);
    expect(snapshot(join(home, "copy"))).toEqual(snapshot(source));
    expect(readdirSync(join(store, "tmp"))).toEqual([]);
    expect(readdirSync(home).filter((name) => name.includes(".tmp-"))).toEqual([]);
  });
});
