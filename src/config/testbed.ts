import { AppError } from "../domain/errors.ts";
import type { AppConfig } from "./app-config.ts";
import { parseApp } from "./parse-app.ts";
import type { Problem } from "./problem.ts";

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
        path: "/api/health?deep=1",
        interval: "1.5s",
        timeout: 750,
        healthyAfter: 2,
        unhealthyAfter: 4,
        start: "1m",
      },
      cpu: 512,
      memory: "0.5GB",
      instances: 2,
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
    migrations: { service: "api", folder: "db", up: "m up", down: "m down {to}", status: "m status" },
  },
  cache: "redis",
  buckets: { uploads: { public: true }, exports: {} },
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
      env: { TRACE: "true" },
      sites: { web: { settings: { title: "Shop (staging)" } } },
    },
    production: {
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
      services: { api: { instances: 4, cpu: 1024, memory: "1GB", env: { WORKERS: 8 } } },
    },
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
