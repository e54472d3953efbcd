import { rmSync } from "node:fs";
import { machineError } from "../../domain/errors.ts";

/** They are gone when it returns, whether or not they were there. Throws STORE_UNWRITABLE. */
export const removeFiles = (paths: string[]): void => {
  for (const path of paths)
    try {
      rmSync(path, { force: true });
    } catch (error) {
      throw machineError(error, path) ?? error;
    }
};
