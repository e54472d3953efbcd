import type { Ride } from "../api/contract.ts";
import { labelOf } from "../map/waypoint.ts";
import { statusWord } from "../ride/ride-words.ts";
import { formatDay, formatMoney, formatTime } from "../shell/format.ts";
import { Link } from "../shell/link.tsx";

export function RideRow({ ride }: { ride: Ride }) {
  const { fareCents, currency, requestedAt, status } = ride;
  return (
    <li>
      <Link to={`/rides/${ride.id}`} className="ride-row">
        <span className="ride-row-trip">
          {labelOf(ride.pickup)} <span aria-hidden="true">→</span>
          <span className="visually-hidden">to</span> {labelOf(ride.dropoff)}
        </span>
        <span className="ride-row-fare">{fareCents === null ? "–" : formatMoney(fareCents, currency)}</span>
        <span className="quiet">
          {formatDay(requestedAt)}, {formatTime(requestedAt)}
        </span>
        <span className="badge" data-status={status}>
          {statusWord[status]}
        </span>
      </Link>
    </li>
  );
}
