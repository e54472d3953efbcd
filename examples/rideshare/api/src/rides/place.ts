export interface Point {
  lat: number;
  lng: number;
}

export interface Place extends Point {
  label?: string | undefined;
}

export const earthRadiusM = 6_371_000;

/** Great-circle distance in metres (haversine): the same formula as the SQL in drivers/nearby.ts. */
export const distanceM = (a: Point, b: Point): number => {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 +
    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lng - a.lng) * rad) / 2) ** 2;
  return 2 * earthRadiusM * Math.asin(Math.min(1, Math.sqrt(h)));
};
