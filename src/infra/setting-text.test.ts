import fc from "fast-check";
import { expect, test } from "vitest";
import { durationMs, memoryMb, shareOf, storageGb } from "../config/units.ts";
import { durationText, memoryText, percentText, storageText } from "./setting-text.ts";

test.each([
  [0, "0s"],
  [1, "1ms"],
  [1500, "1500ms"],
  [90_000, "90s"],
  [600_000, "10m"],
  [5_400_000, "90m"],
  [86_400_000, "1d"],
])("%d ms is written %s", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test("what is written, the configuration reads as the same", () => {
  const whole = (max: number) => fc.integer({ min: 1, max });
  fc.assert(
    fc.property(whole(604_800_000), whole(122_880), whole(65_536), whole(1000), (ms, mb, gb, permille) => {
      expect(durationMs(durationText(ms))).toBe(ms);
      expect(memoryMb(memoryText(mb))).toBe(mb);
      expect(storageGb(storageText(gb))).toBe(gb);
      expect(shareOf(percentText(permille / 1000))).toBeCloseTo(permille / 1000, 8);
    }),
  );
});
