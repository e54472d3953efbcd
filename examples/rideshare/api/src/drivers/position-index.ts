import type { Point } from "../rides/place.ts";

/** Where drivers were last seen, kept outside the database to be searched fast. May be behind, and may fail. */
export interface PositionIndex {
  /** Never throws: the database holds the position too. */
  put(driverId: string, position: Point): Promise<void>;
  /** Never throws. */
  remove(driverId: string): Promise<void>;
  /** Everybody within the radius (or slightly beyond), or null when the index cannot answer. */
  search(centre: Point, radiusM: number): Promise<string[] | null>;
  state(): Promise<"ok" | "down">;
  close(): Promise<void>;
}
