import { distanceM, type Point } from "./place.ts";

export const currency = "SEK";

const tariff = { baseCents: 4_500, perKmCents: 1_200, perMinuteCents: 250, minimumCents: 9_000 };
// Streets are longer than the crow flies, and city traffic does about 30 km/h.
const detour = 1.3;
const metresPerSecond = 30_000 / 3_600;

export interface Quote {
  distanceM: number;
  durationS: number;
  fareCents: number;
  currency: string;
}

export interface ReceiptLine {
  label: string;
  amountCents: number;
}

/** A fixed price for the way: what the rider is quoted is what the rider pays. */
export const quote = (pickup: Point, dropoff: Point): Quote => {
  const metres = Math.round(distanceM(pickup, dropoff) * detour);
  const durationS = Math.round(metres / metresPerSecond);
  return { distanceM: metres, durationS, fareCents: total(fareLines(metres, durationS)), currency };
};

/** The parts of a fare. They always add up to the quote for the same distance and duration. */
export const fareLines = (metres: number, durationS: number): ReceiptLine[] => {
  const lines: ReceiptLine[] = [
    { label: "Base fare", amountCents: tariff.baseCents },
    {
      label: `Distance, ${(metres / 1000).toFixed(1)} km`,
      amountCents: Math.round((metres * tariff.perKmCents) / 1000),
    },
    {
      label: `Time, ${Math.round(durationS / 60)} min`,
      amountCents: Math.round((durationS * tariff.perMinuteCents) / 60),
    },
  ];
  const missing = tariff.minimumCents - total(lines);
  if (missing > 0) lines.push({ label: "Up to the minimum fare", amountCents: missing });
  return lines;
};

/** The lines of a receipt: they add up to what was quoted, also when the tariff changed since. */
export const receiptLines = (metres: number, durationS: number, quoteCents: number): ReceiptLine[] => {
  const lines = fareLines(metres, durationS);
  const change = quoteCents - total(lines);
  return change === 0 ? lines : [...lines, { label: "To the quoted price", amountCents: change }];
};

export const total = (lines: ReceiptLine[]): number => lines.reduce((sum, line) => sum + line.amountCents, 0);
