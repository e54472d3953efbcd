import { AppError } from "../../domain/errors.ts";

const HINTS: Record<string, string> = {
  ENOSPC: "free some space on its disk, then run the command again",
  EDQUOT: "free some space in your quota, then run the command again",
  EROFS: "its file system is mounted read-only; mount it writable, or choose another folder",
  EACCES: "give this user the right to write there",
  EPERM: "give this user the right to write there",
  EEXIST: "a file stands where a folder is needed; move it away",
  ENOTDIR: "a file stands where a folder is needed; move it away",
};

export const errnoOf = (error: unknown): string | null =>
  error instanceof Error && "code" in error && typeof error.code === "string" && "errno" in error
    ? error.code
    : null;

/** A failed write below `folder`, as STORE_UNWRITABLE with what to do; anything that no system call said is left as it is. */
export const unwritable = (folder: string, error: unknown): unknown => {
  const errno = errnoOf(error);
  if (errno === null || error instanceof AppError) return error;
  return new AppError("STORE_UNWRITABLE", `${folder} cannot be written: ${(error as Error).message}`, {
    hint: HINTS[errno] ?? "look at the folder and its disk, then run the command again",
    context: { folder, errno },
    cause: error,
  });
};
