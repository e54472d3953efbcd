import type { Position } from "../api/contract.ts";

export interface Point {
  x: number;
  y: number;
}

/** What the map shows: central Stockholm, Solna bridge to Hammarby, Essingen to the edge of Lidingö. */
export const bounds = { south: 59.3, north: 59.36, west: 18.0, east: 18.13 };

// A degree of longitude is about half a degree of latitude here, so plain degrees would look stretched.
const squeeze = Math.cos((59.33 * Math.PI) / 180);

export const mapWidth = 1000;
const unitsPerLng = mapWidth / (bounds.east - bounds.west);
const unitsPerLat = unitsPerLng / squeeze;
export const mapHeight = Math.round((bounds.north - bounds.south) * unitsPerLat);

export const metresPerUnit = 111_320 / unitsPerLat;

export const project = ({ lat, lng }: Position): Point => ({
  x: (lng - bounds.west) * unitsPerLng,
  y: (bounds.north - lat) * unitsPerLat,
});

export const unproject = ({ x, y }: Point): Position => ({
  lat: round(bounds.north - y / unitsPerLat),
  lng: round(bounds.west + x / unitsPerLng),
});

export const distanceM = (a: Position, b: Position): number => {
  const from = project(a);
  const to = project(b);
  return Math.hypot(to.x - from.x, to.y - from.y) * metresPerUnit;
};

// Five decimals are about a metre: more would pretend to a precision the drawing does not have.
const round = (degrees: number) => Math.round(degrees * 1e5) / 1e5;
