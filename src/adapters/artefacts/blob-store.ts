import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fchmodSync,
  fsync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { promisify } from "node:util";
import type { Digest } from "../../domain/digest.ts";
import { makeFolder } from "./make-folder.ts";
import { errnoOf } from "./unwritable.ts";

const sync = promisify(fsync);
const STALE_MS = 3_600_000;
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

export type BlobStore = ReturnType<typeof makeBlobStore>;

/**
 * Files by digest below `folder`. A file gets its name only once its bytes are on the disk, so a name never stands for
 * half a content; `settle` makes the names themselves last. Several processes may write at once: equal names mean equal bytes.
 */
export const makeBlobStore = ({ folder, nowMs }: { folder: string; nowMs: () => number }) => {
  const temporary = `${folder}/tmp`;
  const made = new Set<string>();
  let unsettled = new Set<string>();
  const ensureFolder = (path: string): void => {
    if (made.has(path)) return;
    makeFolder(path);
    made.add(path);
  };
  const open = (): Draft => {
    ensureFolder(temporary);
    const path = `${temporary}/${randomBytes(12).toString("hex")}`;
    return { fd: openSync(path, NEW_FILE, 0o600), path };
  };
  /** Makes the draft durable, then visible under `final`. Renaming over equal bytes changes nothing, and mends damaged ones. */
  const publish = async (draft: Draft, final: string): Promise<void> => {
    fchmodSync(draft.fd, 0o444);
    await sync(draft.fd);
    const parent = final.slice(0, final.lastIndexOf("/"));
    ensureFolder(parent);
    renameSync(draft.path, final);
    unsettled.add(parent);
  };
  const write = async (final: string, fill: (fd: number) => void | Promise<void>): Promise<void> => {
    const draft = open();
    let published = false;
    try {
      await fill(draft.fd);
      await publish(draft, final);
      published = true;
    } finally {
      closeSync(draft.fd);
      if (!published) rmSync(draft.path, { force: true });
    }
  };
  return {
    blobPath: (digest: Digest): string => `${folder}/blobs/${digest.slice(0, 2)}/${digest}`,
    treePath: (digest: Digest): string => `${folder}/trees/${digest}.json`,

    /** Writes what is not there in this size already: bytes of another size are damage, and are replaced. */
    async put(final: string, bytes: Uint8Array): Promise<void> {
      if (holds(final, bytes.length)) {
        // Another process may have just named it: whoever relies on the name makes the name last.
        unsettled.add(final.slice(0, final.lastIndexOf("/")));
        return;
      }
      await write(final, (fd) => writeFileSync(fd, bytes));
    },

    /** As `put`, for content that comes in pieces and whose digest is known at its end only; null: give it up. */
    async putStream(
      pieces: AsyncIterable<Uint8Array>,
      nameOf: (digest: Digest) => string | null,
    ): Promise<{ digest: Digest; bytes: number } | null> {
      const draft = open();
      let published = false;
      try {
        const { digest, bytes } = await copyAndHash(pieces, draft.fd);
        const final = nameOf(digest);
        if (final === null) return null;
        if (!holds(final, bytes)) {
          await publish(draft, final);
          published = true;
        }
        unsettled.add(final.slice(0, final.lastIndexOf("/")));
        return { digest, bytes };
      } finally {
        closeSync(draft.fd);
        if (!published) rmSync(draft.path, { force: true });
      }
    },

    /** Writes also over what is there in this size: it was found to be damaged. False: `nameOf` gave the content up. */
    async replaceStream(
      pieces: AsyncIterable<Uint8Array>,
      nameOf: (digest: Digest) => string | null,
    ): Promise<boolean> {
      const draft = open();
      let published = false;
      try {
        const final = nameOf((await copyAndHash(pieces, draft.fd)).digest);
        if (final === null) return false;
        await publish(draft, final);
        return (published = true);
      } finally {
        closeSync(draft.fd);
        if (!published) rmSync(draft.path, { force: true });
      }
    },

    /** After this, every name given so far outlives a power cut. */
    async settle(): Promise<void> {
      const touched = [...unsettled];
      unsettled = new Set();
      if (touched.length === 0) return;
      await syncFolders([...touched, `${folder}/blobs`, `${folder}/trees`, folder]);
    },

    /** Removes what writers that were killed left behind, once it is an hour old. */
    sweep(): void {
      for (const name of namesIn(temporary)) {
        const path = `${temporary}/${name}`;
        const stats = lstatSync(path, { throwIfNoEntry: false });
        if (stats !== undefined && nowMs() - stats.mtimeMs > STALE_MS) rmSync(path, { force: true });
      }
    },
  };
};

interface Draft {
  fd: number;
  path: string;
}

const copyAndHash = async (pieces: AsyncIterable<Uint8Array>, fd: number) => {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const piece of pieces) {
    hash.update(piece);
    for (let at = 0; at < piece.length;) at += writeSync(fd, piece, at);
    bytes += piece.length;
  }
  return { digest: hash.digest("hex"), bytes };
};

const holds = (path: string, bytes: number): boolean => {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats !== undefined && stats.isFile() && stats.size === bytes;
};

const syncFolders = async (folders: string[]): Promise<void> => {
  const waiting = [...folders];
  const worker = async (): Promise<void> => {
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      let fd: number;
      try {
        fd = openSync(folder, constants.O_RDONLY);
      } catch (error) {
        if (errnoOf(error) === "ENOENT") continue;
        throw error;
      }
      try {
        await sync(fd);
      } finally {
        closeSync(fd);
      }
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
};

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw error;
  }
};
