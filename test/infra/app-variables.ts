import type { AppVariables } from "../../src/infra/variables.ts";

const health = (numbers: [number, number, number, number, number], path: string) => {
  const [interval_seconds, timeout_seconds, healthy_after, unhealthy_after, start_seconds] = numbers;
  return { path, interval_seconds, timeout_seconds, healthy_after, unhealthy_after, start_seconds };
};

/** Two environments that differ in every variable of the module `app`. */
export const ONE: AppVariables = {
  name: "rideshare",
  environment: "one",
  domain: "one.rideshare.example",
  protect: true,
  log_days: 30,
  alarm_emails: [],
  network: { cidr: "10.0.0.0/16", zones: 2, egress: "nat" },
  services: {
    api: {
      kind: "web",
      port: 3000,
      route: "/api/*",
      cpu: 256,
      memory: 512,
      instances: 1,
      stop_seconds: 10,
      health: health([10, 5, 2, 3, 60], "/health"),
      scaling: { max: 3, cpu_percent: 60 },
      secrets: [],
    },
  },
  sites: { web: { route: "/*", fallback: "index.html" } },
  database: {
    version: 17,
    instance: "db.t4g.micro",
    storage_gb: 20,
    max_storage_gb: 100,
    multi_az: false,
    backup_days: 7,
    replica: false,
    proxy: false,
  },
  cache: { engine: "valkey", version: "8.0", node: "cache.t4g.micro", replicas: 0 },
  buckets: { uploads: { public: false } },
  waf: { rate_limit: 2000 },
  registry: { account: null, region: null, kms_key: null, repositories: {} },
  images: { database_roles: null, placeholder: null },
  dns: { parent_zone: null },
  existing: {
    vpc: null,
    zone: null,
    certificate: null,
    regional_certificate: null,
    cluster: null,
    database: null,
    buckets: {},
  },
  tags: {},
};

export const OTHER: AppVariables = {
  ...ONE,
  name: "carpool",
  environment: "other",
  domain: "other.carpool.example",
  protect: false,
  log_days: 90,
  network: { cidr: "10.9.0.0/20", zones: 3, egress: "nat-per-zone" },
  services: {
    api: {
      kind: "web",
      port: 4000,
      route: "/v2/*",
      cpu: 512,
      memory: 1024,
      instances: 2,
      stop_seconds: 20,
      health: health([20, 6, 4, 5, 90], "/up"),
      scaling: { max: 9, cpu_percent: 70 },
      secrets: [],
    },
  },
  sites: { web: { route: "/shop/*", fallback: "app.html" } },
  database: {
    version: 18,
    instance: "db.m7g.large",
    storage_gb: 50,
    max_storage_gb: 500,
    multi_az: true,
    backup_days: 30,
    replica: true,
    proxy: true,
  },
  cache: { engine: "redis", version: "7.1", node: "cache.m7g.large", replicas: 2 },
  buckets: { uploads: { public: true } },
  waf: { rate_limit: 900 },
  registry: {
    account: "210987654321",
    region: "eu-west-1",
    kms_key: "arn:aws:kms:eu-west-1:210987654321:key/1",
    repositories: { api: "shared/api" },
  },
  images: { database_roles: "ghcr.io/a/psql:1", placeholder: "ghcr.io/a/busybox:1" },
  dns: { parent_zone: "Z0PARENT" },
};
