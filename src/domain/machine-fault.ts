/** What the machine refused, in words a person can act on. */
export interface MachineFault {
  errno: string;
  what: string;
  hint: string;
  /** Of the call that failed, when the system told it. */
  path: string | null;
}

const SPACE = "free some space, then run the command again; nothing was lost";
const RIGHTS = "give your user the right to it, then run the command again; nothing was lost";

const FAULTS: Record<string, { what: string; hint: string }> = {
  ENOSPC: { what: "the disk is full", hint: SPACE },
  EDQUOT: { what: "the disk quota is used up", hint: SPACE },
  EFBIG: { what: "the file is larger than this process may write", hint: "raise the limit: ulimit -f" },
  EROFS: {
    what: "the file system is read-only",
    hint: "mount it for writing, or work in another folder, then run the command again",
  },
  EACCES: { what: "permission is missing", hint: RIGHTS },
  EPERM: { what: "permission is missing", hint: RIGHTS },
  EIO: { what: "the disk has a fault", hint: "look at the disk (dmesg), then run the command again" },
  ENOTDIR: {
    what: "a file stands where a folder is needed",
    hint: "move the file away that stands in its place",
  },
  EISDIR: {
    what: "a folder stands where a file is needed",
    hint: "move the folder away that stands in its place",
  },
  ELOOP: { what: "links lead in a circle", hint: "remove the link that stands in its place" },
  ENAMETOOLONG: { what: "the path is too long", hint: "work in a folder with a shorter path" },
  EMFILE: { what: "too many files are open", hint: "raise the limit: ulimit -n" },
  ENFILE: { what: "too many files are open on this machine", hint: "end what holds them open" },
  ENOMEM: { what: "the memory is used up", hint: "end what uses it, then run the command again" },
};

const NO_FOLDER = {
  what: "its folder cannot be made, as the file system is read-only or the folder above it went away",
  hint: "mount it for writing, or make the folder above it, then run the command again",
};

/**
 * A fault of the machine, told by the code that the system gave; null for everything else. Pure: the one table that every
 * adapter translates by, so that a full disk reads the same wherever it is met.
 */
export const machineFaultOf = (error: unknown): MachineFault | null => {
  if (!(error instanceof Error)) return null;
  const { code, path, syscall } = error as { code?: unknown; path?: unknown; syscall?: unknown };
  // Node makes folders one by one from below, and tells a read-only disk as a folder that is missing.
  const noFolder = code === "ENOENT" && syscall === "mkdir";
  const known = noFolder
    ? NO_FOLDER
    : typeof code === "string" && Object.hasOwn(FAULTS, code)
      ? FAULTS[code]
      : undefined;
  if (known === undefined) return null;
  return { errno: code as string, ...known, path: typeof path === "string" ? path : null };
};
