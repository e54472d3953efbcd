import fc from "fast-check";
import { expect, test } from "vitest";
import { isHashed } from "../../../domain/site-path.ts";
import { emptyLedger, type Ledger } from "./ledger.ts";
import { afterExpiry, afterStage, afterSwitch } from "./next-ledger.ts";
import { planPublish } from "./plan-publish.ts";
import { siteKeysOf } from "./site-keys.ts";
import type { Target } from "./site-target.ts";

const keys = siteKeysOf("web/");
const targetFrom = (files: Record<string, string>): Target =>
  new Map(
    Object.entries(files).map(([path, sha256]) => [
      path,
      { path, sha256, bytes: 1, hashed: isHashed(path), inline: null },
    ]),
  );
const planFor = (ledger: Ledger, target: Target) => planPublish(ledger, { target, fallback: "index.html" });

test("scripts come before pages, and the fallback page comes last", () => {
  const target = targetFrom({ "index.html": "a", "about.html": "b", "sw.js": "c", "robots.txt": "d" });
  const groups = planFor(emptyLedger("web"), target).replace.map((group) => group.map(({ path }) => path));
  expect(groups).toEqual([["sw.js", "robots.txt"], ["about.html"], ["index.html"]]);
});

const PATHS = ["index.html", "a.html", "sw.js", "assets/x-Ab3dEf9h.js", "assets/y-Ab3dEf9h.js"];
const files = fc
  .dictionary(fc.constantFrom(...PATHS.slice(1)), fc.constantFrom("1", "2"))
  .chain((rest) => fc.constantFrom("1", "2").map((page) => ({ ...rest, "index.html": page })));
type Deed =
  { type: "publish" | "stage" | "die"; files: Record<string, string>; cut: number } | { type: "expire" };
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({
    type: fc.constantFrom("publish" as const, "stage" as const, "die" as const),
    files,
    cut: fc.nat(6),
  }),
  fc.constant({ type: "expire" as const }),
);

/** A bucket without a network: what the publisher does, and `die` does only the first `cut` replacements and tells nobody. */
const play = (deeds: Deed[]) => {
  const bucket = new Map<string, string>();
  let ledger = emptyLedger("web");
  let nowMs = 0;
  let last: Target | null = null;
  for (const one of deeds) {
    nowMs += 10;
    if (one.type === "expire") {
      const needed = last === null ? [] : [last];
      const next = afterExpiry(ledger, { needed, olderThanMs: 15, nowMs, keys });
      for (const key of next?.doomed ?? []) bucket.delete(key);
      if (next !== null) ledger = { ...next, doomed: new Set() };
      continue;
    }
    const target = targetFrom(one.files);
    const plan = planFor(ledger, target);
    for (const { path, sha256 } of plan.send) bucket.set(keys.served(path), sha256);
    for (const { sha256 } of plan.keep) bucket.set(keys.kept(sha256), sha256);
    ledger = afterStage(ledger, plan, { nowMs, keys });
    if (one.type === "stage") continue;
    const replaced = plan.replace.flat();
    for (const file of replaced.slice(0, one.type === "die" ? one.cut : replaced.length)) {
      expect(bucket.get(keys.kept(file.sha256)), "a copy finds what it copies").toBe(file.sha256);
      bucket.set(keys.served(file.path), file.sha256);
    }
    if (one.type === "die") continue;
    for (const path of plan.remove) bucket.delete(keys.served(path));
    const serving = {
      release: "0".repeat(64),
      spec: { site: "web", tree: "0", route: "/*", fallback: "index.html", settings: {} },
    };
    ledger = afterSwitch(ledger, plan, { target, serving, nowMs });
    last = target;
    for (const { path, sha256 } of target.values()) expect(bucket.get(keys.served(path)), path).toBe(sha256);
    const mutable = [...bucket.keys()].filter((key) => key.startsWith("web/") && !isHashed(key));
    expect(mutable.sort()).toEqual(
      [...target.keys()]
        .filter((path) => !isHashed(path))
        .map(keys.served)
        .sort(),
    );
    const again = planFor(ledger, target);
    expect([again.send, again.keep, again.replace, again.remove].flat()).toEqual([]);
  }
};

test("whatever was published, staged, broken off and expired before: a publication ends in exactly its files", () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 12 }), files, (deeds, end) =>
      play([...deeds, { type: "publish", files: end, cut: 0 }]),
    ),
    { numRuns: 500 },
  );
});
