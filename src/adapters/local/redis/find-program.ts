import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { promisify } from "node:util";

export interface FoundProgram {
  file: string;
  /** "redis-server 7.0.15" */
  version: string;
}

const NAMES = ["valkey-server", "redis-server"];

const isProgram = async (file: string): Promise<boolean> => {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
};

/** Valkey before Redis, earlier folders before later ones. A program that cannot tell its version cannot run here. */
export const findProgram = async (path: string): Promise<FoundProgram | null> => {
  const folders = path.split(":").filter((folder) => isAbsolute(folder));
  for (const name of NAMES) {
    for (const folder of folders) {
      const file = join(folder, name);
      if (!(await isProgram(file))) continue;
      const told = await promisify(execFile)(file, ["--version"], { env: {}, timeout: 10_000 }).catch(
        () => null,
      );
      const number = /\bv=(\S+)/.exec(told?.stdout ?? "")?.[1];
      if (number !== undefined) return { file, version: `${name} ${number}` };
    }
  }
  return null;
};
