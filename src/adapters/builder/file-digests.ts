import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  type BigIntStats,
} from "node:fs";
import { setImmediate } from "node:timers/promises";
import { sha256, type Digest } from "../../domain/digest.ts";
import { readCache, writeCache } from "./cache-file.ts";
import { below } from "./project-path.ts";

/** What a source file is: kind, executable bit and content; equal on every machine for equal content. */
export type FileState = `file ${Digest}` | `executable ${Digest}` | `link ${Digest}`;

export interface FileDigests {
  /** Null when there is no such file, as for one that git still tracks; other kinds (pipes, sockets) count as absent too. */
  stateOf(path: string): Promise<FileState | null>;
  /** Keeps what was learnt for the next run. A cache that cannot be written is slower, nothing else. */
  save(): void;
}

export interface FileDigestsOptions {
  /** Real path; files are remembered by their path below it. */
  projectDir: string;
  cacheFile: string;
  nowMs: () => number;
}

// A file that was changed this shortly before it was read may be changed again with the same time stamp (file systems count
// in steps of up to 2 s), and would then be taken for unchanged. Git calls such entries racy.
const RACY_NS = 2_000_000_000n;
const SLICE_MS = 8;
const PIECE_BYTES = 1 << 18;
const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Digests of files, read again only when size, times or inode differ from the last time. */
export const makeFileDigests = ({ projectDir, cacheFile, nowMs }: FileDigestsOptions): FileDigests => {
  const known = new Map((readCache(cacheFile) ?? []) as [string, Remembered][]);
  const learnt = new Map<string, Remembered>();
  let changed = false;
  let sliceStarted = performance.now();
  const contentOf = (path: string, stats: BigIntStats): Digest | null => {
    const name = below(projectDir, path);
    const stamp = stampOf(stats);
    const before = learnt.get(name) ?? known.get(name);
    if (before !== undefined && before[0] === stamp) {
      learnt.set(name, before);
      return before[1];
    }
    const startedNs = BigInt(Math.floor(nowMs())) * 1_000_000n;
    const read = readStable(path);
    if (read === null) return null;
    const newest = read.stats.mtimeNs > read.stats.ctimeNs ? read.stats.mtimeNs : read.stats.ctimeNs;
    if (read.stable && newest + RACY_NS < startedNs) {
      learnt.set(name, [stampOf(read.stats), read.digest]);
      changed = true;
    }
    return read.digest;
  };
  return {
    async stateOf(path) {
      if (performance.now() - sliceStarted > SLICE_MS) {
        await setImmediate();
        sliceStarted = performance.now();
      }
      const stats = statOf(path);
      if (stats?.isSymbolicLink()) return `link ${sha256(readlinkSync(path, "buffer"))}`;
      if (!stats?.isFile()) return null;
      const digest = contentOf(path, stats);
      if (digest === null) return null;
      return (stats.mode & 0o100n) === 0n ? `file ${digest}` : `executable ${digest}`;
    },
    save() {
      if (changed || learnt.size !== known.size) writeCache(cacheFile, [...learnt]);
    },
  };
};

type Remembered = [stamp: string, digest: Digest];

const stampOf = ({ size, mtimeNs, ctimeNs, ino }: BigIntStats): string =>
  `${size} ${mtimeNs} ${ctimeNs} ${ino}`;

const statOf = (path: string): BigIntStats | undefined => {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    // A folder on the way became a file: what git still tracks below it is gone.
    if (error instanceof Error && "code" in error && error.code === "ENOTDIR") return undefined;
    throw error;
  }
};

/** One try more when the file changes while it is read; after that its digest counts for this once. */
const readStable = (path: string): { digest: Digest; stats: BigIntStats; stable: boolean } | null => {
  for (let tries = 0; ; tries += 1) {
    let fd: number;
    try {
      fd = openSync(path, READ_FLAGS);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
      throw error;
    }
    try {
      const stats = fstatSync(fd, { bigint: true });
      const digest = hash(fd);
      const stable = stampOf(fstatSync(fd, { bigint: true })) === stampOf(stats);
      if (stable || tries > 0) return { digest, stats, stable };
    } finally {
      closeSync(fd);
    }
  }
};

const piece = Buffer.allocUnsafe(PIECE_BYTES);

const hash = (fd: number): Digest => {
  const whole = createHash("sha256");
  for (let read = readSync(fd, piece); read > 0; read = readSync(fd, piece))
    whole.update(piece.subarray(0, read));
  return whole.digest("hex");
};
