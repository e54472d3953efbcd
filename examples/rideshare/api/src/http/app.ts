import fastify from "fastify";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { AppError } from "../app-error.ts";
import type { Log } from "../log.ts";
import type { App } from "./app-type.ts";
import { makeErrorHandler, sendError } from "./errors.ts";
import { accountRoutes, type AccountDeps } from "./routes/accounts.ts";
import { documentRoutes } from "./routes/documents.ts";
import { driverRoutes, type DriverDeps } from "./routes/drivers.ts";
import { rideEventRoutes, type RideEventDeps } from "./routes/ride-events.ts";
import { rideRoutes, type RideDeps } from "./routes/rides.ts";
import { statusRoutes, type StatusDeps } from "./routes/status.ts";
import { validatorCompiler } from "./validation.ts";
import type { Documents } from "../documents/documents.ts";

export type AppDeps = StatusDeps &
  AccountDeps &
  DriverDeps &
  RideDeps &
  RideEventDeps & { documents: Documents; log: Log };

/** The whole HTTP API, not listening yet. */
export const buildApp = async (deps: AppDeps): Promise<App> => {
  const app = fastify({
    logger: false,
    bodyLimit: 64 * 1024,
    // While closing, what still comes in on an open connection is answered, not refused.
    return503OnClosing: false,
    // Our own compilers, so that Ajv and its code generator are not even loaded.
    schemaController: {
      compilersFactory: {
        buildValidator: () => validatorCompiler as never,
        buildSerializer: () => () => JSON.stringify,
      },
    },
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.setErrorHandler(makeErrorHandler(deps.log));
  app.setNotFoundHandler((request, reply) =>
    sendError(
      reply,
      new AppError("NOT_FOUND", `There is no ${request.method} ${request.url.split("?")[0]}.`),
    ),
  );
  app.addHook("onResponse", async (request, reply) => logResponse(deps.log, request.method, request, reply));

  statusRoutes(app, deps);
  accountRoutes(app, deps);
  driverRoutes(app, deps);
  rideRoutes(app, deps);
  rideEventRoutes(app, deps);
  await documentRoutes(app, deps);
  await app.ready();
  return app;
};

interface Answered {
  statusCode: number;
  elapsedTime: number;
}

/** The route's pattern, not its URL: no ids and no query strings in the log. Healthy health checks stay out. */
const logResponse = (
  log: Log,
  method: string,
  request: { id: string; routeOptions: { url?: string | undefined } },
  { statusCode, elapsedTime }: Answered,
): void => {
  const route = request.routeOptions.url ?? null;
  if (route === "/api/health" && statusCode === 200) return;
  log.info("Answered", {
    method,
    route,
    status: statusCode,
    ms: Math.round(elapsedTime),
    requestId: request.id,
  });
};
