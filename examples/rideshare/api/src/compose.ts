import { makeAccounts } from "./accounts/accounts.ts";
import { makeSessions } from "./accounts/sessions.ts";
import type { Config } from "./config.ts";
import { shippedMigrations } from "./database/migrations.ts";
import { openDatabase } from "./database/pool.ts";
import { openBucket } from "./documents/bucket.ts";
import { makeDocuments } from "./documents/documents.ts";
import { makeDrivers, positionsOnDuty } from "./drivers/drivers.ts";
import { makeNearby } from "./drivers/nearby.ts";
import { makeHub } from "./events/hub.ts";
import { runListener } from "./events/listener.ts";
import { buildApp } from "./http/app.ts";
import { makeEventStreams } from "./http/event-streams.ts";
import { makeGuard } from "./http/sign-in-guard.ts";
import type { Log } from "./log.ts";
import { makeDispatch } from "./rides/dispatch.ts";
import { makeRides } from "./rides/rides.ts";
import { runSweep } from "./rides/sweep.ts";

export interface Api {
  /** Returns the address. Does not wait for the database: health says when it is ready. */
  listen(): Promise<string>;
  /** Finishes the requests under way, ends the event streams, closes the connections. */
  stop(): Promise<void>;
}

export interface Surroundings {
  log: Log;
  migrationsFolder: string;
}

/** Wires everything up; the only place that knows which part gets which. */
export const composeApi = async (config: Config, { log, migrationsFolder }: Surroundings): Promise<Api> => {
  const database = openDatabase(config.databaseUrl, log);
  const index = await openIndex(config, { known: () => positionsOnDuty(database), log });
  const nearby = makeNearby(database, index);
  const dispatch = makeDispatch({ database, nearby, offerSeconds: config.offerSeconds });
  const sessions = makeSessions(database, config.sessionSecret);
  const hub = makeHub();
  const streams = makeEventStreams();
  const app = await buildApp({
    database,
    index,
    nearby,
    sessions,
    hub,
    streams,
    log,
    migrations: await shippedMigrations(migrationsFolder),
    version: {
      name: "rideshare-api",
      version: typeof RIDESHARE_VERSION === "string" ? RIDESHARE_VERSION : "0.0.0-source",
      revision: config.revision,
      environment: config.environment,
    },
    accounts: makeAccounts(database),
    drivers: makeDrivers(database, index),
    rides: makeRides({ database, dispatch }),
    documents: makeDocuments(database, openBucket(config.uploadsUrl)),
    guard: makeGuard(sessions),
  });
  const background = new AbortController();
  let running: Promise<unknown> = Promise.resolve();

  return {
    async listen() {
      const address = await app.listen({ host: config.host, port: config.port });
      running = Promise.all([
        runListener({ databaseUrl: config.databaseUrl, hub, log }, background.signal),
        runSweep(
          { database, dispatch, sessions, searchSeconds: config.searchSeconds, log },
          background.signal,
        ),
      ]);
      return address;
    },
    async stop() {
      streams.endAll();
      await app.close();
      background.abort();
      await running;
      await index?.close();
      await database.end();
    },
  };
};

/** The Redis client is loaded only where there is a Redis. */
const openIndex = async (
  { redisUrl, environment }: Config,
  deps: { known: () => ReturnType<typeof positionsOnDuty>; log: Log },
) => {
  if (redisUrl === null) return null;
  const { openRedisPositionIndex } = await import("./drivers/redis-position-index.ts");
  return openRedisPositionIndex({ url: redisUrl, key: `rideshare:${environment}:positions`, ...deps });
};
