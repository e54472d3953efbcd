import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ERROR_CODES } from "../domain/error-codes.ts";
import { configPage, errorsPage } from "./docs.ts";
import { fullConfig, problemsIn, withValue } from "./testbed.ts";

const page = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");

test.each([
  ["config.md", configPage],
  ["errors.md", errorsPage],
])("docs/%s is what the code says (else: npm run docs)", (name, make) => {
  expect(page(name)).toBe(make());
});

test("docs/errors.md lists exactly the codes there are", () => {
  const listed = [...errorsPage().matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
  expect(listed).toEqual(Object.keys(ERROR_CODES));
});

test("no anchor is there twice, and every link on the page leads to one", () => {
  const anchors = [...configPage().matchAll(/<a id="([^"]+)">/g)].map(([, anchor]) => anchor);
  const links = [...configPage().matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
  expect(new Set(anchors).size).toBe(anchors.length);
  expect(links.filter((link) => !anchors.includes(link))).toEqual([]);
});

test("the anchor that a message names is on the page, whatever setting is wrong", () => {
  const leaves = (value: unknown, path: string): string[] =>
    typeof value === "object" && value !== null
      ? [path, ...Object.entries(value).flatMap(([key, member]) => leaves(member, `${path}.${key}`))]
      : [path];
  const named = Object.entries(fullConfig())
    .flatMap(([key, value]) => leaves(value, key))
    .flatMap((path) => problemsIn(withValue(fullConfig(), path, [[null]])));
  const text = configPage();
  const missing = named
    .map(({ docs }) => docs.replace("docs/config.md#", ""))
    .filter((anchor) => !text.includes(`<a id="${anchor}">`));
  expect(missing).toEqual([]);
  expect(named.length).toBeGreaterThan(100);
});
