import type { RideDriver, RideStatus } from "../api/contract.ts";
import { DriverPhoto } from "../ride/driver-photo.tsx";

interface DriverCardProps {
  driver: RideDriver | null;
  status: RideStatus;
}

/** Has the same height with and without a driver, so that nothing below it moves on acceptance. */
export function DriverCard({ driver, status }: DriverCardProps) {
  if (!driver) {
    return (
      <div className="driver-card" data-empty="">
        <span className="photo" aria-hidden="true" />
        <p className="quiet">
          {status === "requested" || status === "offered"
            ? "Your driver's name, car and plate appear here."
            : "There was no driver on this ride."}
        </p>
      </div>
    );
  }
  return (
    <div className="driver-card" data-testid="driver-card">
      <DriverPhoto id={driver.id} name={driver.name} hasPhoto={driver.hasPhoto} />
      <p>
        <strong>{driver.name}</strong>
        <span>{driver.vehicle}</span>
      </p>
      <span className="plate">{driver.plate}</span>
    </div>
  );
}
