import type {
  AppDefinition,
  BucketDefinition,
  DatabaseDefinition,
  HealthDefinition,
  SecretDefinition,
  ServiceDefinition,
  SiteDefinition,
} from "../domain/app-definition.ts";
import type {
  AppConfig,
  DatabaseConfig,
  HealthConfig,
  MigrationsConfig,
  ServiceConfig,
  SiteConfig,
} from "./app-config.ts";
import { DEFAULTS } from "./defaults.ts";
import { mapValues, texts } from "./map-values.ts";
import { resolveAws } from "./resolve-aws.ts";
import { resolveEnvironment } from "./resolve-environment.ts";
import { resolveStore } from "./resolve-store.ts";
import { durationMs, memoryMb, shareOf } from "./units.ts";

/** Fills in every default and turns every unit into its base. The configuration must have passed schema and rules. */
export const resolveApp = (config: AppConfig): AppDefinition => ({
  name: config.name,
  services: mapValues(config.services ?? {}, resolveService),
  sites: mapValues(config.sites ?? {}, resolveSite),
  database: config.database === undefined ? null : resolveDatabase(config.database),
  cache: config.cache === undefined ? null : { engine: config.cache },
  buckets: named(config.buckets, ({ public: open }): BucketDefinition => ({
    public: open ?? DEFAULTS.bucket.public,
  })),
  environments: mapValues(config.environments ?? DEFAULTS.environments, (environment) =>
    resolveEnvironment(environment, config.aws ?? {}),
  ),
  aws: resolveAws(config.aws ?? {}),
  store: resolveStore(config),
});

/** `./api/` and `api` are the same folder. */
export const tidyPath = (path: string): string => {
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  return segments.length === 0 ? "." : segments.join("/");
};

const named = <T extends object, R>(
  members: string[] | Record<string, T> | undefined,
  map: (value: Partial<T>) => R,
): Record<string, R> =>
  Array.isArray(members)
    ? Object.fromEntries(members.map((name) => [name, map({})]))
    : mapValues(members ?? {}, map);

const resolveService = (service: ServiceConfig): ServiceDefinition => ({
  kind: service.route === undefined ? "worker" : "web",
  path: tidyPath(service.path),
  build: service.build ?? null,
  files: service.files ?? [...DEFAULTS.service.files],
  inputs: service.inputs ?? [...DEFAULTS.service.inputs],
  command: service.command,
  route: service.route ?? null,
  port: service.port ?? DEFAULTS.service.port,
  health: resolveHealth(service.health ?? {}),
  cpu: service.cpu ?? DEFAULTS.service.cpu,
  memoryMb: memoryMb(service.memory ?? DEFAULTS.service.memory),
  instances: service.instances ?? DEFAULTS.service.instances,
  maxInstances: service.maxInstances ?? null,
  scaleAtCpu: shareOf(service.scaleAtCpu ?? DEFAULTS.service.scaleAtCpu),
  env: texts(service.env),
  secrets: named(service.secrets, ({ generate }): SecretDefinition => ({
    generate: generate ?? DEFAULTS.secret.generate,
  })),
  stopMs: durationMs(service.stop ?? DEFAULTS.service.stop),
});

const resolveHealth = (health: HealthConfig): HealthDefinition => ({
  path: health.path ?? DEFAULTS.health.path,
  intervalMs: durationMs(health.interval ?? DEFAULTS.health.interval),
  timeoutMs: durationMs(health.timeout ?? DEFAULTS.health.timeout),
  healthyAfter: health.healthyAfter ?? DEFAULTS.health.healthyAfter,
  unhealthyAfter: health.unhealthyAfter ?? DEFAULTS.health.unhealthyAfter,
  startMs: durationMs(health.start ?? DEFAULTS.health.start),
});

const resolveSite = (site: SiteConfig): SiteDefinition => ({
  path: tidyPath(site.path),
  build: site.build ?? null,
  dist: tidyPath(site.dist ?? DEFAULTS.site.dist),
  inputs: site.inputs ?? [...DEFAULTS.site.inputs],
  route: site.route ?? DEFAULTS.site.route,
  fallback: site.fallback ?? DEFAULTS.site.fallback,
  settings: texts(site.settings),
});

const resolveDatabase = (config: "postgresql" | DatabaseConfig): DatabaseDefinition => {
  const database = typeof config === "string" ? { engine: config } : config;
  const { migrations } = database as DatabaseConfig;
  return {
    engine: database.engine ?? DEFAULTS.database.engine,
    version: (database as DatabaseConfig).version ?? DEFAULTS.database.version,
    migrations:
      migrations === undefined
        ? null
        : {
            service: migrations.service,
            folder: tidyPath(migrations.folder ?? DEFAULTS.migrations.folder),
            up: migrations.up,
            // Left out rather than null: a release whose configuration does not name it keeps its id.
            ...(migrations.upTo === undefined ? {} : { upTo: migrations.upTo }),
            down: migrations.down ?? null,
            status: migrations.status,
          },
    ...resolveRunning(migrations ?? {}),
  };
};

const resolveRunning = (
  migrations: Partial<MigrationsConfig>,
): Pick<DatabaseDefinition, "limits" | "rehearse"> => {
  const { rehearse = true } = migrations;
  const thresholds = typeof rehearse === "boolean" ? {} : rehearse;
  return {
    limits: {
      lockTimeoutMs: durationMs(migrations.lockTimeout ?? DEFAULTS.migrations.lockTimeout),
      statementTimeoutMs: durationMs(migrations.statementTimeout ?? DEFAULTS.migrations.statementTimeout),
      retries: migrations.retries ?? DEFAULTS.migrations.retries,
    },
    rehearse: {
      enabled: rehearse !== false,
      warnMs: durationMs(thresholds.warn ?? DEFAULTS.rehearse.warn),
      blockMs: durationMs(thresholds.block ?? DEFAULTS.rehearse.block),
    },
  };
};
