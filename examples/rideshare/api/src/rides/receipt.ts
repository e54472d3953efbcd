import { AppError } from "../app-error.ts";
import type { Queryable } from "../database/pool.ts";
import type { ReceiptLine } from "./fare.ts";
import type { Place } from "./place.ts";
import type { Ride } from "./ride.ts";

export interface Receipt {
  rideId: string;
  lines: ReceiptLine[];
  totalCents: number;
  currency: string;
  issuedAt: string;
  from: Place;
  to: Place;
  distanceM: number;
  driver: { id: string; name: string; vehicle: string; plate: string } | null;
  rider: { id: string; name: string };
}

/** The receipt as it was issued with the drop-off. Throws NOT_FOUND before that. */
export const receiptFor = async (database: Queryable, ride: Ride): Promise<Receipt> => {
  const { rows } = await database.query<{
    lines: ReceiptLine[];
    total_cents: number;
    currency: string;
    issued_at: Date;
  }>("select lines, total_cents, currency, issued_at from receipts where ride_id = $1", [ride.id]);
  const issued = rows[0];
  if (!issued) throw new AppError("NOT_FOUND", "There is a receipt once the ride is completed.");
  const { driver } = ride;
  return {
    rideId: ride.id,
    lines: issued.lines,
    totalCents: issued.total_cents,
    currency: issued.currency,
    issuedAt: issued.issued_at.toISOString(),
    from: ride.pickup,
    to: ride.dropoff,
    distanceM: ride.distanceM,
    driver: driver && { id: driver.id, name: driver.name, vehicle: driver.vehicle, plate: driver.plate },
    rider: ride.rider,
  };
};
