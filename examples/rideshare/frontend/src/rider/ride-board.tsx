import type { Ride } from "../api/contract.ts";
import { CarMarker } from "../map/car-marker.tsx";
import { CityMap } from "../map/city-map.tsx";
import { PinMarker } from "../map/pin-marker.tsx";
import { RouteLine } from "../map/route-line.tsx";
import { routeBetween } from "../map/street-graph.ts";
import { hasDriver, isOver } from "../ride/ride-words.ts";
import { ConnectionNote } from "../shell/connection-note.tsx";
import { MapLayout } from "../shell/map-layout.tsx";
import { RidePanel } from "./ride-panel.tsx";
import { positionIntervalMs, useLiveRide } from "./use-live-ride.ts";

interface RideBoardProps {
  booked: Ride;
  onFinish: () => void;
}

export function RideBoard({ booked, onFinish }: RideBoardProps) {
  const { ride, connection, setRide } = useLiveRide(booked);
  const { pickup, dropoff } = ride;
  const driver = hasDriver(ride.status) ? ride.driver : null;
  return (
    <MapLayout
      panel={<RidePanel ride={ride} onRide={setRide} onFinish={onFinish} />}
      map={
        <CityMap label="Map of central Stockholm with your ride">
          <RouteLine way={routeBetween(pickup, dropoff)} />
          <PinMarker at={pickup} kind="pickup" />
          <PinMarker at={dropoff} kind="dropoff" />
          {driver?.position && !isOver(ride.status) && (
            <CarMarker
              position={driver.position}
              title={`${driver.name}, ${driver.vehicle}`}
              tone="own"
              glideMs={positionIntervalMs}
            />
          )}
        </CityMap>
      }
      caption={
        <ConnectionNote state={connection}>
          {driver && !isOver(ride.status)
            ? `${driver.name}'s car is shown as it moves.`
            : "Your trip along the streets."}
        </ConnectionNote>
      }
    />
  );
}
