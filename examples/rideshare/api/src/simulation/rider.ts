import { setTimeout as sleep } from "node:timers/promises";
import type { Ride } from "../rides/ride.ts";
import { RefusedError, type ApiClient, type Counters } from "./api-client.ts";
import { somewhere } from "./path.ts";

const lookMs = 1_000;
const restMs = 6_000;

export interface RiderOptions {
  api: ApiClient;
  speed: number;
  signal: AbortSignal;
  counters: Counters;
}

/** Asks for a ride now and then until the signal, and waits for each to end. */
export const simulateRider = async ({ api, speed, signal, counters }: RiderOptions): Promise<void> => {
  const pause = (ms: number) => sleep((ms * (0.5 + Math.random())) / speed, undefined, { signal });
  try {
    while (!signal.aborted) {
      const { ride } = await api.call<{ ride: Ride | null }>("GET", "/api/rides/current");
      if (ride) {
        await pause(lookMs);
        continue;
      }
      await pause(restMs);
      try {
        await api.call("POST", "/api/rides", { pickup: somewhere(), dropoff: somewhere() });
        counters.ridesRequested += 1;
      } catch (error) {
        // A request whose answer was lost has booked the ride all the same.
        if (!(error instanceof RefusedError && error.code === "RIDE_ACTIVE")) throw error;
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};
