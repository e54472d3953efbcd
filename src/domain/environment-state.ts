import type { Binding } from "./binding.ts";
import type { Digest } from "./digest.ts";
import type { AppErrorJson } from "./errors.ts";
import type { Actor, Json } from "./log-entry.ts";
import type { DeploymentAction, Plan, WayBack } from "./plan.ts";
import type { Outcome } from "./receipt.ts";
import type { Source } from "./release.ts";

export type StepStatus =
  "started" | "succeeded" | "failed" | "compensating" | "compensated" | "compensation-failed";

export interface StepState {
  status: StepStatus;
  before: Json;
  outputs: Json;
  error: AppErrorJson | null;
  startedAt: string;
  durationMs: number | null;
}

export interface OpenDeployment {
  id: string;
  plan: Plan;
  wayBack: WayBack;
  actor: Actor;
  source: Source | null;
  reason: string | null;
  startedAt: string;
  /** In the order in which they were started. */
  steps: Record<string, StepState>;
  direction: "forward" | "back";
  /** Why it goes back; null while it goes forward. */
  cause: "failed" | "aborted" | null;
  committed: boolean;
  detachedBy: Actor | null;
}

export interface Serving {
  release: Digest;
  binding: Binding;
  deployment: string;
  since: string;
  actor: Actor;
  /** Somebody rolled back from it: a rollback without a target passes it over. */
  rolledBack: boolean;
  /** Contract migrations of its release that were held back: not in the schema. Absent: none. */
  held?: string[];
}

export interface Approval {
  release: Digest;
  actor: Actor;
  at: string;
}

/** Since a rollback, deployments by automation are held off, until a person deploys, promotes or unlocks. */
export interface Hold {
  actor: Actor;
  deployment: string;
  at: string;
}

export interface DeploymentSummary {
  id: string;
  action: DeploymentAction;
  release: Digest;
  actor: Actor;
  outcome: Outcome;
  startedAt: string;
  endedAt: string;
  durationMs: number;
  /** Sequence of its first and last entry: where `show` reads. */
  entries: [number, number];
  error: AppErrorJson | null;
}

export interface Lock {
  actor: Actor;
  why: string;
  until: string | null;
  at: string;
}

/** fold(log): everything there is to know about an environment. Bounded: it does not grow with the log. */
export interface EnvironmentState {
  environment: string;
  sequence: number;
  /** sha256 of the stored bytes of entry `sequence`. */
  hash: Digest;
  epoch: number;
  deployments: number;
  serving: Serving | null;
  /** What served before, newest first, each release and binding once; the ways back. At most 20. */
  earlier: Serving[];
  open: (OpenDeployment & { firstEntry: number }) | null;
  lock: Lock | null;
  hold: Hold | null;
  /** Newest first, at most 20. */
  approvals: Approval[];
  /** Newest first, at most 20. */
  recent: DeploymentSummary[];
}

export const RECENT_KEPT = 20;
