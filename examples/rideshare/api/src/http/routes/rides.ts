import type { Queryable } from "../../database/pool.ts";
import { quote } from "../../rides/fare.ts";
import { receiptFor } from "../../rides/receipt.ts";
import type { DriverAction } from "../../rides/ride-step.ts";
import type { Rides } from "../../rides/rides.ts";
import type { App } from "../app-type.ts";
import { ById, HistoryQuery, Way } from "../schemas.ts";
import { accountOf, type Guard } from "../sign-in-guard.ts";

export interface RideDeps {
  database: Queryable;
  rides: Rides;
  guard: Guard;
}

export const rideRoutes = (app: App, { database, rides, guard }: RideDeps): void => {
  const byId = { ...guard(), schema: { params: ById } };

  app.post("/api/rides/quote", { schema: { body: Way } }, async ({ body }) =>
    quote(body.pickup, body.dropoff),
  );
  app.post("/api/rides", { ...guard("rider"), schema: { body: Way } }, async (request, reply) =>
    reply.code(201).send(await rides.request(accountOf(request).id, request.body)),
  );
  app.get("/api/rides", { ...guard(), schema: { querystring: HistoryQuery } }, async (request) => ({
    rides: await rides.history(accountOf(request), request.query.limit),
  }));
  app.get("/api/rides/current", guard(), async (request) => ({
    ride: await rides.current(accountOf(request)),
  }));
  app.get("/api/rides/:id", byId, async (request) => rides.get(accountOf(request), request.params.id));
  app.get("/api/rides/:id/receipt", byId, async (request) =>
    receiptFor(database, await rides.get(accountOf(request), request.params.id)),
  );

  for (const action of ["accept", "decline", "pick-up", "drop-off"] satisfies DriverAction[]) {
    app.post(`/api/rides/:id/${action}`, { ...guard("driver"), schema: { params: ById } }, async (request) =>
      rides.act(accountOf(request), (request.params as { id: string }).id, action),
    );
  }
  app.post("/api/rides/:id/cancel", byId, async (request) =>
    rides.act(accountOf(request), request.params.id, "cancel"),
  );
};
