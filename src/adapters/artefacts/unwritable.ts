import { AppError, machineError } from "../../domain/errors.ts";

export const errnoOf = (error: unknown): string | null =>
  error instanceof Error && "code" in error && typeof error.code === "string" && "errno" in error
    ? error.code
    : null;

/** A failed write below `folder`, as STORE_UNWRITABLE with what to do; anything that no system call said is left as it is. */
export const unwritable = (folder: string, error: unknown): unknown => {
  const errno = errnoOf(error);
  if (errno === null || error instanceof AppError) return error;
  const known = machineError(error, folder);
  if (known !== null) return known;
  return new AppError("STORE_UNWRITABLE", `${folder} cannot be written.`, {
    hint:
      errno === "EEXIST"
        ? "a file stands where a folder is needed; move it away"
        : "look at the folder and its disk, then run the command again",
    context: { folder, errno },
    cause: error,
  });
};
