import type { Point } from "../rides/place.ts";

/** Points from `from` to `to` along a street grid: first north or south, then east or west. Ends exactly at `to`. */
export const gridPath = (from: Point, to: Point, steps: number): Point[] => {
  const north = Math.abs(to.lat - from.lat);
  const east = Math.abs(to.lng - from.lng) * Math.cos((from.lat * Math.PI) / 180);
  const turn = north + east === 0 ? 0.5 : north / (north + east);
  return Array.from({ length: steps }, (_, i) => {
    const done = (i + 1) / steps;
    const first = turn === 0 ? 1 : Math.min(1, done / turn);
    const second = turn === 1 ? 1 : Math.max(0, (done - turn) / (1 - turn));
    return {
      lat: from.lat + (to.lat - from.lat) * first,
      lng: from.lng + (to.lng - from.lng) * second,
    };
  }).with(-1, { lat: to.lat, lng: to.lng });
};

/** A place within the inner city of Stockholm. */
export const somewhere = (): Point => ({
  lat: round(59.305 + Math.random() * 0.045),
  lng: round(18.03 + Math.random() * 0.08),
});

const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;
