import type { Digest } from "../domain/digest.ts";
import type { ObservedEnvironment, RevisionMetrics } from "../domain/observed.ts";
import type { ReleaseMigrations } from "../domain/release.ts";
import type { RevisionId, RevisionSpec, SiteSpec } from "../domain/revision.ts";
import type { MigrationLimits, SecretDefinition, SmokeCheck } from "../domain/app-definition.ts";
import type { MigrationLeftover } from "../domain/migration-leftover.ts";

/** Sent with every effect. A platform refuses an epoch below the highest it has seen, with FENCED. */
export interface EffectContext {
  epoch: number;
  /** `d-0012`: names the deployment, makes a repeated effect recognisable. */
  deployment: string;
  signal: AbortSignal;
  /** Called now and then with a short text for people, such as "1 of 2 healthy". May be lost. */
  onProgress?: (text: string) => void;
}

/** Of a command that is part of no deployment: no takeover ends it, and it delays none. */
export type OneOffContext = Pick<EffectContext, "signal" | "onProgress"> & { epoch: null; deployment: null };

export interface BackingSpec {
  database: { engine: "postgresql"; version: number } | null;
  cache: boolean;
  buckets: string[];
}

export interface StagedRevision {
  revision: RevisionId;
  spec: RevisionSpec;
  release: Digest;
}

export interface CommandResult {
  exitCode: number;
  /** Last lines of stdout and stderr together, at most 100, secrets masked. */
  lines: string[];
  stdout: string;
}

/** A command that changes the schema, and what its sessions may do. */
export interface MigrationCommand {
  command: string;
  limits: Pick<MigrationLimits, "lockTimeoutMs" | "statementTimeoutMs">;
}

export interface MigrationResult extends CommandResult {
  /** Name of the log that has all that it printed; null: the platform keeps none. */
  log: string | null;
  /** It failed because it waited too long for a lock. */
  lockTimeout: boolean;
  /** It failed, and the schema is no longer what it was before the command. */
  changedSchema: boolean;
  /** What stands in the way of the next run. */
  leftovers: MigrationLeftover[];
}

/** Whether there are rows in a table, or values other than null in a column of it. */
export interface RowQuestion {
  /** `schema.name`, quoted as SQL where it has to be. */
  table: string;
  column: string | null;
}

/**
 * What an environment runs on, for one environment. Every effect says what shall be so ("ensure"), so doing it twice is
 * doing it once; it returns only when it *is* so, and throws an AppError that says why it cannot be.
 */
export interface Platform {
  readonly name: "local" | "aws";
  /** "engine": weights and instances are set step by step. "platform": the platform has strategies of its own. */
  readonly rollout: "engine" | "platform";
  /** The longest that one effect call may take, in milliseconds; the lease must outlast it or be renewed within it. */
  readonly callBudgetMs: number;

  /**
   * Reads what is so. With an epoch it first raises the fence: effects of lower epochs have ended or never will happen; and
   * it waits for what is being started to run or to fail, as what is planned next builds on it.
   */
  observe(options: { signal: AbortSignal; epoch?: number }): Promise<ObservedEnvironment>;
  /** Name → version that a deployment would bind now. Missing secrets are left out. Generates what may be generated. */
  secretVersions(
    wanted: Record<string, SecretDefinition>,
    options: { signal: AbortSignal },
  ): Promise<Record<string, string>>;
  /** Which of these bound secret versions cannot be read. */
  unreadableSecrets(bound: Record<string, string>, options: { signal: AbortSignal }): Promise<string[]>;

  /** Database, cache and buckets are there and answer. */
  ensureBacking(backing: BackingSpec, context: EffectContext): Promise<{ notes: string[] }>;
  /** The revision's files are on the platform, ready to start. */
  stageRevision(staged: StagedRevision, context: EffectContext): Promise<void>;
  /** The site's files are on the platform, ready to be switched to. */
  stageSite(site: SiteSpec, context: EffectContext): Promise<void>;
  /** Exactly these counts run, are healthy, and what is left out is drained and stopped. Revisions must have been staged. */
  setInstances(service: string, counts: Record<RevisionId, number>, context: EffectContext): Promise<void>;
  /** New requests go by these percents, from the moment this returns. */
  setWeights(service: string, weights: Record<RevisionId, number>, context: EffectContext): Promise<void>;
  /** The site serves this spec; null: no site. */
  switchSite(
    site: string,
    to: { spec: SiteSpec; release: Digest } | null,
    context: EffectContext,
  ): Promise<void>;
  /** Names of the applied migrations, oldest first, by the `status` command. The database must be up. */
  appliedMigrations(
    migrations: ReleaseMigrations,
    revision: RevisionSpec,
    context: EffectContext,
  ): Promise<string[]>;
  /** Runs a command of the service once, with its settings, in its own instance. Never throws for an exit code. */
  runCommand(
    command: string,
    revision: RevisionSpec,
    context: EffectContext | OneOffContext,
  ): Promise<CommandResult>;
  /**
   * Runs a migration command of the service: alone on its database (it waits for whoever has the turn, then throws
   * MIGRATION_BUSY), with the limits set for its sessions, after sessions that a killed command left were ended. Never
   * throws for an exit code.
   */
  runMigration(
    command: MigrationCommand,
    revision: RevisionSpec,
    context: EffectContext,
  ): Promise<MigrationResult>;
  /** Address of the database as a login that can read everything and change nothing; null: there is none yet. */
  databaseReader(options: { signal: AbortSignal }): Promise<string | null>;
  /** How many rows there are now, in the order of the questions; 0 for a table or column that is not there. */
  countRows(questions: RowQuestion[], options: { signal: AbortSignal }): Promise<number[]>;
  /** Since `sinceMs` ago, as measured by the platform. */
  metrics(
    service: string,
    revision: RevisionId,
    sinceMs: number,
    options: { signal: AbortSignal },
  ): Promise<RevisionMetrics>;
  /** Through the front door, as a user's request would come. Throws SMOKE_FAILED with what came instead. */
  smoke(check: SmokeCheck, options: { signal: AbortSignal }): Promise<void>;
  /** Stops and forgets what is not named: revisions by service (their warm instances after `warmMs`), and staged trees. */
  retire(
    keep: { revisions: Record<string, RevisionId[]>; trees: Digest[]; warmMs: number },
    context: EffectContext,
  ): Promise<void>;
  /**
   * The deployment has ended, either way. From its first `stageRevision` until here nothing that runs is let go by itself,
   * so that what was planned on stands for as long as the deployment is open.
   */
  settle(context: EffectContext): Promise<void>;
  close(): Promise<void>;
}
