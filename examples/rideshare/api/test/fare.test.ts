import { expect, test } from "vitest";
import { fareLines, quote, receiptLines, total } from "../src/rides/fare.ts";
import { distanceM } from "../src/rides/place.ts";

const stockholm = { lat: 59.3293, lng: 18.0686 };
const uppsala = { lat: 59.8586, lng: 17.6389 };

test("the distance from Stockholm to Uppsala is the known one", () => {
  expect(Math.abs(distanceM(stockholm, uppsala) - 63_600)).toBeLessThan(300);
  expect(distanceM(uppsala, stockholm)).toBeCloseTo(distanceM(stockholm, uppsala), 6);
  expect(distanceM(stockholm, stockholm)).toBe(0);
});

test("a quote has a minimum, grows with the way, and is the sum of its lines", () => {
  expect(quote(stockholm, stockholm)).toEqual({
    distanceM: 0,
    durationS: 0,
    fareCents: 9_000,
    currency: "SEK",
  });
  let last = 0;
  for (let km = 1; km < 60; km += 1) {
    const price = quote(stockholm, { lat: stockholm.lat + km / 111.195, lng: stockholm.lng });
    expect(price.fareCents).toBeGreaterThanOrEqual(last);
    expect(total(fareLines(price.distanceM, price.durationS))).toBe(price.fareCents);
    last = price.fareCents;
  }
  expect(last).toBeGreaterThan(9_000);
});

test("a receipt adds up to what was quoted, also under another tariff", () => {
  const today = total(fareLines(10_000, 1_200));
  for (const quoted of [today, today - 700, today + 1]) {
    const lines = receiptLines(10_000, 1_200, quoted);
    expect(total(lines)).toBe(quoted);
    expect(lines.some(({ label }) => label === "To the quoted price")).toBe(quoted !== today);
  }
});
