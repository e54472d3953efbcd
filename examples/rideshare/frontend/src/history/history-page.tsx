import { useCallback } from "react";
import { homeOf, useSession } from "../session/session.tsx";
import { Failure } from "../shell/failure.tsx";
import { Link } from "../shell/link.tsx";
import { Loading } from "../shell/loading.tsx";
import { Page } from "../shell/page.tsx";
import { useLoaded } from "../shell/use-loaded.ts";
import { RideRow } from "./ride-row.tsx";

export function HistoryPage() {
  const { api, session } = useSession();
  const [loaded, reload] = useLoaded(useCallback((signal) => api.rides(20, signal), [api]));
  const role = session?.account.role ?? "rider";
  return (
    <Page title="Your rides">
      {loaded.state === "loading" && <Loading what="Fetching your rides…" />}
      {loaded.state === "failed" && <Failure reason={loaded.reason} onRetry={reload} />}
      {loaded.state === "ready" && loaded.value.length === 0 && (
        <div className="empty">
          <p>No rides yet. They are listed here, with their receipts, once there are some.</p>
          <Link to={homeOf(role)} className="button">
            {role === "rider" ? "Book your first ride" : "Go online"}
          </Link>
        </div>
      )}
      {loaded.state === "ready" && loaded.value.length > 0 && (
        <ul className="ride-list">
          {loaded.value.map((ride) => (
            <RideRow key={ride.id} ride={ride} />
          ))}
        </ul>
      )}
    </Page>
  );
}
