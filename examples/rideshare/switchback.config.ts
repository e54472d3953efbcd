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
    },
    production: {
      platform: "aws",
      promotesFrom: "staging",
      strategy: { type: "linear", stepPercent: 20, bake: "2m" },
      bake: "30m",
      gates: { maxErrorRate: "0.5%", maxP95: "300ms", minRequests: 100 },
      smoke: ["/api/health", "/"],
      approval: { required: true },
      services: { api: { instances: 4, cpu: 512, memory: "1GB" } },
    },
  },
});
