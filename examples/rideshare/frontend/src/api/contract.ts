export interface Position {
  lat: number;
  lng: number;
}

export interface Waypoint extends Position {
  label?: string | null;
}

export type Role = "rider" | "driver";

export interface Account {
  id: string;
  role: Role;
  name: string;
  email: string;
}

export interface SessionGrant {
  token: string;
  expiresAt: string;
  account: Account;
}

export interface DriverProfile {
  vehicle: string;
  plate: string;
  available: boolean;
  position: Position | null;
  hasPhoto: boolean;
  hasLicence: boolean;
}

export interface NearbyDriver extends Position {
  id: string;
  name: string;
  vehicle: string;
  distanceM: number;
}

export interface Quote {
  distanceM: number;
  durationS: number;
  fareCents: number;
  currency: string;
}

export type RideStatus =
  "requested" | "offered" | "accepted" | "picked_up" | "completed" | "cancelled" | "no_driver";

export interface RideDriver {
  id: string;
  name: string;
  vehicle: string;
  plate: string;
  position: Position | null;
  hasPhoto: boolean;
}

export interface Ride {
  id: string;
  status: RideStatus;
  pickup: Waypoint;
  dropoff: Waypoint;
  rider: { id: string; name: string };
  driver: RideDriver | null;
  quoteCents: number;
  fareCents: number | null;
  currency: string;
  distanceM: number;
  requestedAt: string;
  acceptedAt: string | null;
  pickedUpAt: string | null;
  completedAt: string | null;
  cancelledAt: string | null;
}

export type RideAction = "accept" | "decline" | "pick-up" | "drop-off" | "cancel";

export interface Receipt {
  rideId: string;
  lines: { label: string; amountCents: number }[];
  totalCents: number;
  currency: string;
  issuedAt: string;
  from: ReceiptParty;
  to: ReceiptParty;
  distanceM: number;
  driver: ReceiptParty;
  rider: ReceiptParty;
}

/** A receipt names places and people either by a plain string or by an object that carries one. */
export type ReceiptParty =
  string | { label?: string | null; name?: string; lat?: number; lng?: number } | null;

export interface ApiVersion {
  name: string;
  version: string;
  revision: string;
  environment: string;
}
