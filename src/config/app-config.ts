/**
 * What `defineApp` takes: the configuration as a person writes it. Whatever is left out has a default (docs/config.md).
 * A test compares these types with the schema, and each comment with the schema's description.
 */

import type { AwsConfig, AwsEnvironmentConfig } from "./aws-config.ts";

/** `"500ms"`, `"5s"`, `"10m"`, `"1h"`, `"1d"`, or a number of milliseconds. */
export type Duration = number | `${number}${"ms" | "s" | "m" | "h" | "d"}`;

/** `"256MB"` or `"1GB"`; 1 GB is 1024 MB. */
export type Memory = `${number}${"MB" | "GB"}`;

/** `"1%"`, or the share itself: 0.01. */
export type Percentage = number | `${number}%`;

/** Values of environment variables and settings. They are in the clear: no secrets here. */
export type Values = Record<string, string | number | boolean>;

export interface AppConfig {
  /** Names the app everywhere: addresses, containers, folders in the store. */
  name: string;
  /** Long-running processes behind the router, by name. */
  services?: Record<string, ServiceConfig> | undefined;
  /** Static frontends, by name. */
  sites?: Record<string, SiteConfig> | undefined;
  /** The app's PostgreSQL; its address is given to every service as `DATABASE_URL`. */
  database?: "postgresql" | DatabaseConfig | undefined;
  /** The app's cache; its address is given to every service as `REDIS_URL`. */
  cache?: "redis" | undefined;
  /** File buckets; each address is given to every service as `BUCKET_<NAME>_URL`. */
  buckets?: string[] | Record<string, BucketConfig> | undefined;
  /** Where releases run, by name. */
  environments?: Record<string, EnvironmentConfig> | undefined;
  /** What the environments on AWS share: region, account, tags. */
  aws?: AwsConfig | undefined;
  /** Where the environments' logs and the releases' records are kept: in files of this project, or in an S3 bucket. */
  store?: "files" | S3StoreConfig | undefined;
}

export interface S3StoreConfig {
  /** In a bucket, for everybody who may use it; credentials are found by the AWS SDK, never written here. */
  type: "s3";
  /** The bucket's name. */
  bucket: string;
  /** The folder in the bucket. Two apps must not share one. */
  prefix?: string | undefined;
  /** The bucket's AWS region. */
  region?: string | undefined;
  /** The address of another server than Amazon S3, or of a private endpoint. */
  endpoint?: string | undefined;
  /** Name the bucket in the path of a request, not in the host name. */
  forcePathStyle?: boolean | undefined;
  /** How S3 encrypts the objects: as the bucket says, with keys of S3, or with a KMS key. */
  encryption?: "bucket" | "s3" | KmsConfig | undefined;
}

export interface KmsConfig {
  /** ARN, id or alias of the KMS key. */
  kmsKey: string;
}

export interface ServiceConfig {
  /** Source folder, relative to the project. */
  path: string;
  /** Shell command that is run in `path` before `files` are taken. */
  build?: string | undefined;
  /** What the artefact holds: globs relative to `path`; those that begin with `!` take away. */
  files?: string[] | undefined;
  /** Sources outside `path` that the build reads: globs relative to the project. */
  inputs?: string[] | undefined;
  /** Command line that starts the service, run by a shell in the artefact's root. */
  command: string;
  /** Requests that the service answers: `/api/*`, `/*`, or one exact path. Without a route it is a worker. */
  route?: string | undefined;
  /** The port inside the container on AWS. On one machine a free one is found. Read `PORT` in either case. */
  port?: number | undefined;
  /** How an instance shows that it may take traffic. */
  health?: HealthConfig | undefined;
  /** CPU units of one instance; 1024 is one vCPU. */
  cpu?: number | undefined;
  /** Memory of one instance; a process tree that outgrows it is stopped. */
  memory?: Memory | undefined;
  /** How many run side by side. */
  instances?: number | undefined;
  /** On AWS, how many there may be when there is much to do. */
  maxInstances?: number | undefined;
  /** The mean CPU load that `maxInstances` is there to keep. */
  scaleAtCpu?: Percentage | undefined;
  /** Environment variables, in the clear, the same in every environment. */
  env?: Values | undefined;
  /** Names of environment variables whose values are secret; each environment has its own values. */
  secrets?: string[] | Record<string, SecretConfig> | undefined;
  /** From SIGTERM to SIGKILL: the time that a request under way has to finish. */
  stop?: Duration | undefined;
}

export interface HealthConfig {
  /** Asked with GET; any status from 200 to 299 passes. */
  path?: string | undefined;
  /** Time between two checks of an instance. */
  interval?: Duration | undefined;
  /** A check that takes longer has failed. */
  timeout?: Duration | undefined;
  /** Passes in a row until an instance takes traffic. */
  healthyAfter?: number | undefined;
  /** Failures in a row until it no longer does. */
  unhealthyAfter?: number | undefined;
  /** How long a new instance may take to pass for the first time. */
  start?: Duration | undefined;
}

export interface SecretConfig {
  /** On one machine, make a random value at first use instead of asking for one. */
  generate?: boolean | undefined;
}

export interface SiteConfig {
  /** Source folder, relative to the project. */
  path: string;
  /** Shell command that is run in `path` and fills `dist`. */
  build?: string | undefined;
  /** The folder that the build fills, relative to `path`. */
  dist?: string | undefined;
  /** Sources outside `path` that the build reads: globs relative to the project. */
  inputs?: string[] | undefined;
  /** Requests that the site answers: `/*`, `/admin/*`, or one exact path. */
  route?: string | undefined;
  /** The file in `dist` that is served for a page path that has no file: client-side routing. */
  fallback?: string | undefined;
  /** Further members of the `/config.json` that the site reads at run time. Everybody can read them. */
  settings?: Values | undefined;
}

export interface DatabaseConfig {
  /** The database engine. */
  engine?: "postgresql" | undefined;
  /** PostgreSQL's major version. */
  version?: number | undefined;
  /** How the schema is taken forward and back. */
  migrations?: MigrationsConfig | undefined;
}

export interface MigrationsConfig {
  /** The service whose artefact holds the migrations and runs the commands. */
  service: string;
  /** Folder inside that artefact; the base names of its files are the migrations' names, in order. */
  folder?: string | undefined;
  /** Command that runs all migrations that have not run yet. */
  up: string;
  /** As `up`, but no further than the migration `{to}`: lets a deployment hold a contract migration back. */
  upTo?: string | undefined;
  /** Command that takes migrations back. `{to}` is the last one to keep (empty: none), `{count}` how many to undo. */
  down?: string | undefined;
  /** Command that prints the names of the applied migrations, one a line, oldest first. */
  status: string;
  /** How long a statement of a migration waits for a lock before it gives up and is tried again. */
  lockTimeout?: Duration | undefined;
  /** How long one statement of a migration may take; 0: no limit. */
  statementTimeout?: Duration | undefined;
  /** How often a migration that waited too long for a lock is tried again. */
  retries?: number | undefined;
  /** Rehearse pending migrations before they run, and how long others may wait for a table. */
  rehearse?: boolean | RehearseConfig | undefined;
}

export interface RehearseConfig {
  /** Users may wait this long for a table before it is a warning. */
  warn?: Duration | undefined;
  /** Users may wait this long for a table before the deployment is refused. */
  block?: Duration | undefined;
}

export interface BucketConfig {
  /** Everybody may read its files. */
  public?: boolean | undefined;
}

export interface EnvironmentConfig {
  /** What the environment runs on. */
  platform?: "local" | "aws" | undefined;
  /** How traffic goes from the stable release to the candidate. */
  strategy?: "rolling" | "blue-green" | "canary" | "linear" | StrategyConfig | undefined;
  /** How long a finished rollout is watched before the deployment counts. */
  bake?: Duration | undefined;
  /** What must hold during the rollout and the bake. */
  gates?: GatesConfig | undefined;
  /** Requests through the front door that must be answered as expected before the bake. */
  smoke?: (string | SmokeConfig)[] | undefined;
  /** How long the stable release is kept running after a blue-green, canary or linear deployment, for an instant rollback. */
  warm?: Duration | undefined;
  /** The git branch whose commits `ci` deploys here. */
  branch?: string | undefined;
  /** The host name that people type. */
  domain?: string | undefined;
  /** The environment in which a release must have served before it comes here. */
  promotesFrom?: string | undefined;
  /** Whether a person has to agree to a deployment: `true`, or who may. */
  approval?: boolean | ApprovalConfig | undefined;
  /** Times in which no deployment starts. */
  freeze?: FreezeConfig[] | undefined;
  /** Environment variables of every service in this environment. */
  env?: Values | undefined;
  /** Sizes and variables of single services in this environment. */
  services?: Record<string, ServiceOverrideConfig> | undefined;
  /** Settings of single sites in this environment. */
  sites?: Record<string, SiteOverrideConfig> | undefined;
  /** What the environment is made of on AWS. */
  aws?: AwsEnvironmentConfig | undefined;
}

export type StrategyConfig = RollingConfig | BlueGreenConfig | CanaryConfig | LinearConfig;

export interface RollingConfig {
  /** Instances are replaced a few at a time. */
  type: "rolling";
  /** How many instances are replaced at a time. */
  batch?: number | undefined;
}

export interface BlueGreenConfig {
  /** The candidate starts in full beside the stable release and takes all traffic at once. */
  type: "blue-green";
}

export interface CanaryConfig {
  /** The candidate takes the given shares of the traffic in turn, then all of it. */
  type: "canary";
  /** Shares of the traffic in percent, ascending. */
  percents?: number[] | undefined;
  /** How long each share is watched. */
  bake?: Duration | undefined;
}

export interface LinearConfig {
  /** The candidate takes the traffic in equal steps. */
  type: "linear";
  /** What each step adds, in percent. */
  stepPercent?: number | undefined;
  /** How long each step is watched. */
  bake?: Duration | undefined;
}

export interface GatesConfig {
  /** The largest share of answers with status 500 or above, or none at all; `null` switches the gate off. */
  maxErrorRate?: Percentage | null | undefined;
  /** The largest 95th percentile of the answer times; `null` switches the gate off. */
  maxP95?: Duration | null | undefined;
  /** With fewer requests than this the gates say nothing, and hold. */
  minRequests?: number | undefined;
}

export interface SmokeConfig {
  /** The path that is asked for with GET. */
  path: string;
  /** The status that must come back. */
  status?: number | undefined;
  /** Text that the answer must hold. */
  contains?: string | undefined;
}

export interface ApprovalConfig {
  /** Nothing is deployed before somebody has agreed. */
  required?: boolean | undefined;
  /** Who may agree; empty: anybody who may deploy. */
  by?: string[] | undefined;
}

export interface FreezeConfig {
  /** First moment of the freeze: ISO 8601 with offset. */
  from: string;
  /** The moment it ends: ISO 8601 with offset. */
  to: string;
  /** Shown to whoever tries to deploy. */
  reason: string;
}

export interface ServiceOverrideConfig {
  /** How many run side by side. */
  instances?: number | undefined;
  /** On AWS, how many there may be when there is much to do. */
  maxInstances?: number | undefined;
  /** The mean CPU load that `maxInstances` is there to keep. */
  scaleAtCpu?: Percentage | undefined;
  /** CPU units of one instance; 1024 is one vCPU. */
  cpu?: number | undefined;
  /** Memory of one instance. */
  memory?: Memory | undefined;
  /** Environment variables of the service in this environment. */
  env?: Values | undefined;
}

export interface SiteOverrideConfig {
  /** Members of the site's `/config.json` in this environment. */
  settings?: Values | undefined;
}
