/** Enough to tell on the same machine whether a process still is. */
export interface ProcessIdentity {
  /** `anna@laptop` */
  actor: string;
  /** Differs between machines and between boots. */
  machine: string;
  pid: number;
  /** Start time as the system tells it: a pid that was given out again is another process. */
  started: string;
}

export interface Liveness {
  self(): ProcessIdentity;
  /** "unknown" for a process of another machine or boot: then only waiting tells. */
  look(identity: ProcessIdentity): "alive" | "dead" | "unknown";
}
