import { makeClient } from "../api/client.ts";
import type { Role, SessionGrant } from "../api/contract.ts";

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
