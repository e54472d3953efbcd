import type { Digest } from "./digest.ts";

/** Entries of a file tree by path: forward slashes, relative, no `.` or `..`, no empty segment. */
export type TreeEntry =
  | { type: "file"; sha256: Digest; bytes: number; executable: boolean }
  | { type: "link"; target: string }
  /** Only folders that hold nothing are listed; the others follow from their files. */
  | { type: "folder" };

/** The manifest of an artefact. Its digest is `digestOf(manifest)`: equal content, equal digest, on any machine. */
export interface FileTree {
  format: 1;
  entries: Record<string, TreeEntry>;
}
