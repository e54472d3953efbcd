import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sha256 } from "../../domain/digest.ts";
import type { FileTree, TreeEntry } from "../../domain/file-tree.ts";
import { removeTree } from "./remove-tree.ts";
import { artefacts, home, overwrite, put, snapshot, store, storeAll, useTestbed } from "./testbed.ts";

useTestbed();

describe("manifests are not believed", () => {
  const file: TreeEntry = { type: "file", sha256: sha256("x"), bytes: 1, executable: false };
  const link = (target: string): TreeEntry => ({ type: "link", target });

  const plant = (value: unknown, text = JSON.stringify(value)): string => {
    const digest = sha256(text);
    mkdirSync(join(store, "trees"), { recursive: true });
    writeFileSync(join(store, "trees", `${digest}.json`), text);
    return digest;
  };
  /** Sorted by hand, so that only what is asked is wrong with it. */
  const plantTree = (entries: [string, unknown][]): string =>
    plant(
      null,
      `{"entries":{${entries
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([path, entry]) => `${JSON.stringify(path)}:${JSON.stringify(sorted(entry))}`)
        .join(",")}},"format":1}`,
    );
  const sorted = (value: unknown): unknown =>
    Object.fromEntries(Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1)));

  test("a good one, planted the same way, is read", async () => {
    put("x", "x");
    await storeAll();
    const digest = plantTree([
      ["a/b", file],
      ["l", link("a/b")],
      ["e", { type: "folder" }],
    ]);
    await artefacts.materialise(digest, join(home, "copy"));
    expect(snapshot(join(home, "copy"))).toEqual({ "a/b": "file - 78", l: "link a/b", e: "folder" });
  });

  const hostile: [string, [string, unknown][]][] = [
    ["an absolute path", [["/etc/cron.d/x", file]]],
    ["a path above the root", [["../x", file]]],
    ["a path that goes up in its middle", [["a/../../x", file]]],
    ["a dot segment", [["a/./b", file]]],
    ["an empty segment", [["a//b", file]]],
    ["an empty path", [["", file]]],
    ["a NUL", [["a\0b", file]]],
    ["half a character", [["a\ud800", file]]],
    [
      "a file below a link",
      [
        ["a", link("b")],
        ["a/x", file],
        ["b", { type: "folder" }],
      ],
    ],
    [
      "a file below a file",
      [
        ["a", file],
        ["a/x", file],
      ],
    ],
    [
      "an empty folder that holds something",
      [
        ["a", { type: "folder" }],
        ["a/x", file],
      ],
    ],
    ["an absolute link", [["a", link("/tmp")]]],
    ["a link above the root", [["a/b", link("../../x")]]],
    ["a link to nothing", [["a", link("b")]]],
    [
      "links in a circle",
      [
        ["a", link("b")],
        ["b", link("a")],
      ],
    ],
    ["an empty link", [["a", link("")]]],
    ["a digest that is a path", [["a", { ...file, sha256: "../../../../etc/passwd" }]]],
    ["an upper-case digest", [["a", { ...file, sha256: sha256("x").toUpperCase() }]]],
    ["negative bytes", [["a", { ...file, bytes: -1 }]]],
    ["an unknown type", [["a", { type: "device" }]]],
    ["an unknown member", [["a", { ...file, setuid: true }]]],
    ["an entry that is null", [["a", {}]]],
  ];
  test.each(hostile)("%s is refused", async (_, entries) => {
    const digest = plantTree(entries);
    await expect(artefacts.readTree(digest)).rejects.toMatchObject({
      code: "ARTEFACT_MISSING",
      context: { digest },
    });
    await expect(artefacts.materialise(digest, join(home, "copy"))).rejects.toMatchObject({
      code: "ARTEFACT_MISSING",
    });
    expect(existsSync(join(home, "copy"))).toBe(false);
  });

  test("whatever the paths are, nothing is ever written outside the folder", async () => {
    put("x", "x");
    await storeAll();
    const segment = fc.constantFrom("a", "b", "..", ".", "", "c", "__proto__");
    const path = fc.array(segment, { maxLength: 4 }).map((segments) => segments.join("/"));
    const entry = fc.oneof(fc.constant(file), fc.constant({ type: "folder" as const }), path.map(link));
    const inner = join(home, "jail/inner");
    await fc.assert(
      fc.asyncProperty(fc.dictionary(path, entry, { maxKeys: 5 }), async (entries) => {
        const digest = plantTree(Object.entries(entries));
        await artefacts.materialise(digest, inner).catch(() => undefined);
        if (existsSync(inner)) {
          for (const written of readdirSync(inner, { recursive: true, encoding: "utf8" })) {
            expect(`${realpathSync(join(inner, written))}/`.startsWith(`${inner}/`)).toBe(true);
          }
        }
        expect(readdirSync(home).filter((name) => !["jail", "source", "store"].includes(name))).toEqual([]);
        if (existsSync(join(home, "jail"))) {
          expect(readdirSync(join(home, "jail")).filter((name) => name !== "inner")).toEqual([]);
        }
        await removeTree(inner);
      }),
      { numRuns: 150 },
    );
  });

  test("a truncated or edited manifest is damage, and storing again mends it", async () => {
    put("file", "content");
    const { digest } = await storeAll();
    const path = join(store, "trees", `${digest}.json`);
    const text = readFileSync(path, "utf8");
    for (const bad of [text.slice(0, -5), text.replace("file", "fila"), "", "null"]) {
      overwrite(path, bad);
      await expect(artefacts.readTree(digest)).rejects.toMatchObject({
        code: "ARTEFACT_MISSING",
        context: { digest },
      });
      await storeAll();
      expect(readFileSync(path, "utf8")).toBe(text);
    }
  });

  test("what is no manifest, and a later format, are told apart", async () => {
    for (const value of [
      null,
      [],
      7,
      { format: 1 },
      { format: 0, entries: {} },
      { format: 1, entries: [] },
    ]) {
      await expect(artefacts.readTree(plant(value))).rejects.toMatchObject({ code: "ARTEFACT_MISSING" });
    }
    await expect(artefacts.readTree(plant({ format: 2, entries: {} }))).rejects.toMatchObject({
      code: "FORMAT_TOO_NEW",
    });
    await expect(artefacts.readTree("../../etc/passwd")).rejects.toMatchObject({ code: "ARTEFACT_MISSING" });
    await expect(artefacts.readBlob("../../etc/passwd")).rejects.toMatchObject({ code: "ARTEFACT_MISSING" });
    const spaced: FileTree = { format: 1, entries: {} };
    await expect(artefacts.readTree(plant(null, JSON.stringify(spaced, null, 1)))).rejects.toMatchObject({
      code: "ARTEFACT_MISSING",
    });
  });
});
