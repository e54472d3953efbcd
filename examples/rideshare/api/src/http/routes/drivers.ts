import type { Drivers } from "../../drivers/drivers.ts";
import type { Nearby } from "../../drivers/nearby.ts";
import type { App } from "../app-type.ts";
import { Availability, NearbyQuery, Point } from "../schemas.ts";
import { accountOf, type Guard } from "../sign-in-guard.ts";

export interface DriverDeps {
  drivers: Drivers;
  nearby: Nearby;
  guard: Guard;
}

export const driverRoutes = (app: App, { drivers, nearby, guard }: DriverDeps): void => {
  app.put("/api/driver/position", { ...guard("driver"), schema: { body: Point } }, async (request, reply) => {
    await drivers.moveTo(accountOf(request).id, request.body);
    return reply.code(204).send();
  });
  app.put(
    "/api/driver/availability",
    { ...guard("driver"), schema: { body: Availability } },
    async (request, reply) => {
      await drivers.setAvailable(accountOf(request).id, request.body.available);
      return reply.code(204).send();
    },
  );
  app.get("/api/drivers/nearby", { schema: { querystring: NearbyQuery } }, async ({ query }) => {
    const { lat, lng, radiusM, limit } = query;
    return nearby.find({ lat, lng }, { radiusM, limit });
  });
};
