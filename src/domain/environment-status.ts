import type { DeploymentAction } from "./plan.ts";
import type { Digest } from "./digest.ts";
import type { Hold, Lock } from "./environment-state.ts";

export interface ServiceStatus {
  name: string;
  healthy: number;
  wanted: number;
  /** Over the last five minutes; null when nothing was asked of it, or it is not measured. */
  p95Ms: number | null;
  /** What an open deployment is rolling out; null: nothing of it runs. */
  candidate: { healthy: number; percent: number } | null;
}

/** One environment as `status` shows it. */
export interface EnvironmentStatus {
  environment: string;
  platform: "local" | "aws";
  release: Digest | null;
  deployment: string | null;
  since: string | null;
  actor: string | null;
  /** Null: the platform does not run, or cannot be asked from here. */
  services: ServiceStatus[] | null;
  sites: string[];
  /** Name of the last migration; null: no database. */
  database: string | null;
  wayBack: Digest | null;
  /** Where observed differs from recorded, in words. */
  drift: string[];
  lock: Lock | null;
  hold: Hold | null;
  open: {
    deployment: string;
    action: DeploymentAction;
    release: Digest;
    /** One sentence: what was going on. */
    text: string;
    /** Somebody works on it right now. */
    running: boolean;
  } | null;
  urls: string[];
  /** Crash loops and damaged state, in words. */
  problems: string[];
}
