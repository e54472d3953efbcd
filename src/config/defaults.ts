import type { Duration, Memory } from "./app-config.ts";
import type { Storage } from "./aws-config.ts";

/** Every default, as a person would write it. The schema shows them to editors, docs/config.md lists them, `resolveApp` fills them in. */
export const DEFAULTS = {
  service: {
    files: ["**"],
    inputs: [] as string[],
    port: 8080,
    cpu: 256,
    memory: "256MB" as Memory,
    instances: 1,
    scaleAtCpu: "60%" as const,
    stop: "10s" as Duration,
  },
  health: {
    path: "/",
    interval: "500ms" as Duration,
    timeout: "2s" as Duration,
    healthyAfter: 1,
    unhealthyAfter: 3,
    start: "30s" as Duration,
  },
  secret: { generate: false },
  site: { dist: "dist", inputs: [] as string[], route: "/*", fallback: "index.html" },
  database: { engine: "postgresql" as const, version: 18 },
  migrations: {
    folder: "migrations",
    lockTimeout: "2s" as Duration,
    statementTimeout: "15m" as Duration,
    retries: 5,
  },
  rehearse: { warn: "200ms" as Duration, block: "2s" as Duration },
  bucket: { public: false },
  environment: {
    platform: "local" as const,
    strategy: "rolling" as const,
    /** On one machine somebody is waiting; on AWS alarms need a few minutes to see anything. */
    bake: { local: "0s" as Duration, aws: "10m" as Duration },
    warm: "15m" as Duration,
  },
  rolling: { batch: 1 },
  canary: { percents: [10, 50], bake: "1m" as Duration },
  linear: { stepPercent: 20, bake: "1m" as Duration },
  gates: { maxErrorRate: "1%" as const, maxP95: null, minRequests: 20 },
  smoke: { status: 200, contains: null },
  approval: { by: [] as string[] },
  /** What there is when no environment is named. */
  environments: { development: {} },
  aws: {
    tags: {} as Record<string, string>,
    network: { cidr: "10.0.0.0/16", zones: 2, egress: "nat" as const },
    database: {
      instance: "db.t4g.micro",
      storage: "20GB" as Storage,
      maxStorage: "100GB" as Storage,
      multiAz: false,
      backupDays: 7,
      replica: false,
      proxy: false,
    },
    cache: { engine: "valkey" as const, node: "cache.t4g.micro", replicas: 0 },
    waf: { on: false, rateLimit: 2000 },
    logDays: 30,
    protect: true,
  },
  store: "files" as const,
  s3Store: { encryption: "bucket" as const },
};
