import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digestOf, sha256 } from "../../domain/digest.ts";
import { removeTree } from "./remove-tree.ts";
import { artefacts, blobOf, home, put, snapshot, source, store, storeAll, useTestbed } from "./testbed.ts";

useTestbed();

describe("what is stored comes back", () => {
  const name = fc
    .oneof(
      fc.constantFrom(
        "__proto__",
        "constructor",
        "-rf",
        "a\nb",
        "é",
        "e\u0301",
        " ",
        "*",
        "\\",
        "naïve.txt",
        ".env",
      ),
      fc.string({ minLength: 1, maxLength: 8, unit: "grapheme" }),
    )
    .filter((text) => !/[/\0]/.test(text) && text !== "." && text !== ".." && Buffer.byteLength(text) < 200);
  const node = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        type: fc.constant("file" as const),
        content: fc.uint8Array({ maxLength: 200 }),
        executable: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("folder" as const) }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant("link" as const), to: fc.nat() }) },
  );
  const trees = fc.array(fc.tuple(fc.array(name, { minLength: 1, maxLength: 4 }), node), { maxLength: 14 });

  /** Makes what can be made; links lead to something that is there. */
  const make = (
    wanted: [
      string[],
      (
        | { type: "file"; content: Uint8Array; executable: boolean }
        | { type: "folder" }
        | { type: "link"; to: number }
      ),
    ][],
  ) => {
    const made: string[] = [];
    for (const [segments, item] of wanted) {
      const path = segments.join("/");
      try {
        mkdirSync(join(source, dirname(path)), { recursive: true });
        if (lstatSync(join(source, path), { throwIfNoEntry: false })) continue;
      } catch {
        continue; // A file stands where this one would need a folder.
      }
      if (lstatSync(join(source, dirname(path))).isSymbolicLink()) continue;
      if (realpathSync(join(source, dirname(path))) !== join(source, dirname(path))) continue;
      if (item.type === "file") put(path, item.content, item.executable ? 0o755 : 0o640);
      else if (item.type === "folder") mkdirSync(join(source, path));
      else if (made.length > 0) {
        const up = "../".repeat(segments.length - 1);
        symlinkSync(`${up}${made[item.to % made.length]!}`, join(source, path));
      } else continue;
      made.push(path);
    }
  };

  test("bytes, modes, links, empty folders and odd names, whatever they are", async () => {
    await fc.assert(
      fc.asyncProperty(trees, async (wanted) => {
        rmSync(source, { recursive: true });
        mkdirSync(source);
        make(wanted as never);
        const { digest, tree } = await storeAll();
        const copy = join(home, "copy");
        await artefacts.materialise(digest, copy);
        expect(snapshot(copy)).toEqual(snapshot(source));
        expect(Object.keys(tree.entries).sort()).toEqual(Object.keys(snapshot(source)).sort());
        expect(digestOf(await artefacts.readTree(digest))).toBe(digest);
        expect(sha256(readFileSync(join(store, "trees", `${digest}.json`)))).toBe(digest);
        await removeTree(copy);
        expect(existsSync(copy)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test("a file called __proto__ is a file like any other", async () => {
    put("__proto__", "one");
    put("constructor/__proto__", "two");
    const { digest, tree } = await storeAll();
    expect(tree.entries["__proto__"]).toMatchObject({ type: "file", bytes: 3 });
    expect(tree.entries["toString"]).toBeUndefined();
    await artefacts.materialise(digest, join(home, "copy"));
    expect(readFileSync(join(home, "copy/constructor/__proto__"), "utf8")).toBe("two");
  });

  test("composed and decomposed names stay two files", async () => {
    put("\u00e9", "composed");
    put("e\u0301", "decomposed");
    const { digest } = await storeAll();
    await artefacts.materialise(digest, join(home, "copy"));
    expect(snapshot(join(home, "copy"))).toEqual(snapshot(source));
  });

  test("a file larger than memory pieces streams through, unharmed", async () => {
    const large = Buffer.alloc(5_000_003, "large file ");
    put("large.bin", large);
    const { digest, tree } = await storeAll();
    expect(tree.entries["large.bin"]).toEqual({
      type: "file",
      sha256: sha256(large),
      bytes: large.length,
      executable: false,
    });
    await artefacts.materialise(digest, join(home, "copy"));
    expect(readFileSync(join(home, "copy/large.bin")).equals(large)).toBe(true);
    expect(await artefacts.readBlob(sha256(large))).toHaveLength(large.length);
  });

  test("the copy is read-only, and only the executable bit of a mode counts", async () => {
    put("run", "x", 0o700);
    put("read", "x", 0o666);
    put("folder/file", "x", 0o604);
    const { digest } = await storeAll();
    await artefacts.materialise(digest, join(home, "copy"));
    const mode = (path: string) => (lstatSync(join(home, "copy", path)).mode & 0o7777).toString(8);
    expect([mode("run"), mode("read"), mode("folder/file"), mode("folder"), mode(".")]).toEqual([
      "555",
      "444",
      "444",
      "555",
      "555",
    ]);
    expect((lstatSync(blobOf("x")).mode & 0o777).toString(8)).toBe("444");
    put("run", "x", 0o711);
    put("read", "x", 0o600);
    expect((await storeAll()).digest).toBe(digest);
  });

  test("hard links in the source are files of their own in the copy", async () => {
    put("a", "same");
    linkSync(join(source, "a"), join(source, "b"));
    const { digest } = await storeAll();
    await artefacts.materialise(digest, join(home, "copy"));
    const [a, b, blob] = [join(home, "copy/a"), join(home, "copy/b"), blobOf("same")].map((path) =>
      lstatSync(path),
    );
    expect(new Set([a!.ino, b!.ino, blob!.ino]).size).toBe(3);
  });
});
