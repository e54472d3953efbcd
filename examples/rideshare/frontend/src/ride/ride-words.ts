import type { Ride, RideStatus } from "../api/contract.ts";
import { labelOf } from "../map/waypoint.ts";

export const isOver = (status: RideStatus): boolean =>
  status === "completed" || status === "cancelled" || status === "no_driver";

/** Before a driver has accepted, the ride may name the one who is being asked. */
export const hasDriver = (status: RideStatus): boolean =>
  status === "accepted" || status === "picked_up" || status === "completed";

/** Short enough for a list. */
export const statusWord: Record<RideStatus, string> = {
  requested: "Requested",
  offered: "Offered",
  accepted: "Accepted",
  picked_up: "Picked up",
  completed: "Completed",
  cancelled: "Cancelled",
  no_driver: "No driver",
};

export function riderSentence({ status, driver, dropoff }: Ride): string {
  switch (status) {
    case "requested":
      return "Ride requested: looking for a driver nearby.";
    case "offered":
      return "Ride offered: waiting for a driver to answer.";
    case "accepted":
      return `Accepted: ${driver?.name ?? "your driver"} is on the way to you.`;
    case "picked_up":
      return `Picked up: on the way to ${labelOf(dropoff)}.`;
    case "completed":
      return `Completed: you have arrived at ${labelOf(dropoff)}.`;
    case "cancelled":
      return "Cancelled: this ride will not take place.";
    case "no_driver":
      return "No driver was free this time. Nothing is charged.";
  }
}

export function driverSentence({ status, rider, pickup, dropoff }: Ride): string {
  switch (status) {
    case "requested":
    case "offered":
      return `Offered: ${rider.name} would like a ride.`;
    case "accepted":
      return `Accepted: pick up ${rider.name} at ${labelOf(pickup)}.`;
    case "picked_up":
      return `Picked up: drive ${rider.name} to ${labelOf(dropoff)}.`;
    case "completed":
      return `Completed: ${rider.name} was dropped off.`;
    case "cancelled":
      return `Cancelled: ${rider.name} no longer needs the ride.`;
    case "no_driver":
      return "This ride is no longer on offer.";
  }
}
