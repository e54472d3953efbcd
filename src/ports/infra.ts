import type { OneOffTask, TaskEnd } from "../domain/one-off-task.ts";

/** What one resource is going through, as Terraform tells it while it works. */
export type TerraformEvent =
  | { type: "refreshing"; address: string }
  | { type: "started"; address: string; action: string }
  | { type: "progress"; address: string; action: string; elapsedMs: number }
  /** `id`: of what was made, as its provider calls it; null: it has none. */
  | { type: "ended"; address: string; action: string; elapsedMs: number; id: string | null }
  | { type: "failed"; address: string; action: string; elapsedMs: number }
  | { type: "warning"; text: string };

/** What every run of the program takes. */
export interface Running {
  onEvent?: (event: TerraformEvent) => void;
  /** Aborted: the program finishes what it has begun, saves its state, and the call rejects with INTERRUPTED. */
  interrupt?: AbortSignal;
  /** Aborted: it ends at once. What it was doing may or may not be done, and OUTCOME_UNKNOWN says so. */
  abort?: AbortSignal;
  /** How long it waits for the lock of the state; not at all without it. */
  lockTimeoutMs?: number;
}

/** "look": as "apply", and kept for nobody. */
export type PlanMode = "apply" | "destroy" | "look";

/** Terraform or OpenTofu on one root folder. Every failure is an AppError that names the resource, the reason, the next step. */
export interface Terraform {
  version(): Promise<{ program: "terraform" | "tofu"; version: string }>;
  /** Providers, modules and backend are there after it. `migrate`: the state follows the backend that the files name now. */
  init(request: Running & { migrate?: boolean }): Promise<void>;
  /** Writes a plan to `file`, readable by its owner only: it holds secrets. */
  plan(request: Running & { file: string; mode: PlanMode }): Promise<void>;
  /** A saved plan as JSON, as Terraform prints it; null: the state. */
  show(file: string | null): Promise<unknown>;
  /** Carries out exactly that plan. INFRA_PLAN_STALE once the state is another than it was made for. */
  apply(request: Running & { file: string }): Promise<void>;
  /** Empty where nothing was applied. */
  outputs(): Promise<Record<string, { value: unknown; sensitive: boolean }>>;
}

/** A plan that was saved to be looked at, and what it was made from. */
export interface SavedPlan {
  file: string;
  mode: "apply" | "destroy";
  /** Of the files, the variables and the program at that time. */
  digest: string;
  /** ISO 8601. */
  madeAt: string;
  /** Its application was begun: it is spent, whatever became of it. */
  begun: boolean;
}

/** One root folder of the project with what is kept about it outside: the saved plan, the record of runs. */
export interface InfraFolder {
  /** As people see it: `infra/staging`. */
  readonly path: string;
  /** Writes files that are not there yet and leaves all others alone. Resolves to the names that were written. */
  add(files: Record<string, string>): Promise<string[]>;
  /** Whether the folder holds a file of Terraform's. */
  isThere(): Promise<boolean>;
  has(file: string): Promise<boolean>;
  remove(file: string): Promise<void>;
  /** Replaces a file that Switchback owns. */
  write(file: string, text: string): Promise<void>;
  /** Of everything that a plan follows from: files here and in local modules, variables, the environment's TF_VAR_*. */
  digest(): Promise<string>;
  /** Where a new plan is to be written. */
  planFile(mode: PlanMode): Promise<string>;
  savedPlan(): Promise<SavedPlan | null>;
  savePlan(plan: SavedPlan): Promise<void>;
  forgetPlan(mode: PlanMode): Promise<void>;
}

/** A rule of a security group, as the EC2 API tells it. */
export interface LiveRule {
  id: string;
  group: string;
  direction: "ingress" | "egress";
  /** "tcp", "-1" for all. */
  protocol: string;
  fromPort: number | null;
  toPort: number | null;
  /** A CIDR, a prefix list, or another group. */
  peer: string;
  description: string;
}

/** What Terraform does not look at. */
export interface AwsFacts {
  /** Every rule of these groups. */
  rulesOf(groups: string[], options: { region: string; signal: AbortSignal }): Promise<LiveRule[]>;
  /** Whether a state is kept there already. */
  hasState(
    place: { bucket: string; key: string; region: string },
    options: { signal: AbortSignal },
  ): Promise<"state" | "bucket" | "nothing">;
  /** Who answers for a hosted zone. */
  nameServersOf(
    zone: string,
    options: { region: string; signal: AbortSignal },
  ): Promise<{ name: string; servers: string[] }>;
}

export interface AwsTasks {
  /**
   * Runs it and resolves when it has ended, however it ended. Never two of one family at once: one that runs for the same purpose
   * is taken as this one, any other is waited for. INTERRUPTED on `signal`: the task goes on.
   */
  run(task: OneOffTask, options: { signal: AbortSignal; onStatus(status: string): void }): Promise<TaskEnd>;
}

/** Parameters of Systems Manager that are no secrets. */
export interface AwsParameters {
  /** Null: there is none of that name. */
  read(name: string, options: { region: string; signal: AbortSignal }): Promise<string | null>;
  /** Replaces the value of one that is there. */
  write(name: string, value: string, options: { region: string; signal: AbortSignal }): Promise<void>;
}
