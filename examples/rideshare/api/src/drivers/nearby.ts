import type { Queryable } from "../database/pool.ts";
import { earthRadiusM, type Point } from "../rides/place.ts";
import type { PositionIndex } from "./position-index.ts";

/** A driver who was not heard of for longer is not there. */
const freshSeconds = 120;

export interface NearbyDriver extends Point {
  id: string;
  name: string;
  vehicle: string;
  distanceM: number;
}

export interface NearbyOptions {
  radiusM: number;
  limit: number;
  except?: string[];
}

export interface Nearby {
  /**
   * Free drivers around a point, nearest first. Redis only narrows down who may be near; whether they are free
   * and how far they are comes from the database, so both sources answer the same. `source` says which was used.
   */
  find(centre: Point, options: NearbyOptions): Promise<{ source: "redis" | "sql"; drivers: NearbyDriver[] }>;
}

export const makeNearby = (database: Queryable, index: PositionIndex | null): Nearby => ({
  async find(centre, options) {
    const ids = (await index?.search(centre, options.radiusM)) ?? null;
    if (ids) return { source: "redis", drivers: await freeDrivers(database, centre, options, among(ids)) };
    return {
      source: "sql",
      drivers: await freeDrivers(database, centre, options, inBox(centre, options.radiusM)),
    };
  },
});

interface Candidates {
  /** SQL over drivers `d` with parameters from $7 on. */
  where: string;
  parameters: unknown[];
}

const among = (ids: string[]): Candidates => ({ where: "d.account_id = any($7)", parameters: [ids] });

/** A box around the circle, so that the index on (lat, lng) can be used; no bound on lng at the poles and the date line. */
const inBox = ({ lat, lng }: Point, radiusM: number): Candidates => {
  const degrees = (radiusM / earthRadiusM) * (180 / Math.PI) * 1.001;
  const widest = Math.cos((Math.min(90, Math.abs(lat) + degrees) * Math.PI) / 180);
  const across = widest > 0.001 ? degrees / widest : 360;
  const south = lat - degrees;
  const north = lat + degrees;
  if (lng - across < -180 || lng + across > 180) {
    return { where: "d.lat between $7 and $8", parameters: [south, north] };
  }
  return {
    where: "d.lat between $7 and $8 and d.lng between $9 and $10",
    parameters: [south, north, lng - across, lng + across],
  };
};

const freeDrivers = async (
  database: Queryable,
  { lat, lng }: Point,
  { radiusM, limit, except = [] }: NearbyOptions,
  candidates: Candidates,
): Promise<NearbyDriver[]> => {
  const { rows } = await database.query<NearbyDriver>(
    `select a.id, a.name, near.vehicle, near.lat, near.lng, round(near.distance_m)::int as "distanceM"
     from (
       select d.*, 2 * ${earthRadiusM} * asin(least(1, sqrt(
         power(sin(radians(d.lat - $1) / 2), 2)
         + cos(radians($1)) * cos(radians(d.lat)) * power(sin(radians(d.lng - $2) / 2), 2)))) as distance_m
       from drivers d
       where d.available and d.position_at > now() - make_interval(secs => $5) and d.account_id <> all($6)
         and ${candidates.where}
         and not exists (select from rides r where r.driver_id = d.account_id
                         and r.status in ('offered', 'accepted', 'picked_up'))
     ) near join accounts a on a.id = near.account_id
     where near.distance_m <= $3 order by near.distance_m, a.id limit $4`,
    [lat, lng, radiusM, limit, freshSeconds, except, ...candidates.parameters],
  );
  return rows;
};
