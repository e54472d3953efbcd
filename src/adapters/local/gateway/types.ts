import type { RevisionMetrics } from "../../../domain/observed.ts";
import type { FileTree } from "../../../domain/file-tree.ts";
import type { HealthDefinition } from "../../../domain/app-definition.ts";

/** Where one healthy process listens. Only instances that may take traffic are listed. */
export interface GatewayInstance {
  id: string;
  port: number;
}

export interface GatewayRevision {
  revision: string;
  release: string;
  /** Percent of new requests. */
  weight: number;
  instances: GatewayInstance[];
}

export interface GatewayService {
  name: string;
  /** `/api/*` or `/*`; the longest route that fits wins, services before sites. */
  route: string;
  revisions: GatewayRevision[];
}

export interface GatewaySite {
  name: string;
  route: string;
  /** Folder with the materialised tree; read-only. */
  root: string;
  tree: FileTree;
  fallback: string;
  /** Body of `/config.json`. */
  config: string;
  release: string;
  /** Trees of earlier releases whose hashed assets open tabs may still ask for, newest first. */
  earlier: { root: string; tree: FileTree }[];
}

/** What one host name serves. */
export interface GatewayHost {
  /** `rideshare.localhost`; the port is the gateway's. */
  host: string;
  environment: string;
  services: GatewayService[];
  sites: GatewaySite[];
}

export interface Gateway {
  /** Listens on loopback. Port 0 finds a free one. Throws PORT_TAKEN. */
  listen(options: { port: number; host?: string }): Promise<{ port: number }>;
  /** Swaps the whole table at once: new requests see the new one, requests under way finish on what they started with. */
  configure(hosts: GatewayHost[]): void;
  /**
   * Resolves when no request is under way on these instances (already taken out of the table), or after `timeoutMs`. Returns
   * how many were left. Event streams are neither waited for nor counted: the instance ends them when it is told to stop.
   */
  drain(instanceIds: string[], options: { timeoutMs: number }): Promise<number>;
  /** Measured over the last `sinceMs` (at most one hour is kept). `crashes` is not the gateway's to know: 0. */
  metrics(environment: string, service: string, revision: string, sinceMs: number): RevisionMetrics;
  /** Every revision that is measured, since the gateway started: for status, sorted by name. */
  totals(): RevisionTotals[];
  /** Stops listening and ends every connection. */
  close(): Promise<void>;
}

export interface RevisionTotals {
  environment: string;
  service: string;
  revision: string;
  requests: number;
  errors: number;
  /** Requests and tunnels under way. */
  inFlight: number;
}

export type HealthSettings = HealthDefinition;
