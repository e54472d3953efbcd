import fc from "fast-check";
import { expect, test } from "vitest";
import { pollIntervalMs } from "./poll-interval.ts";

const even = { throttled: 0, jitter: 0.5 };

test("the first looks come fast, later ones at a twentieth of the time waited, none later than 3 s", () => {
  expect(pollIntervalMs({ elapsedMs: 0, ...even })).toBe(500);
  expect(pollIntervalMs({ elapsedMs: 20_000, ...even })).toBe(1_000);
  expect(pollIntervalMs({ elapsedMs: 600_000, ...even })).toBe(3_000);
});

test("each throttled answer doubles the wait, up to 30 s", () => {
  expect(pollIntervalMs({ elapsedMs: 20_000, throttled: 2, jitter: 0.5 })).toBe(4_000);
  expect(pollIntervalMs({ elapsedMs: 20_000, throttled: 50, jitter: 0.5 })).toBe(30_000);
});

test("jitter moves it by a tenth at most", () => {
  fc.assert(
    fc.property(
      fc.nat(10_000_000),
      fc.nat(20),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (ms, throttled, jitter) => {
        const middle = pollIntervalMs({ elapsedMs: ms, throttled, jitter: 0.5 });
        const moved = pollIntervalMs({ elapsedMs: ms, throttled, jitter });
        expect(Math.abs(moved - middle)).toBeLessThanOrEqual(middle / 10 + 1);
      },
    ),
  );
});
