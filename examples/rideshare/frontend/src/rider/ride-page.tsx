import { useCallback, useState } from "react";
import type { Ride } from "../api/contract.ts";
import { useSession } from "../session/session.tsx";
import type { Config } from "../shell/config.ts";
import { MapWaiting } from "../shell/map-waiting.tsx";
import { Page } from "../shell/page.tsx";
import { useLoaded } from "../shell/use-loaded.ts";
import { BookingBoard } from "./booking-board.tsx";
import { RideBoard } from "./ride-board.tsx";

export function RidePage({ config }: { config: Config }) {
  const { api } = useSession();
  const [loaded, reload] = useLoaded(api.currentRide);
  // What was booked on this page, or null once the rider is done with it; undefined: as loaded.
  const [chosen, setChosen] = useState<Ride | null>();
  const finish = useCallback(() => setChosen(null), []);

  const ride = chosen === undefined && loaded.state === "ready" ? loaded.value : chosen;
  return (
    <Page title="Ride" width="full" hideTitle>
      {loaded.state !== "ready" && (
        <MapWaiting
          what="Looking up your ride…"
          failure={loaded.state === "failed" ? loaded.reason : null}
          onRetry={reload}
        />
      )}
      {loaded.state === "ready" &&
        (ride ? (
          <RideBoard key={ride.id} booked={ride} onFinish={finish} />
        ) : (
          <BookingBoard nearbyIntervalMs={config.nearbyIntervalMs ?? 4_000} onBooked={setChosen} />
        ))}
    </Page>
  );
}
