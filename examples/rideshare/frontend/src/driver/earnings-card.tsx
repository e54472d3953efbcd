import { useCallback, useEffect } from "react";
import type { Ride } from "../api/contract.ts";
import { useSession } from "../session/session.tsx";
import { formatMoney, isToday } from "../shell/format.ts";
import { useLoaded } from "../shell/use-loaded.ts";

/** Counts anew whenever another ride has ended. */
export function EarningsCard({ endedRideId }: { endedRideId: string | null }) {
  const { api } = useSession();
  const [loaded, reload] = useLoaded(useCallback((signal) => api.rides(100, signal), [api]));
  useEffect(() => {
    if (endedRideId) reload();
  }, [endedRideId, reload]);
  const today = loaded.state === "ready" ? loaded.value.filter(paidToday) : [];
  const total = today.reduce((sum, { fareCents }) => sum + (fareCents ?? 0), 0);
  return (
    <section className="card earnings" aria-label="Earnings today">
      <h2>Today</h2>
      {loaded.state === "failed" ? (
        <p role="alert">
          {loaded.reason}{" "}
          <button type="button" className="button-plain" onClick={reload}>
            Try again
          </button>
        </p>
      ) : (
        <p>
          <strong className="earnings-total" data-testid="earnings">
            {loaded.state === "loading" ? "…" : formatMoney(total)}
          </strong>
          <span className="quiet">{today.length === 1 ? "from 1 ride" : `from ${today.length} rides`}</span>
        </p>
      )}
    </section>
  );
}

const paidToday = ({ completedAt }: Ride) => completedAt !== null && isToday(completedAt);
