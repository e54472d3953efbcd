import type { AwsDefinition, AwsEnvironment } from "./aws-definition.ts";

/** The validated configuration: every default filled in, durations in milliseconds, memory in MiB. */
export interface AppDefinition {
  name: string;
  services: Record<string, ServiceDefinition>;
  sites: Record<string, SiteDefinition>;
  database: DatabaseDefinition | null;
  cache: { engine: "redis" } | null;
  buckets: Record<string, BucketDefinition>;
  environments: Record<string, EnvironmentDefinition>;
  aws: AwsDefinition;
  store: StoreDefinition;
}

/** Where the environments' logs and the releases' records are kept. "files": in the project's `.switchback/store`. */
export type StoreDefinition = { type: "files" } | S3StoreDefinition;

export interface S3StoreDefinition {
  type: "s3";
  bucket: string;
  /** Before every key; empty, or with a slash at its end. */
  prefix: string;
  /** Null: as the AWS SDK finds it. */
  region: string | null;
  /** Null: Amazon S3. */
  endpoint: string | null;
  forcePathStyle: boolean;
  /** "bucket": as the bucket says. "s3": keys of S3. "kms": this key. */
  encryption: { type: "bucket" } | { type: "s3" } | { type: "kms"; key: string };
}

export interface HealthDefinition {
  path: string;
  intervalMs: number;
  timeoutMs: number;
  /** Passes in a row until an instance takes traffic. */
  healthyAfter: number;
  /** Failures in a row until it no longer does. */
  unhealthyAfter: number;
  /** How long a new instance may take to pass for the first time. */
  startMs: number;
}

export interface ServiceDefinition {
  kind: "web" | "worker";
  /** Source folder, relative to the project. Its files (less what git ignores) are inputs of the release. */
  path: string;
  /** Shell command run in `path` before `files` are taken; null when there is nothing to build. */
  build: string | null;
  /** Globs relative to `path`: what the artefact holds. */
  files: string[];
  /** Further inputs, globs relative to the project: shared sources that the build reads. */
  inputs: string[];
  /** Command line, run by a shell in the artefact's root. */
  command: string;
  /** `/api/*` or `/*`; null for a worker. */
  route: string | null;
  /** The port inside the container on AWS. On one machine `PORT` is found and given by the platform. */
  port: number;
  health: HealthDefinition;
  /** CPU units, 1024 = one vCPU. */
  cpu: number;
  memoryMb: number;
  instances: number;
  /** On AWS, the upper bound of scaling; null: none, always `instances`. */
  maxInstances: number | null;
  /** The share of the CPU that scaling keeps: 0.6 = 60 %. */
  scaleAtCpu: number;
  env: Record<string, string>;
  secrets: Record<string, SecretDefinition>;
  /** From SIGTERM to SIGKILL. */
  stopMs: number;
}

export interface SecretDefinition {
  /** On the local platform: make a random value at first use instead of asking for one. */
  generate: boolean;
}

export interface SiteDefinition {
  path: string;
  build: string | null;
  /** Folder that the build fills, relative to `path`. */
  dist: string;
  inputs: string[];
  route: string;
  /** Served for any page path that has no file: client-side routing. */
  fallback: string;
  /** Further members of `/config.json`. */
  settings: Record<string, string>;
}

export interface DatabaseDefinition {
  engine: "postgresql";
  version: number;
  migrations: MigrationsDefinition | null;
  /** How migration commands are run, whatever the release. */
  limits: MigrationLimits;
  rehearse: RehearseDefinition;
}

/** What a migration command's sessions may do, and how often it is tried again after it waited too long for a lock. */
export interface MigrationLimits {
  lockTimeoutMs: number;
  /** 0: no limit. */
  statementTimeoutMs: number;
  retries: number;
}

/** Whether migrations are rehearsed before they run, and for how long others may wait for a table. */
export interface RehearseDefinition {
  enabled: boolean;
  warnMs: number;
  blockMs: number;
}

export interface MigrationsDefinition {
  /** The service whose artefact holds the migrations and runs the commands. */
  service: string;
  /** Folder inside that artefact; the base names of its files are the migrations' names, in order. */
  folder: string;
  up: string;
  /** As `up`, but no further than the migration `{to}`. Absent: the tool cannot stop before the last. */
  upTo?: string;
  /** `{to}` is replaced by the last migration to keep (empty: none), `{count}` by how many to undo. */
  down: string | null;
  /** Prints the names of the applied migrations, one a line, oldest first. */
  status: string;
}

export interface BucketDefinition {
  /** Bytes a bucket may hold on the local platform; null: no limit. */
  public: boolean;
}

export type Strategy =
  /** `batch`: instances replaced at a time. */
  | { type: "rolling"; batch: number }
  | { type: "blue-green" }
  | { type: "canary"; percents: number[]; bakeMs: number }
  | { type: "linear"; stepPercent: number; bakeMs: number };

export interface Gates {
  /** Share of answers with status 500 or above, or none at all: 0.01 = 1 %. */
  maxErrorRate: number | null;
  maxP95Ms: number | null;
  /** Fewer requests than this say nothing, and the gate holds. */
  minRequests: number;
}

export interface SmokeCheck {
  path: string;
  status: number;
  contains: string | null;
}

/** A time in which no deployment starts. */
export interface FreezeWindow {
  /** ISO 8601 with offset. */
  from: string;
  to: string;
  reason: string;
}

export interface EnvironmentDefinition {
  platform: "local" | "aws";
  strategy: Strategy;
  bakeMs: number;
  gates: Gates;
  smoke: SmokeCheck[];
  /** How long the stable release stays warm after a blue-green, canary or linear deployment. */
  warmMs: number;
  branch: string | null;
  domain: string | null;
  promotesFrom: string | null;
  approval: { required: boolean; by: string[] };
  freeze: FreezeWindow[];
  env: Record<string, string>;
  /** Per-service sizes and values in this environment. */
  services: Record<string, ServiceOverride>;
  sites: Record<string, { settings: Record<string, string> }>;
  /** Null where the platform is another. */
  aws: AwsEnvironment | null;
}

export interface ServiceOverride {
  instances?: number;
  maxInstances?: number;
  scaleAtCpu?: number;
  cpu?: number;
  memoryMb?: number;
  env?: Record<string, string>;
}
