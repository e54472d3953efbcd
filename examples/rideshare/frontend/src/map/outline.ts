import type { Position } from "../api/contract.ts";

export type Outline = readonly Position[];

/** Reads corners written as `lat lng, lat lng, …`. */
export function outline(corners: string): Outline {
  return corners.split(",").map((corner) => {
    const [lat = 0, lng = 0] = corner.trim().split(" ").map(Number);
    return { lat, lng };
  });
}
