import fc from "fast-check";
import { expect, test } from "vitest";
import { FrameReader } from "./frames.ts";
import { query, SYNC } from "./write.ts";

test("messages come whole, however the stream was cut", () => {
  const stream = Buffer.concat([query("SELECT 1"), SYNC, query("ü".repeat(300)), query("")]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: stream.length }), { maxLength: 30 }), (cuts) => {
      const reader = new FrameReader({ maxBytes: 10_000 });
      const places = [0, ...new Set(cuts)].sort((a, b) => a - b);
      const frames = places.flatMap((from, n) =>
        reader.push(stream.subarray(from, places[n + 1] ?? stream.length)),
      );
      expect(frames.map(({ type }) => type).join("")).toBe("QSQQ");
      expect(Buffer.concat(frames.map(({ bytes }) => bytes))).toEqual(stream);
      expect(reader.held).toBe(0);
    }),
  );
});

test("a message that is too long is refused by its length, before it has come", () => {
  const reader = new FrameReader({ maxBytes: 1000 });
  const head = Buffer.from([0x51, 0, 0, 0x10, 0]);
  expect(() => reader.push(head)).toThrow('a message of type "Q" has 4096 bytes, and 1000 are allowed');
});

test("a length that cannot be is refused", () => {
  expect(() => new FrameReader({ maxBytes: 1000 }).push(Buffer.from([1, 0, 0, 0, 3]))).toThrow(
    "type 1 has the length 3",
  );
});
