import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  type BigIntStats,
} from "node:fs";
import { dirname } from "node:path";
import { AppError, isAppError } from "../../domain/errors.ts";
import { errnoOf } from "./unwritable.ts";

/** A regular file that was opened where it is said to be, and not through a link. */
export interface SourceFile {
  path: string;
  fd: number;
  stats: BigIntStats;
}

// Non-blocking, or opening a pipe that took the file's place would wait for a writer for ever.
const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Opens `<root>/<path>` (root being a real path) and makes sure that the opened file lies exactly there: neither it nor a
 * folder above it was swapped for a link since it was listed. The caller closes the descriptor.
 */
export const openSource = (root: string, path: string): SourceFile => {
  const wanted = `${root}/${path}`;
  let fd: number;
  try {
    fd = openSync(wanted, READ_FLAGS);
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    const stats = fstatSync(fd, { bigint: true });
    if (!stats.isFile()) throw unsupported(path, "it is no regular file any more");
    if (!liesAt(fd, stats, wanted)) {
      throw new AppError(
        "PATH_ESCAPES",
        `${path} is reached through a link, or was moved while it was read`,
        {
          hint: "leave the folder alone while a release is built",
          context: { path },
        },
      );
    }
    return { path, fd, stats };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
};

const liesAt = (fd: number, stats: BigIntStats, wanted: string): boolean => {
  // Linux tells where an open file lies, without a race. Elsewhere the path is looked up once more.
  if (process.platform === "linux") {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === wanted;
    } catch (error) {
      if (errnoOf(error) !== "ENOENT") throw error;
    }
  }
  const now = lstatSync(wanted, { bigint: true });
  return realpathSync(dirname(wanted)) === dirname(wanted) && now.ino === stats.ino && now.dev === stats.dev;
};

/** All bytes of a small file, or null when it changed while it was read. */
export const readWhole = (file: SourceFile): Uint8Array | null => {
  const size = Number(file.stats.size);
  // One byte more than there should be, so that a file which grew is noticed.
  const buffer = Buffer.allocUnsafe(size + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length <= size; length += read) {
    read = readPiece(file, buffer.subarray(length));
    if (length + read > size) return null;
  }
  return length === size && isUnchanged(file) ? buffer.subarray(0, size) : null;
};

/** Fills `piece` from where the file stands; 0 at its end. */
export const readPiece = (file: SourceFile, piece: Uint8Array): number => {
  try {
    return readSync(file.fd, piece);
  } catch (error) {
    throw unreadable(file.path, error);
  }
};

export const isUnchanged = ({ fd, stats }: SourceFile): boolean => {
  const now = fstatSync(fd, { bigint: true });
  return now.size === stats.size && now.mtimeNs === stats.mtimeNs && now.ctimeNs === stats.ctimeNs;
};

/** Runs `take` on the opened file; a file that changed meanwhile (null) gets one more try, then TREE_UNSUPPORTED. */
export const takeStable = async <T>(
  root: string,
  path: string,
  take: (file: SourceFile) => T | null | Promise<T | null>,
): Promise<T> => {
  for (let tries = 0; tries < 2; tries += 1) {
    const file = open(root, path, tries);
    if (file === null) continue;
    try {
      const taken = await take(file);
      if (taken !== null) return taken;
    } finally {
      closeSync(file.fd);
    }
  }
  throw unsupported(path, "it keeps changing while it is read", "stop what writes to it, then build again");
};

/** A file that is replaced while it is opened is somewhere else too; only the second time is that held to be a swap. */
const open = (root: string, path: string, tries: number): SourceFile | null => {
  try {
    return openSource(root, path);
  } catch (error) {
    if (tries === 0 && isAppError(error, "PATH_ESCAPES")) return null;
    throw error;
  }
};

export const unsupported = (path: string, why: string, hint?: string): AppError =>
  new AppError("TREE_UNSUPPORTED", `${path} cannot be stored: ${why}`, {
    ...(hint === undefined ? {} : { hint }),
    context: { path },
  });

export const unreadable = (path: string, error: unknown): unknown => {
  switch (errnoOf(error)) {
    case null:
      return error;
    case "ENOENT":
      return unsupported(path, "it is not there");
    case "ELOOP":
      return unsupported(path, "it became a link while it was read");
    case "ENXIO":
      return unsupported(path, "it is a socket or a device");
    default:
      return new AppError("TREE_UNSUPPORTED", `${path} cannot be read: ${(error as Error).message}`, {
        context: { path },
        cause: error,
      });
  }
};
