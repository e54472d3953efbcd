import type { Ride } from "../api/contract.ts";
import { labelOf } from "../map/waypoint.ts";
import { formatDistance, formatMoney } from "../shell/format.ts";

export function TripSummary({ ride }: { ride: Ride }) {
  const { pickup, dropoff, fareCents, quoteCents, currency, distanceM } = ride;
  return (
    <dl className="trip">
      <div>
        <dt>
          <span className="letter letter-pickup">A</span>Pickup
        </dt>
        <dd>{labelOf(pickup)}</dd>
      </div>
      <div>
        <dt>
          <span className="letter letter-dropoff">B</span>Drop-off
        </dt>
        <dd>{labelOf(dropoff)}</dd>
      </div>
      <div>
        <dt>{fareCents === null ? "Quoted fare" : "Fare"}</dt>
        <dd>
          {formatMoney(fareCents ?? quoteCents, currency)} for {formatDistance(distanceM)}
        </dd>
      </div>
    </dl>
  );
}
