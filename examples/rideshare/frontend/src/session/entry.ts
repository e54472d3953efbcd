import { makeClient } from "../api/client.ts";
import type { Role, SessionGrant } from "../api/contract.ts";

/** The accounts that the API's seed creates outside production. */
export const demoAccounts: Record<Role, { email: string; password: string }> = {
  rider: { email: "rider@example.test", password: "rideshare-demo" },
  driver: { email: "driver@example.test", password: "rideshare-demo" },
};

export interface Registration {
  name: string;
  email: string;
  password: string;
  vehicle: string;
  plate: string;
}

const call = makeClient({ token: null, onExpired: () => {} });

export const signIn = (credentials: { email: string; password: string }) =>
  call<SessionGrant>("/api/sessions", { method: "POST", body: credentials });

export const register = (role: Role, { name, email, password, vehicle, plate }: Registration) =>
  role === "rider"
    ? call<SessionGrant>("/api/riders", { method: "POST", body: { name, email, password } })
    : call<SessionGrant>("/api/drivers", { method: "POST", body: { name, email, password, vehicle, plate } });
