import type { Ride } from "../api/contract.ts";
import { ReceiptLines } from "../history/receipt-lines.tsx";
import { RideStatusLine } from "../ride/ride-status-line.tsx";
import { RideSteps } from "../ride/ride-steps.tsx";
import { hasDriver, isOver, riderSentence } from "../ride/ride-words.ts";
import { TripSummary } from "../ride/trip-summary.tsx";
import { CancelButton } from "./cancel-button.tsx";
import { DriverCard } from "./driver-card.tsx";

interface RidePanelProps {
  ride: Ride;
  onRide: (ride: Ride) => void;
  onFinish: () => void;
}

export function RidePanel({ ride, onRide, onFinish }: RidePanelProps) {
  return (
    <section className="ride-panel" aria-label="Your ride">
      <RideStatusLine status={ride.status} sentence={riderSentence(ride)} />
      <RideSteps ride={ride} />
      <DriverCard driver={hasDriver(ride.status) ? ride.driver : null} status={ride.status} />
      {ride.status === "completed" ? <ReceiptLines rideId={ride.id} /> : <TripSummary ride={ride} />}
      {(ride.status === "requested" || ride.status === "offered" || ride.status === "accepted") && (
        <CancelButton rideId={ride.id} onCancelled={onRide} />
      )}
      {isOver(ride.status) && (
        <button type="button" className="button" data-testid="new-ride" onClick={onFinish}>
          Book another ride
        </button>
      )}
    </section>
  );
}
