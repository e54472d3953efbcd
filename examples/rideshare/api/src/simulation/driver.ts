import { setTimeout as sleep } from "node:timers/promises";
import type { Point } from "../rides/place.ts";
import type { Ride } from "../rides/ride.ts";
import { RefusedError, type ApiClient, type Counters } from "./api-client.ts";
import { readEvents } from "./event-stream.ts";
import { gridPath, somewhere } from "./path.ts";

// At speed 1 a ride takes 0.4 s to accept and twice 2.4 s to drive.
const thinkMs = 400;
const stepMs = 400;
const stepsToDrive = 6;
const strollSteps = 20;
const lastAnswerMs = 1_000;

export interface DriverOptions {
  api: ApiClient;
  home: Point;
  speed: number;
  signal: AbortSignal;
  counters: Counters;
}

/** Drives until the signal: strolls while idle, serves what is offered, and takes up a ride it finds itself in. */
export const simulateDriver = async (options: DriverOptions): Promise<void> => {
  const { api, home, speed, signal, counters } = options;
  let position = home;
  let ride: Ride | null = null;
  let stroll: Point[] = [];
  // A ride that ends as the simulation is stopped is counted: its last answer is waited for.
  const ending = lateBy(lastAnswerMs, signal);
  const pause = (ms: number) => sleep(ms / speed, undefined, { signal });
  const moveTo = async (point: Point): Promise<void> => {
    position = point;
    await api.call("PUT", "/api/driver/position", point);
  };
  const driveTo = async (target: Point): Promise<void> => {
    for (const point of gridPath(position, target, stepsToDrive)) {
      await pause(stepMs);
      await moveTo(point);
    }
  };
  const act = (id: string, action: string) => api.call<Ride>("POST", `/api/rides/${id}/${action}`);

  const serve = async (current: Ride): Promise<void> => {
    switch (current.status) {
      case "offered":
        await pause(thinkMs);
        ride = await act(current.id, "accept");
        return;
      case "accepted":
        await driveTo(current.pickup);
        ride = await act(current.id, "pick-up");
        return;
      case "picked_up":
        await driveTo(current.dropoff);
        await api.call("POST", `/api/rides/${current.id}/drop-off`, undefined, ending);
        counters.ridesCompleted += 1;
        ride = null;
        return;
      case "requested":
      case "completed":
      case "cancelled":
      case "no_driver":
        ride = null;
    }
  };

  await api.call("PUT", "/api/driver/availability", { available: true });
  await moveTo(position);
  const watching = watch(options, (latest) => (ride = latest));
  while (!signal.aborted) {
    try {
      if (ride) await serve(ride);
      else {
        if (stroll.length === 0) stroll = gridPath(position, somewhere(), strollSteps);
        await moveTo(stroll.shift()!);
        // Looks up often, so that an offer is answered within moments.
        for (let i = 0; i < 10 && !ride; i += 1) await pause(200);
      }
    } catch (error) {
      if (signal.aborted) break;
      if (!(error instanceof RefusedError)) throw error;
      // Cancelled, or offered to another meanwhile: what the API says now is what counts.
      ride = (await api.call<{ ride: Ride | null }>("GET", "/api/rides/current")).ride;
    }
  }
  await watching;
};

const lateBy = (ms: number, signal: AbortSignal): AbortSignal => {
  const late = new AbortController();
  signal.addEventListener("abort", () => setTimeout(() => late.abort(), ms).unref(), { once: true });
  return late.signal;
};

/** Keeps the stream of offers open across restarts of the API. */
const watch = async ({ api, signal }: DriverOptions, onRide: (ride: Ride | null) => void): Promise<void> => {
  while (!signal.aborted) {
    try {
      for await (const { event, data } of readEvents(await api.stream("/api/driver/events", signal))) {
        if (event === "ride") onRide(JSON.parse(data) as Ride);
        if (event === "idle") onRide(null);
      }
    } catch {
      // Out of reach or cut off: the pause below, then again.
    }
    await sleep(300 + Math.random() * 400, undefined, { signal }).catch(() => {});
  }
};
