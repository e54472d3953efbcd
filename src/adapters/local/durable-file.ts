import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { machineError } from "../../domain/errors.ts";

/** A file system error as STORE_UNWRITABLE when a person can do something about it; anything else as it came. */
export const translateWriteError = (error: unknown, path: string): unknown =>
  machineError(error, path) ?? error;

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Makes the folder and those above it. Throws STORE_UNWRITABLE. */
export const makeFolder = async (folder: string, mode = 0o755): Promise<void> => {
  try {
    await mkdir(folder, { recursive: true, mode });
  } catch (error) {
    throw translateWriteError(error, folder);
  }
};

/** Makes its folder anew when somebody deleted it under a supervisor that runs. */
const openNew = async (file: string, mode: number): Promise<FileHandle> => {
  try {
    return await open(file, "wx", mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    await makeFolder(dirname(file), 0o700);
    return open(file, "wx", mode);
  }
};

/**
 * The file holds all of `text`, or what it held before: at any crash, and after a power cut (temp, fsync, rename, fsync
 * of the folder). Two writers at once leave one of the two texts. Throws STORE_UNWRITABLE and leaves no temporary file.
 */
export const writeDurably = async (file: string, text: string, mode = 0o644): Promise<void> => {
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
  try {
    const handle = await openNew(temporary, mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncFolder(dirname(file));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw translateWriteError(error, file);
  }
};
