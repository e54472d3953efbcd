import type { Digest } from "../domain/digest.ts";
import type { FileTree } from "../domain/file-tree.ts";

/** Content-addressed file trees over a blob store that holds every content once. What is stored is never changed. */
export interface Artefacts {
  /**
   * Stores the files below `root` that `select` names (paths relative to it) and returns the tree's digest. Storing twice is storing once.
   * Throws PATH_ESCAPES for a path or a link that leads outside `root`, TREE_UNSUPPORTED for sockets, devices and pipes.
   */
  storeTree(root: string, select: string[]): Promise<{ digest: Digest; tree: FileTree }>;
  /** The manifest, its digest checked. Throws ARTEFACT_MISSING when it is absent or damaged. */
  readTree(digest: Digest): Promise<FileTree>;
  /** One file's bytes, checked against its digest. */
  readBlob(digest: Digest): Promise<Uint8Array>;
  /** The same in pieces, in bounded memory. The last piece comes only when the whole is what the digest says. */
  streamBlob(digest: Digest): AsyncIterable<Uint8Array>;
  /** Writes the tree into `folder`, which appears whole or not at all; every byte is checked. Safe to run twice at once. */
  materialise(digest: Digest, folder: string): Promise<void>;
}
