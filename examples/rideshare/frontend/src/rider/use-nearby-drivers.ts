import { useCallback, useState } from "react";
import type { NearbyDriver, Position } from "../api/contract.ts";
import { useSession } from "../session/session.tsx";
import { usePolling } from "../shell/use-polling.ts";

const cityCentre: Position = { lat: 59.3265, lng: 18.0655 };

interface NearbyDrivers {
  drivers: NearbyDriver[];
  state: "loading" | "fresh" | "stale";
}

/** Keeps the last answer when a later one fails, and says that it is stale. */
export function useNearbyDrivers(around: Position | null, intervalMs: number): NearbyDrivers {
  const { api } = useSession();
  const [nearby, setNearby] = useState<NearbyDrivers>({ drivers: [], state: "loading" });
  const { lat, lng } = around ?? cityCentre;

  const tick = useCallback(
    async (signal: AbortSignal) => {
      try {
        const drivers = await api.nearbyDrivers({ lat, lng }, signal);
        if (!signal.aborted) setNearby({ drivers, state: "fresh" });
      } catch {
        if (!signal.aborted) setNearby((last) => ({ ...last, state: "stale" }));
      }
    },
    [api, lat, lng],
  );
  usePolling(tick, intervalMs);
  return nearby;
}
