import { expect, test } from "vitest";
import { displayWidth, graphemes } from "./text-width.ts";

test.each([
  ["✔ roll out  api · 2 of 2", 24],
  ["\u001b[32m✘\u001b[39m café – 1 s", 12],
  ["cafe\u0301", 4],
  ["日本", 4],
  ["👩‍👩‍👧 ok", 5],
  ["✔\ufe0f", 2],
])("%j takes its columns", (text, columns) => expect(displayWidth(text)).toBe(columns));

test("a mark stays with its letter, and a family is one sign", () => {
  expect(graphemes("e\u0301·👩‍👩‍👧")).toEqual(["e\u0301", "·", "👩‍👩‍👧"]);
});
