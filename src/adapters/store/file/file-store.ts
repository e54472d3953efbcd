import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  unlinkSync,
  writeSync,
  type Dirent,
} from "node:fs";
import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { sha256 } from "../../../domain/digest.ts";
import { machineError } from "../../../domain/errors.ts";
import type { Store, Stored } from "../../../ports/store.ts";
import { checkedKey, checkedPrefix } from "../store-key.ts";

const VERSIONS = ".versions";
/** Versions of a replaced object that stay: enough for a slow reader, see `replace`. */
const KEPT = 2;

/**
 * A Store in a folder. Objects that are created once are files of that name; objects that are replaced are folders
 * `<key>.versions/` in which the highest number stands, also above such a file. Nothing is ever overwritten, so no lock is needed: whoever
 * links a number first has it, on any file system with atomic `link()`. Writes are small and synced to disk before they
 * return; they use the synchronous calls because eight thread-pool hops would cost more than the writing.
 */
export const makeFileStore = ({ folder }: { folder: string }): Store => {
  const pathOf = (key: string): string => join(folder, checkedKey(key));

  const highest = (key: string): number[] =>
    (listOrEmpty(pathOf(key) + VERSIONS) ?? [])
      .filter((name) => /^\d{12}$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);

  const get = async (key: string): Promise<Stored | null> => {
    for (;;) {
      const version = highest(key).at(-1) ?? 0;
      const bytes = readOrNull(versionPath(pathOf(key), version));
      if (bytes !== null) return { bytes, etag: `${version}-${sha256(bytes)}` };
      // Null: there is none, or it was replaced and tidied away since it was listed, so a newer one is there.
      if (version === (highest(key).at(-1) ?? 0)) return null;
    }
  };

  const create = async (key: string, bytes: Uint8Array): Promise<"created" | "exists"> =>
    createFile(pathOf(key), bytes) ? "created" : "exists";

  /**
   * A writer that slept between reading and linking could take a number that was used and tidied away long ago. Old
   * versions are removed in ascending order and only when two newer ones stand, so its base is gone in that case: it
   * looks, and has lost. A writer who did win and sees its base gone was overtaken twice since: "conflict" then means
   * what it always means to a caller, read what stands there.
   */
  const replace = async (key: string, bytes: Uint8Array, etag: string | null) => {
    const base = etag === null ? 0 : Number(etag.split("-")[0]);
    const present = highest(key);
    if ((present.at(-1) ?? 0) !== base) return "conflict" as const;
    const path = pathOf(key);
    const standing = readOrNull(versionPath(path, base));
    if ((standing === null ? null : `${base}-${sha256(standing)}`) !== etag) return "conflict" as const;
    if (!createFile(versionPath(path, base + 1), bytes)) return "conflict" as const;
    const now = highest(key);
    if (base !== 0 && !now.includes(base)) return "conflict" as const;
    for (const old of now.filter((version) => version <= base + 1 - KEPT))
      unlinkOrIgnore(versionPath(path, old));
    return { etag: `${base + 1}-${sha256(bytes)}` };
  };

  const list = async (prefix: string): Promise<string[]> => {
    const keys = (entriesOrEmpty(join(folder, checkedPrefix(prefix))) ?? [])
      .filter((entry) => !entry.name.startsWith("."))
      .filter((entry) => !entry.isDirectory() || entry.name.endsWith(VERSIONS))
      .map(({ name }) => prefix + (name.endsWith(VERSIONS) ? name.slice(0, -VERSIONS.length) : name));
    return [...new Set(keys)].sort();
  };

  return { get, create, replace, list };
};

/** What was created once is version 0 of it, should it ever be replaced. */
const versionPath = (path: string, version: number): string =>
  version === 0 ? path : join(path + VERSIONS, String(version).padStart(12, "0"));

/** temp → fsync → link → unlink → fsync of the folder. False when the name is taken; never overwrites. */
const createFile = (path: string, bytes: Uint8Array): boolean => {
  const folder = dirname(path);
  const temporary = join(folder, `.tmp-${process.pid}-${randomBytes(6).toString("hex")}`);
  try {
    writeSynced(temporary, bytes, folder);
    try {
      linkSync(temporary, path);
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      throw error;
    } finally {
      unlinkSync(temporary);
    }
    syncFolder(folder);
    return true;
  } catch (error) {
    throw machineError(error, path) ?? error;
  }
};

const writeSynced = (path: string, bytes: Uint8Array, folder: string): void => {
  let file: number;
  try {
    file = openSync(path, "wx", 0o600);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    mkdirSync(folder, { recursive: true });
    file = openSync(path, "wx", 0o600);
  }
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } catch (error) {
    unlinkOrIgnore(path);
    throw error;
  } finally {
    closeSync(file);
  }
};

const syncFolder = (folder: string): void => {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

const readOrNull = (path: string): Uint8Array | null => {
  try {
    return readFileSync(path);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "")) return null;
    throw machineError(error, path) ?? error;
  }
};

const listOrEmpty = (path: string): string[] | null => entriesOrEmpty(path)?.map(({ name }) => name) ?? null;

const entriesOrEmpty = (path: string): Dirent[] | null => {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "")) return null;
    throw machineError(error, path) ?? error;
  }
};

const unlinkOrIgnore = (path: string): void => {
  try {
    unlinkSync(path);
  } catch {
    // Another writer tidied it away, or it never was: the object itself is not at stake.
  }
};
