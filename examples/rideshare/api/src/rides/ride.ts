import type { Queryable } from "../database/pool.ts";
import type { Place, Point } from "./place.ts";

export type RideStatus =
  "requested" | "offered" | "accepted" | "picked_up" | "completed" | "cancelled" | "no_driver";

export interface Ride {
  id: string;
  status: RideStatus;
  pickup: Place;
  dropoff: Place;
  rider: { id: string; name: string };
  driver: {
    id: string;
    name: string;
    vehicle: string;
    plate: string;
    /** Null once the ride is over: where a driver goes afterwards is nobody's business. */
    position: Point | null;
    hasPhoto: boolean;
  } | null;
  quoteCents: number;
  fareCents: number | null;
  currency: string;
  distanceM: number;
  requestedAt: string;
  acceptedAt: string | null;
  pickedUpAt: string | null;
  completedAt: string | null;
  cancelledAt: string | null;
}

export const isActive = (status: RideStatus): boolean => activeStatuses.includes(status);
const activeStatuses: RideStatus[] = ["requested", "offered", "accepted", "picked_up"];

interface RideRow {
  id: string;
  status: RideStatus;
  rider_id: string;
  rider_name: string;
  driver_id: string | null;
  driver_name: string | null;
  vehicle: string;
  plate: string;
  lat: number | null;
  lng: number | null;
  has_photo: boolean;
  pickup_lat: number;
  pickup_lng: number;
  pickup_label: string | null;
  dropoff_lat: number;
  dropoff_lng: number;
  dropoff_label: string | null;
  distance_m: number;
  quote_cents: number;
  fare_cents: number | null;
  currency: string;
  requested_at: Date;
  accepted_at: Date | null;
  picked_up_at: Date | null;
  completed_at: Date | null;
  cancelled_at: Date | null;
}

/** Rides with the names of their people, in one query. `where` and what follows are the caller's own SQL, never input. */
export const selectRides = async (
  database: Queryable,
  where: string,
  parameters: unknown[],
): Promise<Ride[]> => {
  const { rows } = await database.query<RideRow>(
    `select r.*, rider.name as rider_name, person.name as driver_name, d.vehicle, d.plate, d.lat, d.lng,
       exists (select from driver_documents x where x.driver_id = r.driver_id and x.kind = 'photo') as has_photo
     from rides r
     join accounts rider on rider.id = r.rider_id
     left join drivers d on d.account_id = r.driver_id
     left join accounts person on person.id = r.driver_id
     where ${where}`,
    parameters,
  );
  return rows.map(toRide);
};

const toRide = (row: RideRow): Ride => ({
  id: row.id,
  status: row.status,
  pickup: toPlace(row.pickup_lat, row.pickup_lng, row.pickup_label),
  dropoff: toPlace(row.dropoff_lat, row.dropoff_lng, row.dropoff_label),
  rider: { id: row.rider_id, name: row.rider_name },
  driver: toDriver(row),
  quoteCents: row.quote_cents,
  fareCents: row.fare_cents,
  currency: row.currency,
  distanceM: row.distance_m,
  requestedAt: row.requested_at.toISOString(),
  acceptedAt: row.accepted_at?.toISOString() ?? null,
  pickedUpAt: row.picked_up_at?.toISOString() ?? null,
  completedAt: row.completed_at?.toISOString() ?? null,
  cancelledAt: row.cancelled_at?.toISOString() ?? null,
});

const toPlace = (lat: number, lng: number, label: string | null): Place => ({
  lat,
  lng,
  ...(label === null ? {} : { label }),
});

const toDriver = (row: RideRow): Ride["driver"] => {
  if (row.driver_id === null) return null;
  const shown = isActive(row.status) && row.lat !== null && row.lng !== null;
  return {
    id: row.driver_id,
    name: row.driver_name ?? "",
    vehicle: row.vehicle,
    plate: row.plate,
    position: shown ? { lat: row.lat!, lng: row.lng! } : null,
    hasPhoto: row.has_photo,
  };
};
