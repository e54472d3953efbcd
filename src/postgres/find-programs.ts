import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { ensureBinaries } from "./native-binaries.ts";
import { findNativePackage } from "./native-package.ts";
import type { ServerUser } from "./server-user.ts";

/** The programs of one PostgreSQL server. */
export interface PostgresPrograms {
  /** Folder with `postgres` and `initdb`. */
  bin: string;
  major: number;
  /** "18.4" */
  version: string;
  origin: "system" | "package";
  /** Libraries that can be preloaded, such as pg_stat_statements. */
  preloadable: string[];
}

const SYSTEM_PLACES = (major: number): string[] => [
  `/usr/lib/postgresql/${major}/bin`, // Debian, Ubuntu
  `/usr/pgsql-${major}/bin`, // the PostgreSQL project's RPMs
  `/opt/homebrew/opt/postgresql@${major}/bin`,
  `/usr/local/opt/postgresql@${major}/bin`,
  `/usr/libexec/postgresql${major}`, // Alpine
];

const PRELOADABLE = ["pg_stat_statements"];

const versionOf = (bin: string): Promise<string | null> =>
  new Promise((resolve) => {
    execFile(join(bin, "postgres"), ["--version"], { env: {}, timeout: 10_000 }, (error, stdout) => {
      resolve(error === null ? (/ (\d+(?:\.\d+)?)/.exec(stdout)?.[1] ?? null) : null);
    });
  });

const has = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const preloadableIn = async (bin: string): Promise<string[]> => {
  const lib = join(dirname(bin), "lib");
  const found = await Promise.all(
    PRELOADABLE.map(async (name) => {
      const places = [lib, join(lib, "postgresql")].flatMap((folder) =>
        ["so", "dylib"].map((ending) => join(folder, `${name}.${ending}`)),
      );
      return (await Promise.all(places.map(has))).some(Boolean);
    }),
  );
  return PRELOADABLE.filter((_, index) => found[index]);
};

/** A server of that major that the machine has itself, proved by asking it; null when there is none. */
const findSystemPrograms = async (major: number, path: string): Promise<PostgresPrograms | null> => {
  const named = path.split(delimiter).filter((folder) => isAbsolute(folder));
  for (const bin of [...SYSTEM_PLACES(major), ...named]) {
    if (!(await has(join(bin, "initdb")))) continue;
    const version = await versionOf(bin);
    if (version === null || Number.parseInt(version, 10) !== major) continue;
    return { bin, major, version, origin: "system", preloadable: await preloadableIn(bin) };
  }
  return null;
};

/**
 * The programs of a PostgreSQL of this major version: the machine's own, where its distribution puts them or in a folder of
 * `path` (as PATH has them), before those of the npm package. Throws
 * DATABASE_ABSENT with the command that installs one.
 */
export const findPrograms = async (
  major: number,
  { packagesFrom, user, path = "" }: { packagesFrom: string[]; user: ServerUser | null; path?: string },
): Promise<PostgresPrograms> => {
  const system = await findSystemPrograms(major, path);
  if (system !== null) return system;
  const found = findNativePackage(major, packagesFrom);
  const bin = join(await ensureBinaries(found, { user }), "bin");
  const version = found.version.replace(/^(\d+\.\d+).*/, "$1");
  return { bin, major, version, origin: "package", preloadable: await preloadableIn(bin) };
};
