import { appliedMigrations } from "../../database/migrations.ts";
import type { Queryable } from "../../database/pool.ts";
import type { PositionIndex } from "../../drivers/position-index.ts";
import type { App } from "../app-type.ts";
import { errorBody } from "../errors.ts";

export interface StatusDeps {
  database: Queryable;
  index: PositionIndex | null;
  migrations: string[];
  version: { name: string; version: string; revision: string; environment: string };
}

export const statusRoutes = (app: App, { database, index, migrations, version }: StatusDeps): void => {
  const about = { ...version, node: process.versions.node, startedAt: new Date().toISOString() };
  app.get("/api/version", async () => about);

  // Redis is not needed to be ready: without it the database answers.
  app.get("/api/health", async (_request, reply) => {
    const [schema, cache] = await Promise.all([schemaState(database, migrations), index?.state() ?? "none"]);
    void reply.header("cache-control", "no-store");
    if (schema.reason === null) return { status: "ready", database: "ok", cache };
    return reply.code(503).send({
      status: "unready",
      database: schema.database,
      cache,
      ...errorBody("NOT_READY", schema.reason),
    });
  });
};

type SchemaState = { database: "ok" | "down"; reason: string | null };

/** Ready means that every migration of this build is applied; newer ones, of a later build, do no harm. */
const schemaState = async (database: Queryable, migrations: string[]): Promise<SchemaState> => {
  try {
    const applied = new Set(await appliedMigrations(database));
    const missing = migrations.filter((name) => !applied.has(name));
    return {
      database: "ok",
      reason: missing.length === 0 ? null : `Migrations are not applied: ${missing.join(", ")}.`,
    };
  } catch {
    return { database: "down", reason: "The database cannot be reached." };
  }
};
