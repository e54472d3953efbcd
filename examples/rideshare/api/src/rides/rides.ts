import type { Account } from "../accounts/accounts.ts";
import { AppError } from "../app-error.ts";
import { violatesUnique } from "../database/database-error.ts";
import { inTransaction, type Database, type Queryable } from "../database/pool.ts";
import type { Dispatch } from "./dispatch.ts";
import { currency, quote } from "./fare.ts";
import type { Place } from "./place.ts";
import { notYours, noSuchRide, takeStep, type RideAction } from "./ride-step.ts";
import { selectRides, type Ride } from "./ride.ts";

export interface Rides {
  /** Books a ride at the quoted price and offers it to the nearest free driver. Throws RIDE_ACTIVE. */
  request(riderId: string, way: { pickup: Place; dropoff: Place }): Promise<Ride>;
  /** The ride, for its rider and its driver. Throws NOT_FOUND, FORBIDDEN. */
  get(account: Account, rideId: string): Promise<Ride>;
  /** The account's active ride; for a driver also one that is offered. */
  current(account: Account): Promise<Ride | null>;
  /** Newest first. */
  history(account: Account, limit: number): Promise<Ride[]>;
  /** Throws NOT_FOUND, FORBIDDEN, or ILLEGAL_TRANSITION when the ride's state does not allow it. */
  act(account: Account, rideId: string, action: RideAction): Promise<Ride>;
}

export const makeRides = ({ database, dispatch }: { database: Database; dispatch: Dispatch }): Rides => {
  const byId = async (connection: Queryable, rideId: string): Promise<Ride> => {
    const [ride] = await selectRides(connection, "r.id = $1", [rideId]);
    if (!ride) throw noSuchRide();
    return ride;
  };

  return {
    async request(riderId, { pickup, dropoff }) {
      const price = quote(pickup, dropoff);
      const rideId = await insertRide(database, riderId, { pickup, dropoff, price });
      await dispatch.offerToNearest(rideId);
      return byId(database, rideId);
    },
    async get(account, rideId) {
      const ride = await byId(database, rideId);
      if (ride.rider.id !== account.id && ride.driver?.id !== account.id) throw notYours();
      return ride;
    },
    async current(account) {
      const [ride] = await selectRides(
        database,
        `r.${sideOf(account)} = $1 and r.status in ('requested', 'offered', 'accepted', 'picked_up')`,
        [account.id],
      );
      return ride ?? null;
    },
    history: (account, limit) =>
      selectRides(database, `r.${sideOf(account)} = $1 order by r.requested_at desc, r.id limit $2`, [
        account.id,
        limit,
      ]),
    async act(account, rideId, action) {
      await inTransaction(database, (connection) => takeStep(connection, account, { rideId, action }));
      if (action === "decline") await dispatch.offerToNearest(rideId);
      return byId(database, rideId);
    },
  };
};

const sideOf = (account: Account): string => (account.role === "rider" ? "rider_id" : "driver_id");

const insertRide = async (
  database: Queryable,
  riderId: string,
  { pickup, dropoff, price }: { pickup: Place; dropoff: Place; price: ReturnType<typeof quote> },
): Promise<string> => {
  try {
    const { rows } = await database.query<{ id: string }>(
      `insert into rides (rider_id, pickup_lat, pickup_lng, pickup_label, dropoff_lat, dropoff_lng, dropoff_label,
         distance_m, duration_s, quote_cents, currency)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id`,
      [
        riderId,
        ...[pickup, dropoff].flatMap(({ lat, lng, label }) => [lat, lng, label ?? null]),
        price.distanceM,
        price.durationS,
        price.fareCents,
        currency,
      ],
    );
    return rows[0]!.id;
  } catch (error) {
    if (violatesUnique(error, "rides_one_active_per_rider")) {
      throw new AppError("RIDE_ACTIVE", "You have a ride under way already.");
    }
    throw error;
  }
};
