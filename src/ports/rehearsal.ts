import type { HealthDefinition } from "../domain/app-definition.ts";
import type { Digest } from "../domain/digest.ts";
import type { CommandResult } from "./platform.ts";

/** What a process of a rehearsal is given. Secrets are dummies that are made for it: no real value ever gets here. */
export interface RehearsedProcess {
  environment: string;
  service: string;
  /** Its folder is read-only and holds exactly these files. */
  tree: Digest;
  /** Command line, run by a shell in the tree's root. */
  command: string;
  databaseUrl: string;
  /** Settings of the binding, or of the configuration where there is none. */
  env: Record<string, string>;
  /** Names only. */
  secrets: string[];
  /** Each is an empty folder of the rehearsal, the same for all of its processes. */
  buckets: string[];
  stopMs: number;
}

export interface RehearsedService extends RehearsedProcess {
  kind: "web" | "worker";
  health: HealthDefinition;
}

export interface Answer {
  status: number;
  body: string;
}

/** A service that has passed its health check, or a worker that runs. */
export interface ServingProcess {
  /** One GET, answered within 10 s; rejects with a sentence for people when nothing came. */
  get(path: string): Promise<Answer>;
  /** Null while it runs. */
  ended(): string | null;
  /** Last lines that it printed. */
  lines(): string[];
  /** It and all that it started are gone when this resolves. Safe to call twice. */
  stop(): Promise<void>;
}

export type Started =
  | { type: "serving"; process: ServingProcess }
  /** It ended, or never passed: nothing of it is left. */
  | { type: "failed"; what: string; lines: string[] };

/** A machine on which the commands and services of releases run against a throwaway server. */
export interface RehearsalHost {
  /** Files of a folder of the tree, paths relative to that folder, sorted. */
  files(tree: Digest, folder: string): Promise<{ path: string; text: string }[]>;
  /** Runs to its end; the exit code is an answer, 126 and 127 mean that the program is not there. */
  run(process: RehearsedProcess, options: { signal: AbortSignal; timeoutMs: number }): Promise<CommandResult>;
  /** On a free port of loopback; waits until it is healthy as its health check says. */
  serve(service: RehearsedService, options: { signal: AbortSignal }): Promise<Started>;
  /** Ends all that is left, and removes all folders. */
  close(): Promise<void>;
}
