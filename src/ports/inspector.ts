import type { Digest } from "../domain/digest.ts";

/** What the system refuses, and what to do about it. */
export interface Refusal {
  what: string;
  hint: string;
}

export interface StoreAccess {
  folder: string;
  /** Null: it can be read and written, or is not there yet and can be made. */
  refused: Refusal | null;
  freeBytes: number | null;
}

/** A file that a writer makes before the object gets its name. */
export interface Temporary {
  path: string;
  ageMs: number;
  /** "unknown" where its name tells no process. */
  writer: "alive" | "dead" | "unknown";
}

export interface StoredArtefact {
  kind: "tree" | "file";
  digest: Digest;
  state: "whole" | "damaged" | "unreadable";
}

export interface WantedArtefact {
  kind: "tree" | "file";
  digest: Digest;
  /** Where it lies in which tree: where else its bytes may be. */
  places: { tree: Digest; path: string }[];
}

/** What the supervisor's state file says of one environment. */
export interface LocalState {
  environment: string;
  file: string;
  /** Null: damaged. */
  state: {
    /** Per service: release by revision, and weights. */
    services: Record<
      string,
      { revisions: Record<string, { release: Digest; wanted: number }>; weights: Record<string, number> }
    >;
    sites: Record<string, { current: { release: Digest } | null }>;
  } | null;
}

export interface LocalFacts {
  /** The process of the supervisor that runs; null: none does. */
  supervisor: number | null;
  /** Whether it answers; true when none runs. */
  answers: boolean;
  /** What a supervisor that was killed left behind: its socket, its pid. */
  stale: string[];
  /** Small files of its own whose content cannot be read; it makes them anew. */
  unreadable: string[];
  states: LocalState[];
  /** State files that were found damaged at a start and moved away. */
  setAside: string[];
  /** Processes of the project that run though no supervisor does. */
  strays: { pid: number; command: string }[];
  /** Null: there is no database here. */
  database: { folder: string; refused: Refusal | null } | null;
  secrets: { file: string; refused: (Refusal & { loosePaths: string[] }) | null };
}

/** Looks beneath the store and the platform, at the files and processes as they lie there. Nothing is changed by looking. */
export interface Inspector {
  storeAccess(): Promise<StoreAccess>;
  temporaries(): Promise<Temporary[]>;
  /** Every tree and file of the store, its bytes checked. */
  artefacts(): Promise<StoredArtefact[]>;
  /** Where the same bytes lie that a digest names, in the project or the store; null: nowhere. */
  findArtefact(wanted: WantedArtefact): Promise<string | null>;
  /** Earlier versions of a stored object, newest first, the one that stands left out. */
  earlierVersions(key: string): Promise<Uint8Array[]>;
  local(): Promise<LocalFacts>;

  /** Puts the bytes back from where they were found; checked again. False: they are not there any more. */
  putArtefact(wanted: { kind: "tree" | "file"; digest: Digest; from: string }): Promise<boolean>;
  remove(paths: string[]): Promise<void>;
  /** Removes what a killed supervisor left, while none can start. False: one runs by now. */
  forgetSupervisor(paths: string[]): Promise<boolean>;
  /** Ends processes that are still found to be strays. */
  endStrays(pids: number[]): Promise<void>;
  makePrivate(paths: string[]): Promise<void>;
}
