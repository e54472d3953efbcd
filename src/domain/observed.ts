import type { Digest } from "./digest.ts";
import type { RevisionId, RevisionSpec, SiteSpec } from "./revision.ts";

export interface ObservedRevision {
  spec: RevisionSpec;
  release: Digest;
  wanted: number;
  healthy: number;
}

export interface ObservedService {
  revisions: Record<RevisionId, ObservedRevision>;
  /** Percent by revision; sums to 100, or is empty when nothing is routed. Empty for a worker. */
  weights: Record<RevisionId, number>;
}

export interface ObservedSite {
  spec: SiteSpec;
  release: Digest;
}

/** What a platform says is so, as read just now. */
export interface ObservedEnvironment {
  services: Record<string, ObservedService>;
  sites: Record<string, ObservedSite>;
  /** Names of the applied migrations; null when there is no database or it cannot be asked without starting it. */
  schema: string[] | null;
  /** Where people reach it; empty when nothing is served. */
  urls: string[];
  /** What the platform found wrong with itself, in words for people. */
  problems?: string[];
}

export interface RevisionMetrics {
  requests: number;
  /** Answers with status >= 500, plus requests that got no answer. */
  errors: number;
  p50Ms: number;
  p95Ms: number;
  /** Times an instance of the revision stopped by itself. */
  crashes: number;
  /** How the last of them ended, in words: "exited with code 1". */
  lastExit?: string;
  /** Last log lines of its instances, oldest first. */
  lines?: string[];
}
