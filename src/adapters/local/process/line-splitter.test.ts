import fc from "fast-check";
import { expect, test } from "vitest";
import { makeLineSplitter } from "./line-splitter.ts";

const splitAt = (bytes: Buffer, cuts: number[], limit = 1000): string[] => {
  const splitter = makeLineSplitter(limit);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const lines = places.slice(1).flatMap((to, index) => splitter.push(bytes.subarray(places[index], to)));
  return [...lines, ...splitter.flush()];
};

test("lines are the same wherever the stream is cut into chunks", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "grapheme" })),
      fc.array(fc.nat()),
      fc.integer({ min: 1, max: 50 }),
      (texts, cuts, limit) => {
        const bytes = Buffer.from(texts.join("\n"));
        expect(splitAt(bytes, cuts, limit)).toEqual(splitAt(bytes, [], limit));
      },
    ),
  );
});

test("text comes out as it went in", () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[\w åäö🙂\t]*$/u), { minLength: 1 }),
      fc.array(fc.nat()),
      (lines, cuts) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
        expect(splitAt(bytes, cuts, 10_000)).toEqual(lines);
      },
    ),
  );
});

test("a line that is too long is cut, the next one is whole", () => {
  const splitter = makeLineSplitter(4);
  expect(splitter.push(Buffer.from("abcd\nabcde\nab"))).toEqual(["abcd", "abcd … (cut)"]);
  expect(splitter.push(Buffer.from("cdef"))).toEqual([]);
  expect(splitter.push(Buffer.from("gh\nx\n"))).toEqual(["abcd … (cut)", "x"]);
  expect(splitter.flush()).toEqual([]);
});

test("control characters do not reach the log; tabs and colours do; carriage returns at the end go", () => {
  const lines = makeLineSplitter(100).push(Buffer.from("a\0b\x07\t\x1b[31mred\x1b[0m\r\n\xff\n", "latin1"));
  expect(lines).toEqual(["a\uFFFDb\uFFFD\t\x1b[31mred\x1b[0m", "\uFFFD"]);
});
