import { useState } from "react";
import type { Ride } from "../api/contract.ts";
import type { StreamState } from "../api/event-stream.ts";
import { isOver } from "../ride/ride-words.ts";
import { useEventStream } from "../shell/use-event-stream.ts";

interface DriverRide {
  /** On offer or under way. */
  ride: Ride | null;
  /** The last one that ended while the page was open. */
  ended: Ride | null;
  connection: StreamState;
  setRide: (ride: Ride | null) => void;
}

export function useDriverRide(): DriverRide {
  const [ride, setActive] = useState<Ride | null>(null);
  const [ended, setEnded] = useState<Ride | null>(null);

  const setRide = (next: Ride | null) => {
    if (!next) return setActive(null);
    if (!isOver(next.status)) return setActive(next);
    // A ride that went to no one was another driver's business, or nobody's.
    if (next.status !== "no_driver") setEnded(next);
    setActive((now) => (now && now.id !== next.id ? now : null));
  };

  const connection = useEventStream("/api/driver/events", ({ name, data }) => {
    if (name === "idle") setRide(null);
    if (name === "ride") setRide(JSON.parse(data) as Ride);
    return true;
  });

  return { ride, ended, connection, setRide };
}
