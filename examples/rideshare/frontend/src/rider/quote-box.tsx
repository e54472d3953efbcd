import type { Quote } from "../api/contract.ts";
import { formatDistance, formatDuration, formatMoney } from "../shell/format.ts";

/** Keeps its height with and without a quote, so that the buttons below stay where they are. */
export function QuoteBox({ quote }: { quote: Quote | null }) {
  return (
    <div className="quote-box" role="status" data-testid="quote-box">
      {quote ? (
        <>
          <strong className="quote-fare">{formatMoney(quote.fareCents, quote.currency)}</strong>
          <span>
            {formatDistance(quote.distanceM)}, about {formatDuration(quote.durationS)}
          </span>
        </>
      ) : (
        <span className="quiet">You see the fare before you book.</span>
      )}
    </div>
  );
}
