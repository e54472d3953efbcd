import { useCallback, useRef, useState } from "react";
import { ridePath } from "../api/api.ts";
import type { Ride } from "../api/contract.ts";
import type { StreamState } from "../api/event-stream.ts";
import { isOver } from "../ride/ride-words.ts";
import { useSession } from "../session/session.tsx";
import { useEventStream } from "../shell/use-event-stream.ts";
import { usePolling } from "../shell/use-polling.ts";

export const positionIntervalMs = 2_000;

interface LiveRide {
  ride: Ride;
  connection: StreamState;
  setRide: (ride: Ride) => void;
}

/** The ride as the server last told it, until it is over. */
export function useLiveRide(booked: Ride): LiveRide {
  const { api } = useSession();
  const [ride, setRide] = useState(booked);
  const over = isOver(ride.status);
  const { id } = ride;
  const told = useRef(0);

  const connection = useEventStream(over ? null : `${ridePath(id)}/events`, ({ name, data }) => {
    if (name !== "ride") return;
    told.current += 1;
    setRide(JSON.parse(data) as Ride);
  });

  // The stream speaks when the ride changes; where the car is in between has to be asked for.
  const tick = useCallback(
    async (signal: AbortSignal) => {
      if (over) return;
      const before = told.current;
      const latest = await api.ride(id, signal).catch(() => null);
      // What the stream said meanwhile is newer than this answer.
      if (latest && !signal.aborted && told.current === before) setRide(latest);
    },
    [api, id, over],
  );
  usePolling(tick, positionIntervalMs);

  return { ride, connection: over ? "live" : connection, setRide };
}
