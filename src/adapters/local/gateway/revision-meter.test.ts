import fc from "fast-check";
import { expect, test } from "vitest";
import { RevisionMeter } from "./revision-meter.ts";

test("p95 is never below the true one and at most 15 % above", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.1, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 200 }),
      (all) => {
        const meter = new RevisionMeter();
        for (const ms of all) meter.answered(5_000, ms, false);
        const sorted = [...all].sort((a, b) => a - b);
        const exact = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
        const { p95Ms, requests } = meter.read(5_000, 1_000);
        expect(requests).toBe(all.length);
        expect(p95Ms).toBeGreaterThanOrEqual(exact - 0.001);
        expect(p95Ms).toBeLessThanOrEqual(exact * 1.15 + 0.001);
      },
    ),
  );
});

test("only what lies in the asked time counts, and nothing older than an hour", () => {
  const meter = new RevisionMeter();
  meter.answered(1_000, 1, true);
  meter.unanswered(500_000);
  meter.answered(510_500, 1, false);
  meter.brokeOff(510_600);
  expect(meter.read(511_000, 1_000)).toMatchObject({ requests: 1, errors: 1 });
  expect(meter.read(511_000, 60_000)).toMatchObject({ requests: 2, errors: 2 });
  expect(meter.read(511_000, 3_600_000)).toMatchObject({ requests: 3, errors: 3 });
  meter.answered(3_601_000, 1, false);
  expect(meter.read(3_601_000, 9_999_999)).toMatchObject({ requests: 3, errors: 2 });
  expect(meter.read(9_000_000, 9_999_999)).toMatchObject({ requests: 0, errors: 0, p95Ms: 0 });
  expect(meter.requests).toBe(4);
});
