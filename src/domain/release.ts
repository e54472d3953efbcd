import type { HealthDefinition, MigrationsDefinition, SecretDefinition } from "./app-definition.ts";
import { digestOf, type Digest } from "./digest.ts";

export interface ReleaseService {
  kind: "web" | "worker";
  tree: Digest;
  command: string;
  route: string | null;
  port: number;
  health: HealthDefinition;
  stopMs: number;
  /** Names only: values come with the binding. */
  env: string[];
  secrets: Record<string, SecretDefinition>;
}

export interface ReleaseSite {
  tree: Digest;
  route: string;
  fallback: string;
}

export interface ReleaseMigrations extends MigrationsDefinition {
  /** In the order in which they run. */
  names: string[];
}

export interface Source {
  commit: string | null;
  branch: string | null;
  subject: string | null;
  /** The work tree differed from the commit. */
  dirty: boolean;
}

/** What is the same in every environment. Immutable; written once, create-only. */
export interface Release {
  format: 1;
  /** sha256 of the inputs. */
  id: Digest;
  app: string;
  /** What the id is the hash of: one digest for each input, so that two releases can be told apart by cause. */
  inputs: Record<string, Digest>;
  services: Record<string, ReleaseService>;
  sites: Record<string, ReleaseSite>;
  database: { engine: "postgresql"; version: number } | null;
  migrations: ReleaseMigrations | null;
  cache: boolean;
  buckets: string[];
  source: Source;
  /** ISO 8601, for people; no part of the id. */
  createdAt: string;
}

export const releaseIdOf = (inputs: Record<string, Digest>): Digest => digestOf({ format: 1, inputs });

/** `r-` and 12 hex digits: what people read and type. */
export const shortReleaseId = (id: Digest): string => `r-${id.slice(0, 12)}`;
