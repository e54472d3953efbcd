import type { Ride } from "../api/contract.ts";
import { formatTime } from "../shell/format.ts";

export function RideSteps({ ride }: { ride: Ride }) {
  const steps = [
    { label: "Requested", at: ride.requestedAt },
    { label: "Accepted", at: ride.acceptedAt },
    { label: "Picked up", at: ride.pickedUpAt },
    { label: "Arrived", at: ride.completedAt },
  ];
  return (
    <ol className="steps" aria-label="Progress">
      {steps.map(({ label, at }) => (
        <li key={label} data-done={at ? "" : undefined}>
          <span>{label}</span>
          <span className="steps-time">{at ? formatTime(at) : "–"}</span>
        </li>
      ))}
    </ol>
  );
}
