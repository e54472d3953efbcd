import type { HealthDefinition } from "./app-definition.ts";
import { digestOf, type Digest } from "./digest.ts";

/**
 * All that decides how one service runs: its part of the release and its part of the binding.
 * Two deployments with an equal spec share the running processes: nothing is restarted for nothing.
 */
export interface RevisionSpec {
  service: string;
  kind: "web" | "worker";
  tree: Digest;
  command: string;
  route: string | null;
  health: HealthDefinition;
  stopMs: number;
  cpu: number;
  memoryMb: number;
  env: Record<string, string>;
  /** Name → version. Values are read by the platform at start and are never in a spec. */
  secrets: Record<string, string>;
}

/** 12 hex digits that name a spec. */
export type RevisionId = string;

export const revisionIdOf = (spec: RevisionSpec): RevisionId => digestOf(spec).slice(0, 12);

/** One version of a site: the files and the `/config.json` that goes with them. */
export interface SiteSpec {
  site: string;
  tree: Digest;
  route: string;
  fallback: string;
  settings: Record<string, string>;
}
