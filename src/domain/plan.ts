import type { Gates, MigrationLimits, SmokeCheck, Strategy } from "./app-definition.ts";
import type { Binding } from "./binding.ts";
import type { Digest } from "./digest.ts";
import type { ReleaseMigrations } from "./release.ts";
import type { DatabaseWayBack, Verdict } from "./rehearsal.ts";
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
  /** `run` absent: written by a version that ran everything and left the schema where it was. */
  | { kind: "migrate"; migrations: ReleaseMigrations; spec: RevisionSpec; run?: MigrationRun }
  /** By the release that is left: its files know the way down. */
  | {
      kind: "migrate-down";
      migrations: ReleaseMigrations;
      spec: RevisionSpec;
      keep: string[];
      limits: MigrationLimits;
      loses: RowsLost[];
      acceptDataLoss: boolean;
    }
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

export interface MigrationRun {
  /** Those that are applied when the step is done, in order; what is held back is left out. */
  names: string[];
  limits: MigrationLimits;
  back: MigrationBack;
  /** Contract migrations that wait for a later deployment. */
  held: string[];
}

/** What a plan does to the database; what is null is not done. */
export interface DatabaseSteps {
  up: MigrationRun | null;
  down: Omit<Extract<StepAction, { kind: "migrate-down" }>, "kind"> | null;
}

/** What a deployment that fails does to the schema, and the proof of it in a few words; null: nothing was proved. */
export interface MigrationBack {
  how: "stay" | "down";
  because: string | null;
  /** What a down takes with it, to be counted before it is run. */
  loses?: RowsLost[];
}

/** All rows of a table, or the values of a column of it. */
export interface RowsLost {
  table: string;
  column: string | null;
}

/** The command that applies these migrations: `up`, or `upTo` when it has to stop before the last. Pure. */
export const commandFor = (migrations: ReleaseMigrations, names: string[]): string => {
  const last = names.at(-1);
  return migrations.upTo === undefined || last === undefined || last === migrations.names.at(-1)
    ? migrations.up
    : migrations.upTo.replaceAll("{to}", last);
};

/** The command that undoes what is applied beyond `keep`. Pure. */
export const downCommand = (
  migrations: ReleaseMigrations,
  { applied, keep }: { applied: string[]; keep: string[] },
): string => {
  const kept = applied.filter((name) => keep.includes(name));
  return (migrations.down ?? "")
    .replaceAll("{to}", kept.at(-1) ?? "")
    .replaceAll("{count}", String(applied.length - kept.length));
};

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
  /** What was proved of the database; absent: nothing of it changes, or an earlier version wrote it. */
  database?: DatabaseProof;
}

export interface DatabaseProof {
  /** Key of the rehearsal, `rehearsals/<key>.json`, and the sha256 of its bytes; null: there was none. */
  rehearsal: { key: Digest; digest: Digest } | null;
  verdict: Verdict | null;
  how: DatabaseWayBack;
  because: string;
  /** The reason of a person who went on without a proof. */
  noWayBack: string | null;
  /** Migrations that are held back, and the releases that need what they remove. */
  held: { names: string[]; neededBy: Digest[] } | null;
}
