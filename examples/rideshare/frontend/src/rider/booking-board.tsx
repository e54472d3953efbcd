import { useMemo, useState } from "react";
import type { Position, Ride, Waypoint } from "../api/contract.ts";
import { CarMarker } from "../map/car-marker.tsx";
import { CityMap } from "../map/city-map.tsx";
import { PinMarker } from "../map/pin-marker.tsx";
import { RouteLine } from "../map/route-line.tsx";
import { routeBetween } from "../map/street-graph.ts";
import { waypointAt } from "../map/waypoint.ts";
import { MapLayout } from "../shell/map-layout.tsx";
import { BookingPanel } from "./booking-panel.tsx";
import { NearbyCaption } from "./nearby-caption.tsx";
import { useNearbyDrivers } from "./use-nearby-drivers.ts";

export type TripEnd = "pickup" | "dropoff";
export type TripEnds = Record<TripEnd, Waypoint | null>;

interface BookingBoardProps {
  nearbyIntervalMs: number;
  onBooked: (ride: Ride) => void;
}

export function BookingBoard({ nearbyIntervalMs, onBooked }: BookingBoardProps) {
  const [ends, setEnds] = useState<TripEnds>({ pickup: null, dropoff: null });
  const [aim, setAim] = useState<TripEnd>("pickup");
  const nearby = useNearbyDrivers(ends.pickup, nearbyIntervalMs);
  const { pickup, dropoff } = ends;

  const set = (end: TripEnd, waypoint: Waypoint) => {
    setEnds((now) => ({ ...now, [end]: waypoint }));
    const rest = end === "pickup" ? "dropoff" : "pickup";
    setAim(ends[rest] ? end : rest);
  };
  const pick = (position: Position) => set(aim, waypointAt(position));
  const markers = useMemo(
    () =>
      nearby.drivers.map((driver) => (
        <CarMarker
          key={driver.id}
          position={driver}
          title={`${driver.name}, ${driver.vehicle}`}
          tone="idle"
          glideMs={nearbyIntervalMs}
        />
      )),
    [nearby.drivers, nearbyIntervalMs],
  );

  return (
    <MapLayout
      panel={<BookingPanel ends={ends} aim={aim} onAim={setAim} onSet={set} onBooked={onBooked} />}
      map={
        <CityMap label={`Map of central Stockholm with ${nearby.drivers.length} drivers`} onPick={pick}>
          {pickup && dropoff && <RouteLine way={routeBetween(pickup, dropoff)} />}
          {markers}
          {pickup && <PinMarker at={pickup} kind="pickup" />}
          {dropoff && <PinMarker at={dropoff} kind="dropoff" />}
        </CityMap>
      }
      caption={
        <>
          <NearbyCaption count={nearby.drivers.length} state={nearby.state} />
          <span>Click the map to set the {aim === "pickup" ? "pickup" : "drop-off"}.</span>
        </>
      }
    />
  );
}
