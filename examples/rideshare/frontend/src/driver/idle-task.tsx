import type { Ride } from "../api/contract.ts";
import { driverSentence } from "../ride/ride-words.ts";
import { formatMoney } from "../shell/format.ts";

interface IdleTaskProps {
  ended: Ride | null;
  available: boolean;
}

export function IdleTask({ ended, available }: IdleTaskProps) {
  return (
    <section className="task card" aria-label="Your task">
      <p role="status">
        {available ? "Waiting for a ride nearby. Offers appear here." : "Go online to be offered rides."}
      </p>
      {ended && (
        <p className="quiet" data-testid="last-ride">
          {driverSentence(ended)}
          {ended.fareCents !== null && ` The fare was ${formatMoney(ended.fareCents, ended.currency)}.`}
        </p>
      )}
    </section>
  );
}
