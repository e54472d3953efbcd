import { defineApp } from "switchback";

export default defineApp({
  name: "rideshare",

  services: {
    api: {
      path: "api",
      build: "npm run build",
      files: ["dist/**", "migrations/**", "package.json"],
      command: "node dist/server.js",
      route: "/api/*",
      health: { path: "/api/health" },
      memory: "256MB",
      instances: 2,
      secrets: { SESSION_SECRET: { generate: true } },
    },
  },

  sites: {
    frontend: {
      path: "frontend",
      build: "npm run build",
      dist: "dist",
      route: "/*",
      fallback: "index.html",
    },
  },

  database: {
    engine: "postgresql",
    version: 18,
    migrations: {
      service: "api",
      folder: "migrations",
      up: "node dist/migrate.js up",
      down: "node dist/migrate.js down --to {to}",
      status: "node dist/migrate.js status",
    },
  },

  cache: "redis",
  buckets: ["uploads"],

  aws: {
    region: "eu-north-1",
    account: "123456789012",
    github: { repository: "example-org/rideshare" },
  },

  environments: {
    development: {
      strategy: "rolling",
      bake: "1s",
    },
    testing: {
      strategy: "blue-green",
      bake: "3s",
      smoke: ["/api/health", "/"],
    },
    staging: {
      platform: "aws",
      branch: "main",
      promotesFrom: "testing",
      strategy: { type: "canary", percents: [10, 50], bake: "1m" },
      bake: "5m",
      gates: { maxErrorRate: "1%", maxP95: "500ms" },
      smoke: ["/api/health", "/"],
      services: { api: { memory: "512MB" } },
      domain: "staging.rideshare.example",
      aws: {
        waf: true,
        database: { backupDays: 3 },
      },
    },
    production: {
      platform: "aws",
      promotesFrom: "staging",
      strategy: { type: "linear", stepPercent: 20, bake: "2m" },
      bake: "30m",
      gates: { maxErrorRate: "0.5%", maxP95: "300ms", minRequests: 100 },
      smoke: ["/api/health", "/"],
      approval: { required: true },
      services: { api: { instances: 4, maxInstances: 12, cpu: 512, memory: "1GB" } },
      domain: "rideshare.example",
      aws: {
        network: { cidr: "10.1.0.0/16", zones: 3, egress: "nat-per-zone" },
        database: {
          instance: "db.m7g.large",
          storage: "100GB",
          maxStorage: "1TB",
          multiAz: true,
          backupDays: 30,
        },
        cache: { node: "cache.m7g.large", replicas: 1 },
        waf: { rateLimit: 10_000 },
        logDays: 365,
      },
    },
  },
});
