import fc from "fast-check";
import { expect, test } from "vitest";
import { parseApp } from "./parse-app.ts";
import { fullConfig, problemsIn } from "./testbed.ts";

type Node = Record<string, unknown>;

const pathsOf = (value: unknown, path: string[] = []): string[][] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, member]) => [[...path, key], ...pathsOf(member, [...path, key])])
    : [];

const PATHS = pathsOf(fullConfig());

const oddValue = fc.oneof(
  fc.anything({
    maxDepth: 2,
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSparseArray: true,
  }),
  fc.string(),
  fc.double(),
  fc.constantFrom(
    "api",
    "aws",
    "canary",
    "1s",
    "../x",
    "__proto__",
    "constructor",
    Symbol("s"),
    () => 1,
    new Proxy({}, {}),
  ),
);
const oddKey = fc.oneof(
  fc.string(),
  fc.constantFrom("__proto__", "constructor", "toString", "path", "type", "0", "length"),
);

const mutation = fc.record({
  path: fc.constantFrom(...PATHS),
  kind: fc.constantFrom("set", "remove", "rename", "insert", "swap"),
  value: oddValue,
  key: oddKey,
  other: fc.constantFrom(...PATHS),
});

const at = (root: unknown, path: string[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? (value as Node)[key] : undefined),
    root,
  );

const define = (node: Node, key: string, value: unknown): void => {
  Object.defineProperty(node, key, { value, enumerable: true, configurable: true, writable: true });
};

const mutate = (
  root: unknown,
  { path, kind, value, key, other }: typeof mutation extends fc.Arbitrary<infer T> ? T : never,
) => {
  const parent = at(root, path.slice(0, -1));
  const last = path.at(-1);
  if (typeof parent !== "object" || parent === null || last === undefined || !Object.isExtensible(parent))
    return;
  const node = parent as Node;
  try {
    if (kind === "set") define(node, last, value);
    else if (kind === "remove") delete node[last];
    else if (kind === "insert") define(node, key, value);
    else if (kind === "swap") define(node, last, at(root, other));
    else {
      define(node, key, node[last]);
      delete node[last];
    }
  } catch {
    // A list refuses some keys, such as a length that is none; then nothing is changed.
  }
};

test("whatever is changed in a good configuration, it is accepted or CONFIG_INVALID with problems that survive JSON", () => {
  let refused = 0;
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
      const config: unknown = fullConfig();
      for (const one of mutations) mutate(config, one);
      const problems = problemsIn(config);
      if (problems.length > 0) refused += 1;
      expect(JSON.parse(JSON.stringify(problems))).toEqual(problems);
      for (const { message, docs } of problems) {
        expect(message).not.toMatch(/Invalid input|undefined|\[object/);
        expect(docs).toMatch(/^docs\/config\.md#[a-z-]+$/);
      }
      if (problems.length === 0) expect(problemsIn(config)).toEqual([]);
    }),
    { numRuns: 1500 },
  );
  expect(refused).toBeGreaterThan(500);
});

test("anything at all is accepted or CONFIG_INVALID", () => {
  fc.assert(
    fc.property(
      fc.anything({ withBigInt: true, withDate: true, withMap: true }),
      (input) => problemsIn(input).length > 0,
    ),
    {
      numRuns: 500,
    },
  );
});

test("the order of members changes nothing but the order", () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(Object.keys(fullConfig()), { minLength: Object.keys(fullConfig()).length }),
      (keys) => {
        const config = fullConfig() as unknown as Node;
        const shuffled = Object.fromEntries(keys.map((key) => [key, config[key]]));
        const file = "switchback.config.ts";
        expect(parseApp(shuffled, { file })).toEqual(parseApp(config, { file }));
      },
    ),
    { numRuns: 20 },
  );
});
