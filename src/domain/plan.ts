import type { Gates, SmokeCheck, Strategy } from "./app-definition.ts";
import type { Binding } from "./binding.ts";
import type { Digest } from "./digest.ts";
import type { ReleaseMigrations } from "./release.ts";
import type { RevisionId, RevisionSpec, SiteSpec } from "./revision.ts";

export const PHASES = ["guard", "stage", "expand", "roll out", "switch", "verify", "commit", "tidy"] as const;
export type Phase = (typeof PHASES)[number];

export interface Watched {
  service: string;
  revision: RevisionId;
}

/** What a step does. Everything that it needs is in here, so a plan can be stored, shown and resumed by another process. */
export type StepAction =
  | { kind: "check-artefacts"; trees: Digest[]; sites: { site: string; tree: Digest; fallback: string }[] }
  | { kind: "check-secrets"; services: Record<string, { wanted: string[]; bound: Record<string, string> }> }
  | {
      kind: "ensure-backing";
      backing: {
        database: { engine: "postgresql"; version: number } | null;
        cache: boolean;
        buckets: string[];
      };
    }
  | { kind: "stage-revision"; revision: RevisionId; spec: RevisionSpec; release: Digest }
  | { kind: "stage-site"; spec: SiteSpec }
  | { kind: "migrate"; migrations: ReleaseMigrations; spec: RevisionSpec }
  | { kind: "set-instances"; service: string; counts: Record<RevisionId, number> }
  | { kind: "set-weights"; service: string; weights: Record<RevisionId, number> }
  | { kind: "switch-site"; site: string; to: { spec: SiteSpec; release: Digest } | null }
  | { kind: "smoke"; checks: SmokeCheck[] }
  | { kind: "bake"; watched: Watched[]; forMs: number; gates: Gates }
  | {
      kind: "confirm";
      services: Record<string, { revision: RevisionId; routed: boolean }>;
      sites: Record<string, SiteSpec>;
    }
  | { kind: "retire"; revisions: Record<string, RevisionId[]>; trees: Digest[]; warmMs: number };

export type StepKind = StepAction["kind"];

export interface PlannedStep {
  /** Unique in its plan, stable across processes: `roll out/api/2-weights`. */
  id: string;
  phase: Phase;
  /** The service, site or thing that it is about. */
  subject: string;
  /** For people: "1 of 2 instances of the candidate". */
  title: string;
  action: StepAction;
  /** Ids of steps that must have succeeded before. */
  after: string[];
}

/** How one part of the release differs from what is serving. */
export interface Change {
  part: "service" | "site" | "database";
  name: string;
  change: "added" | "changed" | "unchanged" | "removed";
  detail: string;
}

export type DeploymentAction = "deploy" | "rollback" | "promote";

/** The ordered steps that take an environment from observed to desired. Data. */
export interface Plan {
  format: 1;
  environment: string;
  action: DeploymentAction;
  release: Digest;
  binding: Binding;
  strategy: Strategy;
  changes: Change[];
  steps: PlannedStep[];
}

/** The rollback plan of a deployment, in words and in what it needs: shown before the first effect, kept in the log. */
export interface WayBack {
  /** Null for the first release of an environment: then the way back is to stop it. */
  release: Digest | null;
  binding: Binding | null;
  parts: { part: Change["part"]; name: string; how: string }[];
}
