import { useCallback, useEffect, useRef, useState } from "react";
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
  const ended = useRef(over);
  useEffect(() => {
    ended.current = over;
  });

  // Never cut off at the end of the ride: the server ends it after the last word.
  const connection = useEventStream(isOver(booked.status) ? null : `${ridePath(id)}/events`, (event) => {
    if (event.name !== "ride") return true;
    told.current += 1;
    const latest = JSON.parse(event.data) as Ride;
    setRide(latest);
    return !isOver(latest.status);
  });

  // The stream speaks when the ride changes; where the car is in between has to be asked for.
  const tick = useCallback(
    async (signal: AbortSignal) => {
      if (ended.current) return;
      const before = told.current;
      const latest = await api.ride(id, signal).catch(() => null);
      // What the stream said meanwhile is newer than this answer.
      if (latest && !signal.aborted && told.current === before) setRide(latest);
    },
    [api, id],
  );
  usePolling(tick, positionIntervalMs);

  return { ride, connection: over ? "live" : connection, setRide };
}
