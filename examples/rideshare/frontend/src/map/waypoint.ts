import type { Position, Waypoint } from "../api/contract.ts";
import { places, type Place } from "./places.ts";
import { distanceM } from "./projection.ts";
import { snapToStreet } from "./street-graph.ts";

const placeReachM = 150;

/** Turns a click on the map into somewhere a car can stop: a known place close by, else the nearest street. */
export function waypointAt(position: Position): Waypoint {
  const place = nearestPlace(position);
  if (distanceM(place, position) <= placeReachM) return waypointOf(place);
  const snap = snapToStreet(position);
  return { ...snap.position, label: `${snap.street}, near ${place.label}` };
}

export const waypointOf = ({ lat, lng, label }: Place): Waypoint => ({ lat, lng, label });

export const placeOf = (waypoint: Waypoint): Place | undefined =>
  places.find(({ lat, lng }) => lat === waypoint.lat && lng === waypoint.lng);

export const labelOf = (waypoint: Waypoint): string =>
  waypoint.label || `${waypoint.lat.toFixed(4)}, ${waypoint.lng.toFixed(4)}`;

function nearestPlace(position: Position): Place {
  return places.reduce((a, b) => (distanceM(a, position) <= distanceM(b, position) ? a : b));
}
