import { canonicalJson, sha256, type Digest } from "../../domain/digest.ts";
import { AppError } from "../../domain/errors.ts";
import type { FileTree, TreeEntry } from "../../domain/file-tree.ts";
import { treeFault } from "./tree-fault.ts";

/** Entries in a record without a prototype: a file may be called `__proto__` or `constructor`. */
export const treeOf = (entries: ReadonlyMap<string, TreeEntry>): FileTree => {
  const record = Object.create(null) as Record<string, TreeEntry>;
  for (const path of [...entries.keys()].sort()) record[path] = entries.get(path)!;
  return { format: 1, entries: record };
};

export const entriesOf = (tree: FileTree): Map<string, TreeEntry> => new Map(Object.entries(tree.entries));

/** The bytes that are stored, and their digest. */
export const encodeManifest = (tree: FileTree): { text: string; digest: Digest } => {
  const text = canonicalJson(tree);
  return { text, digest: sha256(text) };
};

/**
 * The tree that the bytes say, if they are exactly what the digest names *and* can be written below one folder: a manifest
 * may come from another machine, so nothing in it is believed.
 * Throws ARTEFACT_MISSING for other bytes or hostile entries, FORMAT_TOO_NEW for a later format.
 */
export const decodeManifest = (bytes: Uint8Array, digest: Digest): FileTree => {
  if (sha256(bytes) !== digest) throw damagedTree(digest, "its bytes are not what its name says");
  const value = parse(bytes, digest);
  if (!isObject(value)) throw damagedTree(digest, "it is no manifest");
  if (typeof value.format === "number" && value.format > 1) {
    throw new AppError("FORMAT_TOO_NEW", `The file tree ${digest} has format ${value.format}`, {
      hint: "upgrade Switchback to read it",
      context: { digest },
    });
  }
  if (value.format !== 1 || !isObject(value.entries)) throw damagedTree(digest, "it is no manifest");
  const entries = new Map<string, TreeEntry>();
  for (const [path, entry] of Object.entries(value.entries)) entries.set(path, entryOf(entry, path, digest));
  const fault = treeFault(entries);
  if (fault !== null) throw damagedTree(digest, `${JSON.stringify(fault.path)}: ${fault.why}`);
  const tree = treeOf(entries);
  // Duplicate keys, unknown members or other spellings would give one tree two digests.
  if (encodeManifest(tree).digest !== digest) throw damagedTree(digest, "it is not in canonical form");
  return tree;
};

/** What was found damaged is set aside, so a build of the same sources writes it anew. */
export const REBUILD_HINT =
  "switchback doctor --repair puts it back when the same bytes are still in the project; else put it back from a copy of " +
  "the store, or check out the release's commit and build it again: switchback release --rebuild";

export const damagedTree = (digest: Digest, why: string, cause?: unknown): AppError =>
  new AppError("ARTEFACT_MISSING", `The file tree ${digest} cannot be used: ${why}`, {
    hint: REBUILD_HINT,
    context: { digest },
    ...(cause === undefined ? {} : { cause }),
  });

const parse = (bytes: Uint8Array, digest: Digest): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch (error) {
    throw damagedTree(digest, "it is no JSON", error);
  }
};

const entryOf = (value: unknown, path: string, digest: Digest): TreeEntry => {
  if (isObject(value)) {
    const { type, sha256: content, bytes, executable, target } = value;
    if (type === "folder") return { type };
    if (type === "link" && typeof target === "string") return { type, target };
    const sized = typeof bytes === "number" && Number.isSafeInteger(bytes) && bytes >= 0;
    // The digest becomes a file name, so its form is checked before it is used.
    const named = typeof content === "string" && /^[0-9a-f]{64}$/.test(content);
    if (type === "file" && sized && named && typeof executable === "boolean") {
      return { type, sha256: content, bytes, executable };
    }
  }
  throw damagedTree(digest, `the entry ${JSON.stringify(path)} is not understood`);
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
