import { useState } from "react";
import type { Account, DriverProfile, Position } from "../api/contract.ts";
import { CarMarker } from "../map/car-marker.tsx";
import { CityMap } from "../map/city-map.tsx";
import { PinMarker } from "../map/pin-marker.tsx";
import { RouteLine } from "../map/route-line.tsx";
import { routeBetween } from "../map/street-graph.ts";
import { ConnectionNote } from "../shell/connection-note.tsx";
import { MapLayout } from "../shell/map-layout.tsx";
import { AvailabilityCard } from "./availability-card.tsx";
import { DocumentsCard } from "./documents-card.tsx";
import { EarningsCard } from "./earnings-card.tsx";
import { PositionCard, type ClickMeans } from "./position-card.tsx";
import { TaskCard } from "./task-card.tsx";
import { stepMs, useCar } from "./use-car.ts";
import { useDriverRide } from "./use-driver-ride.ts";

interface DriverBoardProps {
  account: Account;
  profile: DriverProfile;
}

export function DriverBoard({ account, profile }: DriverBoardProps) {
  const [available, setAvailable] = useState(profile.available);
  const [clickMeans, setClickMeans] = useState<ClickMeans>("drive");
  const car = useCar(profile.position);
  const { ride, ended, connection, setRide } = useDriverRide();

  const pick = (position: Position) =>
    clickMeans === "place" ? car.placeAt(position) : car.driveTo(position);
  const canPlace = clickMeans === "place" || !car.position;

  return (
    <MapLayout
      panel={
        <>
          <AvailabilityCard
            available={available}
            hasPosition={car.position !== null}
            onChange={setAvailable}
          />
          <TaskCard ride={ride} ended={ended} available={available} car={car} onRide={setRide} />
          <PositionCard car={car} clickMeans={clickMeans} onClickMeans={setClickMeans} />
          <EarningsCard endedRideId={ended?.id ?? null} />
          <DocumentsCard account={account} profile={profile} />
        </>
      }
      map={
        <CityMap label="Map of central Stockholm with your car" onPick={pick}>
          {ride && <RouteLine way={routeBetween(ride.pickup, ride.dropoff)} />}
          <RouteLine way={car.way} kind="way" />
          {ride && <PinMarker at={ride.pickup} kind="pickup" />}
          {ride && <PinMarker at={ride.dropoff} kind="dropoff" />}
          {car.position && <CarMarker position={car.position} title="Your car" tone="own" glideMs={stepMs} />}
        </CityMap>
      }
      caption={
        <ConnectionNote state={connection}>
          {car.sent
            ? `Click the map to ${canPlace ? "put your car" : "drive"} there.`
            : "Your position could not be sent; trying again."}
        </ConnectionNote>
      }
    />
  );
}
