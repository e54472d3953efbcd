import type { Call } from "./client.ts";
import type {
  Account,
  DriverProfile,
  NearbyDriver,
  Position,
  Quote,
  Receipt,
  Ride,
  RideAction,
  Waypoint,
} from "./contract.ts";

export type Api = ReturnType<typeof makeApi>;

/** The API's routes as functions, one per route. */
export const makeApi = (call: Call) => ({
  me: (signal?: AbortSignal) =>
    call<{ account: Account; driver?: DriverProfile }>("/api/me", withSignal(signal)),
  signOut: () => call<void>("/api/sessions", { method: "DELETE" }),

  nearbyDrivers: async (at: Position, signal?: AbortSignal) => {
    const query = `lat=${at.lat}&lng=${at.lng}&radiusM=5000&limit=20`;
    const answer = await call<{ drivers: NearbyDriver[] }>(
      `/api/drivers/nearby?${query}`,
      withSignal(signal),
    );
    return answer.drivers;
  },

  quote: (trip: { pickup: Waypoint; dropoff: Waypoint }) =>
    call<Quote>("/api/rides/quote", { method: "POST", body: trip }),
  book: (trip: { pickup: Waypoint; dropoff: Waypoint }) =>
    call<Ride>("/api/rides", { method: "POST", body: trip }),
  currentRide: async (signal?: AbortSignal) =>
    (await call<{ ride: Ride | null }>("/api/rides/current", withSignal(signal))).ride,
  rides: async (limit: number, signal?: AbortSignal) =>
    (await call<{ rides: Ride[] }>(`/api/rides?limit=${limit}`, withSignal(signal))).rides,
  ride: (id: string, signal?: AbortSignal) => call<Ride>(ridePath(id), withSignal(signal)),
  act: (id: string, action: RideAction) => call<Ride>(`${ridePath(id)}/${action}`, { method: "POST" }),
  receipt: (id: string, signal?: AbortSignal) => call<Receipt>(`${ridePath(id)}/receipt`, withSignal(signal)),

  setPosition: (position: Position) =>
    call<void>("/api/driver/position", { method: "PUT", body: { lat: position.lat, lng: position.lng } }),
  setAvailability: (available: boolean) =>
    call<void>("/api/driver/availability", { method: "PUT", body: { available } }),
  uploadDocument: (kind: "photo" | "licence", file: File) =>
    call<void>(`/api/driver/documents/${kind}`, { method: "PUT", file }),
});

export const ridePath = (id: string) => `/api/rides/${encodeURIComponent(id)}`;
export const photoPath = (driverId: string) => `/api/drivers/${encodeURIComponent(driverId)}/photo`;

const withSignal = (signal?: AbortSignal) => (signal ? { signal } : {});
