import { violatesUnique } from "../database/database-error.ts";
import { inTransaction, type Database, type Queryable } from "../database/pool.ts";
import type { Nearby } from "../drivers/nearby.ts";

const reachM = 15_000;
// Two rides may pick the same driver at the same moment; the loser of the unique index looks again.
const attempts = 5;

export interface Dispatch {
  /**
   * Offers a ride that is waiting to the nearest free driver who has not been asked yet. Does nothing to a ride
   * in another state, so any process may call it at any time. With nobody free the ride goes on waiting.
   */
  offerToNearest(rideId: string): Promise<void>;
}

interface WaitingRide {
  pickup_lat: number;
  pickup_lng: number;
  asked: string[];
}

export const makeDispatch = ({
  database,
  nearby,
  offerSeconds,
}: {
  database: Database;
  nearby: Nearby;
  offerSeconds: number;
}): Dispatch => ({
  async offerToNearest(rideId) {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const ride = await waitingRide(database, rideId);
      if (!ride) return;
      const { drivers } = await nearby.find(
        { lat: ride.pickup_lat, lng: ride.pickup_lng },
        { radiusM: reachM, limit: 1, except: ride.asked },
      );
      if (!drivers[0]) return;
      try {
        await inTransaction(database, (connection) =>
          offer(connection, rideId, drivers[0]!.id, offerSeconds),
        );
        return;
      } catch (error) {
        if (!violatesUnique(error, "rides_one_active_per_driver")) throw error;
      }
    }
  },
});

const waitingRide = async (database: Queryable, rideId: string): Promise<WaitingRide | undefined> => {
  const { rows } = await database.query<WaitingRide>(
    `select pickup_lat, pickup_lng, array(select driver_id from ride_offers o where o.ride_id = r.id) as asked
     from rides r where id = $1 and status = 'requested'`,
    [rideId],
  );
  return rows[0];
};

const offer = async (
  connection: Queryable,
  rideId: string,
  driverId: string,
  offerSeconds: number,
): Promise<void> => {
  const { rowCount } = await connection.query(
    `update rides set status = 'offered', driver_id = $2, offer_expires_at = now() + make_interval(secs => $3)
     where id = $1 and status = 'requested'`,
    [rideId, driverId, offerSeconds],
  );
  // Somebody else moved the ride on in between: theirs to finish.
  if (rowCount === 0) return;
  await connection.query(
    "insert into ride_offers (ride_id, driver_id) values ($1, $2) on conflict (ride_id, driver_id) do nothing",
    [rideId, driverId],
  );
};
