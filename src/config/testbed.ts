import { AppError } from "../domain/errors.ts";
import type { AppConfig } from "./app-config.ts";
import type { AwsConfig, AwsEnvironmentConfig } from "./aws-config.ts";
import { parseApp } from "./parse-app.ts";
import type { Problem } from "./problem.ts";

const shared = (): AwsConfig => ({
  region: "eu-north-1",
  account: "123456789012",
  tags: { Team: "shop", "cost:centre": "42" },
  alarmEmails: ["anna@example.com"],
  github: {
    repository: "octo-org/shop",
    oidcProviders: ["arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"],
  },
  trustedPrincipals: ["arn:aws:iam::123456789012:role/people"],
  registry: {
    account: "123456789012",
    region: "eu-west-1",
    key: "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555557",
  },
  stateBucket: "shop-terraform",
  waive: [
    {
      rule: "database-has-standby",
      address: "module.app.module.database[0].*",
      reason: "moves to a larger instance in January",
      until: "2027-01-31",
    },
  ],
  terraform: "tofu",
});

const whatIsThere = (): AwsEnvironmentConfig => ({
  waf: true,
  protect: false,
  existing: {
    vpc: {
      id: "vpc-0a1b2c3d4e5f60718",
      publicSubnets: ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
      privateSubnets: ["subnet-1a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60719"],
      dataSubnets: ["subnet-2a1b2c3d4e5f60718", "subnet-2a1b2c3d4e5f60719"],
    },
    zone: "Z0123456789ABCDEFGHIJ",
    certificate: "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555",
    regionalCertificate:
      "arn:aws:acm:eu-north-1:123456789012:certificate/11111111-2222-3333-4444-555555555556",
    cluster: "shared",
    database: "legacy-shop",
    buckets: { exports: "legacy-shop-exports" },
  },
});

const sizes = (): AwsEnvironmentConfig => ({
  region: "eu-west-1",
  account: "123456789013",
  alarmEmails: ["ben@example.com", "cleo@example.com"],
  waive: [
    {
      rule: "bucket-access-logged",
      address: "module.app.module.storage.*",
      reason: "the auditors read them elsewhere",
      until: "2027-06-30",
    },
  ],
  network: { cidr: "10.1.0.0/16", zones: 3, egress: "nat-per-zone" },
  database: {
    instance: "db.m7g.large",
    storage: "100GB",
    maxStorage: "1TB",
    multiAz: true,
    backupDays: 30,
    replica: true,
    proxy: true,
  },
  cache: { engine: "redis", version: "7.1", node: "cache.m7g.large", replicas: 2 },
  waf: { rateLimit: 5000 },
  logDays: 365,
  protect: true,
  images: {
    databaseRoles: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/mirror/postgres:18",
    placeholder: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/mirror/busybox:1.37",
  },
  parentZone: "Z0123456789ABCDEFGHIK",
  existing: {},
});

/** The environment with every setting of one. */
const production = (): NonNullable<AppConfig["environments"]>[string] => ({
  platform: "aws",
  strategy: { type: "linear", stepPercent: 25, bake: "5m" },
  bake: "30m",
  gates: { maxErrorRate: "0.5%", maxP95: "300ms", minRequests: 100 },
  smoke: [{ path: "/", status: 200, contains: "Shop" }],
  warm: "1h",
  domain: "shop.example.com",
  promotesFrom: "staging",
  approval: { by: ["anna"] },
  freeze: [{ from: "2026-12-24T00:00:00+01:00", to: "2026-12-27T00:00:00+01:00", reason: "Christmas" }],
  services: {
    api: {
      instances: 4,
      cpu: 1024,
      memory: "1GB",
      env: { WORKERS: 8 },
      maxInstances: 12,
      scaleAtCpu: 0.5,
    },
  },
  aws: sizes(),
});

const migrations = () =>
  ({
    service: "api",
    folder: "db",
    up: "m up",
    upTo: "m up {to}",
    down: "m down {to}",
    status: "m status",
    lockTimeout: "3s",
    statementTimeout: "1h",
    retries: 2,
    rehearse: { warn: "100ms", block: "1s" },
  }) as const;

/** A configuration that uses every setting there is. A fresh copy each time. */
export const fullConfig = (): AppConfig => ({
  name: "shop",
  services: {
    api: {
      path: "./api/",
      build: "npm run build",
      files: ["dist/**", "!dist/**/*.map"],
      inputs: ["shared/**"],
      command: "node dist/server.js",
      route: "/api/*",
      port: 3000,
      health: {
        path: "/api/health",
        interval: "1.5s",
        timeout: 750,
        healthyAfter: 2,
        unhealthyAfter: 4,
        start: "1m",
      },
      cpu: 512,
      memory: "0.5GB",
      instances: 2,
      maxInstances: 6,
      scaleAtCpu: "55%",
      env: { LOG_LEVEL: "info", WORKERS: 4, TRACE: false },
      secrets: { SESSION_SECRET: { generate: true }, MAIL_KEY: {} },
      stop: "20s",
    },
    mailer: { path: "mailer", command: "node mail.js", secrets: ["MAIL_KEY"] },
  },
  sites: {
    web: {
      path: "web",
      build: "vite build",
      dist: "out",
      inputs: ["shared/**"],
      route: "/*",
      fallback: "200.html",
      settings: { title: "Shop", "theme.dark": true },
    },
  },
  database: {
    engine: "postgresql",
    version: 17,
    migrations: migrations(),
  },
  cache: "redis",
  buckets: { uploads: { public: true }, exports: {} },
  aws: shared(),
  store: {
    type: "s3",
    bucket: "shop-store",
    prefix: "switchback/shop/",
    region: "eu-north-1",
    endpoint: "https://s3.example.com/",
    forcePathStyle: false,
    encryption: { kmsKey: "alias/store" },
  },
  environments: {
    development: {},
    testing: { strategy: "blue-green", bake: "3s", smoke: ["/api/health"] },
    staging: {
      platform: "aws",
      strategy: { type: "canary", percents: [5, 50], bake: "2m" },
      branch: "main",
      promotesFrom: "testing",
      domain: "staging.shop.example.com",
      env: { TRACE: "true" },
      sites: { web: { settings: { title: "Shop (staging)" } } },
      aws: whatIsThere(),
    },
    production: production(),
  },
});

/** The least that is a configuration. */
export const smallConfig = (): AppConfig => ({
  name: "shop",
  services: { api: { path: "api", command: "node server.js", route: "/*" } },
});

/** Everything that parseApp finds wrong; empty when it accepts. Any other error goes through. */
export const problemsIn = (input: unknown): Problem[] => {
  try {
    parseApp(input, { file: "switchback.config.ts" });
    return [];
  } catch (error) {
    if (error instanceof AppError && error.code === "CONFIG_INVALID")
      return error.context["problems"] as Problem[];
    throw error;
  }
};

/** A copy with the value at a dotted path set; a number is an index. `undefined` removes it. */
export const withValue = (config: unknown, path: string, value: unknown): unknown => {
  const copy = structuredClone(config);
  const keys = path.split(".");
  const parent = keys.slice(0, -1).reduce<Record<string, unknown>>(
    (at, key) => {
      at[key] ??= {};
      return at[key] as Record<string, unknown>;
    },
    copy as Record<string, unknown>,
  );
  const last = keys.at(-1) as string;
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
};
