import { describe, expect, test } from "vitest";
import type { FileTree, TreeEntry } from "../../../domain/file-tree.ts";
import { forEachAtOnce } from "./at-once.ts";
import { makeGate } from "./gate.ts";
import { invalidationPathsOf } from "./invalidation.ts";
import { decodeLedger, emptyLedger, encodeLedger } from "./ledger.ts";
import { targetOf } from "./site-target.ts";

const signal = new AbortController().signal;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("the gate", () => {
  test("lets in no more requests and bytes at once than it may, and everything in the end", async () => {
    let [running, held, mostRunning, mostHeld, done] = [0, 0, 0, 0, 0];
    const gate = makeGate({ requests: 4, bytes: 100 });
    const items = Array.from({ length: 50 }, (_, at) => ({ bytes: (at * 37) % 60 }));
    const work = async ({ bytes }: { bytes: number }) => {
      mostRunning = Math.max(mostRunning, (running += 1));
      mostHeld = Math.max(mostHeld, (held += bytes));
      await turn();
      running -= 1;
      held -= bytes;
      done += 1;
    };
    await forEachAtOnce(items, work, { gate, workers: 20, signal });
    expect({ done, mostRunning }).toEqual({ done: 50, mostRunning: 4 });
    expect(mostHeld).toBeLessThanOrEqual(100);
  });

  test("what is larger than everything that is allowed goes alone", async () => {
    const gate = makeGate({ requests: 4, bytes: 10 });
    await gate.enter(50);
    let entered = false;
    const other = gate.enter(1).then(() => (entered = true));
    await turn();
    expect(entered).toBe(false);
    gate.leave(50);
    await other;
  });

  test("after the first error nothing new is begun", async () => {
    const begun: number[] = [];
    const items = Array.from({ length: 20 }, (_, at) => ({ at, bytes: 1 }));
    const work = async ({ at }: { at: number }) => {
      begun.push(at);
      await turn();
      if (at === 1) throw new Error("no");
    };
    const gate = makeGate({ requests: 4, bytes: 100 });
    await expect(forEachAtOnce(items, work, { gate, workers: 4, signal })).rejects.toThrow("no");
    expect(begun.length).toBeLessThanOrEqual(8);
  });
});

describe("the ledger", () => {
  test("comes back as it was, whatever the paths are called, and no two writes have the same bytes", () => {
    const ledger = emptyLedger("web");
    for (const path of ["__proto__", "constructor", 'a"b', "größe"]) ledger.files.set(path, "a".repeat(64));
    ledger.old.set("__proto__", 5);
    const [one, two] = [encodeLedger(ledger), encodeLedger(ledger)];
    expect(decodeLedger(one.bytes, "web")?.ledger).toEqual(ledger);
    expect(one.bytes.equals(two.bytes)).toBe(false);
  });

  test("of another site, or damaged, is none; of a later format is refused", () => {
    const { bytes } = encodeLedger(emptyLedger("web"));
    expect(decodeLedger(bytes, "admin")).toBeNull();
    expect(decodeLedger(bytes.subarray(0, 20), "web")).toBeNull();
    expect(() => decodeLedger(Buffer.from('{"format":2}'), "web")).toThrow(
      expect.objectContaining({ code: "FORMAT_TOO_NEW" }),
    );
  });
});

test("links are served as what they lead to, inside the tree alone", () => {
  const file: TreeEntry = { type: "file", sha256: "a".repeat(64), bytes: 1, executable: false };
  const tree: FileTree = {
    format: 1,
    entries: {
      "index.html": file,
      "docs/page.html": file,
      latest: { type: "link", target: "docs" },
      "home.html": { type: "link", target: "index.html" },
      out: { type: "link", target: "../../etc" },
      loop: { type: "link", target: "loop" },
    },
  };
  const spec = { site: "web", tree: "b".repeat(64), route: "/*", fallback: "index.html", settings: {} };
  expect([...targetOf(tree, spec).keys()].sort()).toEqual([
    "config.json",
    "docs/page.html",
    "home.html",
    "index.html",
    "latest/page.html",
  ]);
});

test("a thousand changed paths are asked for one by one, more as all of the site", () => {
  const paths = Array.from({ length: 1_001 }, (_, at) => `p${at}*.html`);
  expect(invalidationPathsOf(paths.slice(0, 1), "/*")).toEqual(["/p0%2A.html"]);
  expect(invalidationPathsOf(paths.slice(1), "/*")).toHaveLength(1_000);
  expect(invalidationPathsOf(paths, "/admin/*")).toEqual(["/*", "/admin/*"]);
});
