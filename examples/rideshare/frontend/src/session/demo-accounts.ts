import type { Role } from "../api/contract.ts";

/** The accounts that the API's seed creates outside production. */
export const demoAccounts: Record<Role, { email: string; password: string }> = {
  rider: { email: "rider@example.test", password: "rideshare-demo" },
  driver: { email: "driver@example.test", password: "rideshare-demo" },
};
