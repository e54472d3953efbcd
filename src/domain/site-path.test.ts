import fc from "fast-check";
import { expect, test } from "vitest";
import type { FileTree, TreeEntry } from "./file-tree.ts";
import { findFile, isHashed, meansPage } from "./site-path.ts";

const file = (sha256: string): TreeEntry => ({ type: "file", sha256, bytes: 1, executable: false });
const tree: FileTree = {
  format: 1,
  entries: {
    "index.html": file("a"),
    "docs/page.html": file("b"),
    latest: { type: "link", target: "docs" },
    "docs/alias.html": { type: "link", target: "../latest/page.html" },
    loop: { type: "link", target: "loop" },
    out: { type: "link", target: "../../etc/passwd" },
    outside: { type: "link", target: ".." },
    absolute: { type: "link", target: "/etc/passwd" },
    empty: { type: "folder" },
  },
};

test("links are followed to files of the manifest and nowhere else", () => {
  expect(findFile(tree, "latest/page.html")?.path).toBe("docs/page.html");
  expect(findFile(tree, "docs/alias.html")?.path).toBe("docs/page.html");
  for (const path of [
    "loop",
    "out",
    "absolute",
    "empty",
    "docs",
    "latest",
    "outside/x",
    "__proto__",
    "constructor",
    "toString",
  ])
    expect(findFile(tree, path)).toBeNull();
});

test("whatever is asked for, what is found is a file of the manifest", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "..",
      ".",
      "",
      "latest",
      "docs",
      "out",
      "outside",
      "index.html",
      "page.html",
      "\0",
      "%2e%2e",
      "\\",
    ),
    fc.string({ maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const found = findFile(tree, pieces.join("/"));
      if (found !== null) expect(tree.entries[found.path]?.type).toBe("file");
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["assets/index-DiwrgTda.js", true],
  ["assets/deep/logo-a1b2c3d4.svg", true],
  ["admin/assets/index-Bx_3kZ-9.css", true],
  ["main.0a1b2c3d.chunk.js", true],
  ["assets/vendor-framework.js", false],
  ["assets/logo.svg", false],
  ["index.html", false],
  ["index-DiwrgTda.js", false],
])("%s is named by content: %s", (path, expected) => {
  expect(isHashed(path)).toBe(expected);
});

test.each([
  ["rides/42", undefined, true],
  ["users/john.doe", "text/html,*/*", true],
  ["users/john.doe", "*/*", false],
  ["missing.js", "text/html", false],
  ["assets/chunk", "text/html", false],
  ["old.html", "text/html", true],
])("%s asked for as %s means a page: %s", (path, accept, expected) => {
  expect(meansPage(path, accept)).toBe(expected);
});
