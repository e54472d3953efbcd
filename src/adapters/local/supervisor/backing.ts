import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../domain/errors.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { BackingSpec, MigrationCommand } from "../../../ports/platform.ts";
import { makeFolder, writeDurably } from "../durable-file.ts";
import type { PostgresServer, StartPostgres } from "../postgres/types.ts";
import type { RedisServer, StartRedis } from "../redis/types.ts";
import { makeBackOff } from "./back-off.ts";
import type { BackingVariables } from "./environment-variables.ts";

export interface BackingDeps {
  app: string;
  stateDir: string;
  startPostgres: StartPostgres;
  startRedis: StartRedis;
  path: string;
  clock: Clock;
  onMessage: (text: string) => void;
}

type CommandLimits = MigrationCommand["limits"];

export interface BackingReady extends BackingVariables {
  notes: string[];
}

/** PostgreSQL, Redis and buckets of the project, started when first needed and shared by its environments. */
export interface Backing {
  /** Everything in `spec` answers when this resolves. Cheap when it does already. */
  ensure(environment: string, spec: BackingSpec): Promise<BackingReady>;
  /** The environment's database for a migration command, with its limits; null: it has none. */
  migrationUrl(environment: string, spec: BackingSpec, limits: CommandLimits): Promise<string | null>;
  /** The environment's database for reading only; null: it has none. */
  readerUrl(environment: string, spec: BackingSpec): Promise<string | null>;
  postgres(): { version: string; port: number } | null;
  redis(): { version: string; port: number } | null;
  /** Redis first, PostgreSQL last. */
  stop(): Promise<void>;
}

interface Remembered {
  postgresPort: number | null;
  redisPort: number | null;
  /** Environment → logical database of Redis. */
  redisIndexes: Record<string, number>;
}

const REDIS_DATABASES = 16;

/** `<app>_<environment>` in what PostgreSQL takes without quotes, at most 63 bytes. */
export const databaseName = (app: string, environment: string): string => {
  const name = `${app}_${environment}`.toLowerCase().replace(/[^a-z0-9_]/g, "_");
  return (/^[a-z_]/.test(name) ? name : `_${name}`).slice(0, 63);
};

interface Server {
  readonly died: Promise<{ lines: string[] }>;
  stop(): Promise<void>;
}

/** One server that is started when needed and again, with back-off, whenever it dies. */
const makeKept = <S extends Server>(options: {
  name: string;
  start: (signal: AbortSignal) => Promise<S>;
  clock: Clock;
  onMessage: (text: string) => void;
}) => {
  const life = new AbortController();
  const backOff = makeBackOff();
  let server: Promise<S> | null = null;
  let running: S | null = null;

  const startOne = async (): Promise<S> => {
    const started = await options.start(life.signal);
    running = started;
    const sinceMs = options.clock.monotonicMs();
    void started.died.then(async ({ lines }) => {
      running = null;
      server = null;
      if (life.signal.aborted) return;
      options.onMessage(`${options.name} ended by itself: ${lines.at(-1) ?? "it left no word"}`);
      let wentWellMs = options.clock.monotonicMs() - sinceMs;
      while (!life.signal.aborted) {
        await options.clock.sleep(backOff.nextMs(wentWellMs), life.signal).catch(() => undefined);
        if (life.signal.aborted || (await get().catch(() => null)) !== null) return;
        wentWellMs = 0;
      }
    });
    return started;
  };
  const get = (): Promise<S> => {
    if (life.signal.aborted)
      return Promise.reject(new AppError("INTERRUPTED", "the supervisor is being stopped"));
    if (server !== null) return server;
    const starting = startOne();
    server = starting;
    // The next one who needs it tries again.
    starting.catch(() => {
      if (server === starting) server = null;
    });
    return starting;
  };
  return {
    get,
    running: () => running,
    stop: async (): Promise<void> => {
      life.abort();
      const started = await server?.catch(() => null);
      await started?.stop();
    },
  };
};

const readRemembered = async (file: string): Promise<Remembered> => {
  // Only ports to prefer and database numbers of a cache: what is lost is taken anew.
  const nothing: Remembered = { postgresPort: null, redisPort: null, redisIndexes: {} };
  try {
    return { ...nothing, ...(JSON.parse(await readFile(file, "utf8")) as Partial<Remembered>) };
  } catch {
    return nothing;
  }
};

export const makeBacking = async (deps: BackingDeps): Promise<Backing> => {
  const { app, stateDir, clock, onMessage } = deps;
  const file = join(stateDir, "backing.json");
  let remembered = await readRemembered(file);
  const remember = async (change: Partial<Remembered>): Promise<void> => {
    remembered = { ...remembered, ...change };
    await writeDurably(file, `${JSON.stringify(remembered)}\n`);
  };
  let postgresVersion: number | null = null;
  let noRedis = false;
  const urls = new Map<string, { server: PostgresServer; url: string }>();

  const postgres = makeKept({
    name: "PostgreSQL",
    clock,
    onMessage,
    start: async (signal) => {
      const folder = join(stateDir, "postgres");
      const version = postgresVersion ?? 0;
      const server = await deps.startPostgres({ folder, version, port: remembered.postgresPort, signal });
      if (server.port !== remembered.postgresPort) await remember({ postgresPort: server.port });
      return server;
    },
  });
  const redis = makeKept<RedisServer>({
    name: "Redis",
    clock,
    onMessage,
    start: async (signal) => {
      const folder = join(stateDir, "redis");
      const { path } = deps;
      const server = await deps.startRedis({ folder, port: remembered.redisPort, path, signal });
      if (server === null) throw new NoRedis();
      if (server.port !== remembered.redisPort) await remember({ redisPort: server.port });
      return server;
    },
  });

  const databaseUrl = async (environment: string, version: number): Promise<string> => {
    postgresVersion ??= version;
    if (postgresVersion !== version)
      throw new AppError(
        "DATABASE_ABSENT",
        `PostgreSQL ${postgresVersion} runs for this project, ${environment} wants ${version}`,
        { hint: "give every environment of the project the same database version" },
      );
    const server = await postgres.get();
    const known = urls.get(environment);
    if (known?.server === server) return known.url;
    const { url } = await server.ensureDatabase(databaseName(app, environment));
    urls.set(environment, { server, url });
    return url;
  };

  const redisUrl = async (environment: string): Promise<string | null> => {
    if (noRedis) return null;
    try {
      const server = await redis.get();
      const known = remembered.redisIndexes[environment];
      const index = known ?? Object.keys(remembered.redisIndexes).length % REDIS_DATABASES;
      if (known === undefined)
        await remember({ redisIndexes: { ...remembered.redisIndexes, [environment]: index } });
      return `${server.url.replace(/\/\d*$/, "")}/${index}`;
    } catch (error) {
      if (!(error instanceof NoRedis)) throw error;
      noRedis = true;
      return null;
    }
  };

  const withServer = async (
    environment: string,
    { database }: BackingSpec,
    login: (server: PostgresServer, name: string) => Promise<{ url: string }>,
  ): Promise<string | null> => {
    if (database === null) return null;
    await databaseUrl(environment, database.version);
    return (await login(await postgres.get(), databaseName(app, environment))).url;
  };

  return {
    migrationUrl: (environment, spec, limits) =>
      withServer(environment, spec, (server, name) => server.migrationLogin(name, limits)),
    readerUrl: (environment, spec) =>
      withServer(environment, spec, (server, name) => server.readerLogin(name)),
    ensure: async (environment, spec) => {
      const [database, cache] = await Promise.all([
        spec.database === null ? null : databaseUrl(environment, spec.database.version),
        spec.cache ? redisUrl(environment) : null,
      ]);
      const buckets: Record<string, string> = {};
      for (const name of spec.buckets) {
        const folder = join(stateDir, "buckets", environment, name);
        await makeFolder(folder);
        buckets[name] = folder;
      }
      const notes =
        spec.cache && cache === null
          ? ["no redis-server or valkey-server on the PATH: the app runs without a cache"]
          : [];
      return { databaseUrl: database, redisUrl: cache, buckets, notes };
    },
    postgres: () => postgres.running(),
    redis: () => redis.running(),
    stop: async () => {
      await redis.stop();
      await postgres.stop();
    },
  };
};

class NoRedis extends Error {}
