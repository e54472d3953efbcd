import type { Account } from "../accounts/accounts.ts";
import { AppError } from "../app-error.ts";
import { isIllegalTransition } from "../database/database-error.ts";
import type { Queryable } from "../database/pool.ts";
import { receiptLines } from "./fare.ts";

export type DriverAction = "accept" | "decline" | "pick-up" | "drop-off";
export type RideAction = DriverAction | "cancel";

/**
 * Takes one step of a ride, whole or not at all: to be called inside a transaction. Of two steps at once the second
 * waits and is judged by what the first left. Throws NOT_FOUND, FORBIDDEN, ILLEGAL_TRANSITION.
 */
export const takeStep = async (
  connection: Queryable,
  account: Account,
  { rideId, action }: { rideId: string; action: RideAction },
): Promise<void> => {
  const ride = await lockRide(connection, rideId, account.id);
  mayAct(ride, account, action);
  await apply(connection, ride, action);
};

interface LockedRide {
  id: string;
  status: string;
  rider_id: string;
  driver_id: string | null;
  distance_m: number;
  duration_s: number;
  quote_cents: number;
  currency: string;
  was_offered: boolean;
}

const lockRide = async (connection: Queryable, rideId: string, accountId: string): Promise<LockedRide> => {
  const { rows } = await connection.query<LockedRide>(
    `select r.id, r.status, r.rider_id, r.driver_id, r.distance_m, r.duration_s, r.quote_cents, r.currency,
       exists (select from ride_offers o where o.ride_id = r.id and o.driver_id = $2) as was_offered
     from rides r where r.id = $1 for update of r`,
    [rideId, accountId],
  );
  if (!rows[0]) throw noSuchRide();
  return rows[0];
};

const mayAct = (ride: LockedRide, account: Account, action: RideAction): void => {
  if (ride.driver_id === account.id) {
    if (ride.status !== "offered" || action !== "cancel") return;
    throw new AppError("ILLEGAL_TRANSITION", "An offer is declined, not cancelled.");
  }
  if (ride.rider_id === account.id && action === "cancel") return;
  // A driver who answers after the offer went to somebody else is late, not an intruder.
  if (ride.was_offered && (action === "accept" || action === "decline")) {
    throw new AppError("ILLEGAL_TRANSITION", "This offer is no longer yours.");
  }
  throw notYours();
};

/** Leaves it to the database to say whether the step is legal. */
const apply = async (connection: Queryable, ride: LockedRide, action: RideAction): Promise<void> => {
  const set = (assignments: string, ...values: unknown[]) =>
    connection.query(`update rides set ${assignments} where id = $1`, [ride.id, ...values]);
  const closeOffer = (outcome: string) =>
    connection.query("update ride_offers set outcome = $2 where ride_id = $1 and outcome = 'open'", [
      ride.id,
      outcome,
    ]);
  try {
    switch (action) {
      case "accept":
        await set("status = 'accepted', offer_expires_at = null");
        await closeOffer("accepted");
        return;
      case "decline":
        // From `accepted`, the table of transitions has no way back to `requested`.
        await set("status = 'requested', driver_id = null, offer_expires_at = null");
        await closeOffer("declined");
        return;
      case "pick-up":
        await set("status = 'picked_up'");
        return;
      case "drop-off": {
        const lines = receiptLines(ride.distance_m, ride.duration_s, ride.quote_cents);
        await set("status = 'completed', fare_cents = quote_cents");
        await connection.query(
          "insert into receipts (ride_id, lines, total_cents, currency) values ($1, $2, $3, $4)",
          [ride.id, JSON.stringify(lines), ride.quote_cents, ride.currency],
        );
        return;
      }
      case "cancel":
        await set("status = 'cancelled', offer_expires_at = null");
        await closeOffer("withdrawn");
        return;
    }
  } catch (error) {
    if (isIllegalTransition(error)) {
      throw new AppError("ILLEGAL_TRANSITION", `${sentence(error.message)}.`, { cause: error });
    }
    throw error;
  }
};

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
export const noSuchRide = () => new AppError("NOT_FOUND", "There is no such ride.");
export const notYours = () => new AppError("FORBIDDEN", "This is not your ride.");
