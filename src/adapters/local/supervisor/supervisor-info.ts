import type { AppErrorJson } from "../../../domain/errors.ts";
import type { RevisionId } from "../../../domain/revision.ts";
import type { SlotState } from "./slot-state.ts";
import type { SlotFailure } from "./slot.ts";

export interface InstanceInfo {
  id: string;
  service: string;
  revision: RevisionId;
  state: SlotState;
  pid: number | null;
  port: number | null;
  restarts: number;
  residentMb: number | null;
  /** The last time it ended by itself or did not start; null: never. */
  lastFailure: SlotFailure | null;
}

export interface EnvironmentInfo {
  name: string;
  epoch: number;
  urls: string[];
  instances: InstanceInfo[];
}

/** What `switchback status` shows of the local platform. */
export interface SupervisorInfo {
  pid: number;
  /** Of Switchback; another one than the command's own means: restart the supervisor. */
  version: string;
  app: string;
  projectDir: string;
  port: number;
  startedAtMs: number;
  residentMb: number;
  postgres: { version: string; port: number } | null;
  redis: { version: string; port: number } | null;
  environments: EnvironmentInfo[];
  /** What was found damaged at the start and set aside. */
  problems: AppErrorJson[];
}
