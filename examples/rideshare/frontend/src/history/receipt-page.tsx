import { useCallback } from "react";
import { ApiError } from "../api/api-error.ts";
import { RideSteps } from "../ride/ride-steps.tsx";
import { isOver, riderSentence, driverSentence } from "../ride/ride-words.ts";
import { TripSummary } from "../ride/trip-summary.tsx";
import { homeOf, useSession } from "../session/session.tsx";
import { Failure } from "../shell/failure.tsx";
import { formatDay } from "../shell/format.ts";
import { Link } from "../shell/link.tsx";
import { Loading } from "../shell/loading.tsx";
import { Page } from "../shell/page.tsx";
import { useLoaded } from "../shell/use-loaded.ts";
import { ReceiptLines } from "./receipt-lines.tsx";

export function ReceiptPage({ rideId }: { rideId: string }) {
  const { api, session } = useSession();
  const [loaded, reload] = useLoaded(
    useCallback((signal) => api.ride(rideId, signal).catch(asMissing), [api, rideId]),
  );
  const role = session?.account.role ?? "rider";
  const ride = loaded.state === "ready" ? loaded.value : null;
  return (
    <Page title={ride ? `Ride on ${formatDay(ride.requestedAt)}` : "Ride"}>
      <p>
        <Link to="/rides">All rides</Link>
      </p>
      {loaded.state === "loading" && <Loading what="Fetching the ride…" />}
      {loaded.state === "failed" && <Failure reason={loaded.reason} onRetry={reload} />}
      {ride && (
        <div className="card">
          <p>{role === "driver" ? driverSentence(ride) : riderSentence(ride)}</p>
          <RideSteps ride={ride} />
          {ride.status === "completed" ? <ReceiptLines rideId={ride.id} /> : <TripSummary ride={ride} />}
          {!isOver(ride.status) && <Link to={homeOf(role)}>Follow this ride</Link>}
        </div>
      )}
    </Page>
  );
}

// An address with something that cannot be a ride's id is, to its reader, a ride that is not there.
function asMissing(error: unknown): never {
  if (error instanceof ApiError && error.status === 400) throw new ApiError("NOT_FOUND", error.message, 404);
  throw error;
}
