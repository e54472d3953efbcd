import type { Position } from "../api/contract.ts";
import { distanceM } from "../map/projection.ts";

/** What is left of a way after `metres` along it: starts at the new position, ends where the way ends. */
export function advance(way: readonly Position[], metres: number): Position[] {
  let left = metres;
  for (let index = 0; index + 1 < way.length; index++) {
    const from = way[index];
    const to = way[index + 1];
    if (!from || !to) break;
    const length = distanceM(from, to);
    if (length > left) {
      const part = left / length;
      const here = { lat: from.lat + (to.lat - from.lat) * part, lng: from.lng + (to.lng - from.lng) * part };
      return [here, ...way.slice(index + 1)];
    }
    left -= length;
  }
  return way.slice(-1);
}
