import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sha256 } from "../../domain/digest.ts";
import { makeFileArtefacts } from "./file-artefacts.ts";
import { removeTree } from "./remove-tree.ts";
import {
  artefacts,
  blobOf,
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

describe("writing a tree out", () => {
  test("a folder that is whole stays as it is, and a damaged one is replaced", async () => {
    put("folder/file", "content");
    put("other", "x");
    const { digest } = await storeAll();
    const copy = join(home, "copy");
    await artefacts.materialise(digest, copy);
    const { ino } = lstatSync(copy);
    await artefacts.materialise(digest, copy);
    expect(lstatSync(copy).ino).toBe(ino);

    const damage: (() => void)[] = [
      () => overwrite(join(copy, "folder/file"), "CONTENT"),
      () => overwrite(join(copy, "folder/file"), ""),
      () => chmodSync(join(copy, "other"), 0o644),
      () => {
        chmodSync(copy, 0o755);
        writeFileSync(join(copy, "extra"), "x");
        chmodSync(copy, 0o555);
      },
      () => {
        chmodSync(copy, 0o755);
        rmSync(join(copy, "other"));
        chmodSync(copy, 0o555);
      },
      () => {
        chmodSync(join(copy, "folder"), 0o755);
        rmSync(join(copy, "folder/file"));
        symlinkSync("../other", join(copy, "folder/file"));
        chmodSync(join(copy, "folder"), 0o555);
      },
    ];
    for (const harm of damage) {
      const before = lstatSync(copy).ino;
      harm();
      await artefacts.materialise(digest, copy);
      expect(lstatSync(copy).ino).not.toBe(before);
      expect(snapshot(copy)).toEqual(snapshot(source));
    }
  });

  test("a half copy is never taken for whole; old ones go, young ones and strangers stay", async () => {
    put("file", "content");
    const { digest } = await storeAll();
    const copy = join(home, "copy");
    const half = `${copy}.tmp-0123456789abcdef`;
    mkdirSync(half);
    writeFileSync(join(half, "file"), "con");
    chmodSync(half, 0o555);
    mkdirSync(`${copy}.tmp-notes`);
    await artefacts.materialise(digest, copy);
    expect(snapshot(copy)).toEqual(snapshot(source));
    expect(existsSync(half)).toBe(true);
    const later = makeFileArtefacts({ folder: store, nowMs: () => Date.now() + 3_700_000 });
    await later.materialise(digest, copy);
    expect(existsSync(half)).toBe(false);
    expect(existsSync(`${copy}.tmp-notes`)).toBe(true);
  });

  test.each([
    ["truncated", (path: string) => overwrite(path, "con")],
    ["edited", (path: string) => overwrite(path, "CONTENT")],
    ["gone", (path: string) => rmSync(path)],
    ["a folder", (path: string) => (rmSync(path), mkdirSync(path))],
    ["a link", (path: string) => (renameSync(path, `${path}.moved`), symlinkSync(`${path}.moved`, path))],
  ])("a blob that is %s is named, and nothing appears", async (_, harm) => {
    put("folder/file", "content");
    const { digest } = await storeAll();
    harm(blobOf("content"));
    const error = artefacts.materialise(digest, join(home, "copy"));
    await expect(error).rejects.toMatchObject({
      code: "ARTEFACT_MISSING",
      context: { path: "folder/file", digest: sha256("content") },
      hint: expect.stringContaining("switchback release --rebuild") as string,
    });
    expect(readdirSync(home).sort()).toEqual(["source", "store"]);
    await expect(artefacts.readBlob(sha256("content"))).rejects.toMatchObject({ code: "ARTEFACT_MISSING" });
  });

  test("nothing is written through a link that has the folder's name", async () => {
    put("file");
    const { digest } = await storeAll();
    mkdirSync(join(home, "victim"));
    symlinkSync("victim", join(home, "copy"));
    await expect(artefacts.materialise(digest, join(home, "copy"))).rejects.toMatchObject({
      code: "PATH_ESCAPES",
    });
    expect(readdirSync(join(home, "victim"))).toEqual([]);
  });

  test("removing a tree removes its links and not what they lead to", async () => {
    put("folder/file");
    const { digest } = await storeAll();
    const copy = join(home, "copy");
    await artefacts.materialise(digest, copy);
    mkdirSync(join(home, "precious"));
    writeFileSync(join(home, "precious/file"), "x");
    chmodSync(copy, 0o755);
    symlinkSync(join(home, "precious"), join(copy, "way-out"));
    chmodSync(copy, 0o555);
    await removeTree(copy);
    await removeTree(copy);
    expect(readdirSync(home).sort()).toEqual(["precious", "source", "store"]);
    expect(readFileSync(join(home, "precious/file"), "utf8")).toBe("x");
  });
});
