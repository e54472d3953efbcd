import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { chmod, copyFile, lstat, mkdir, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { AppError } from "../domain/errors.ts";
import type { NativePackage } from "./native-package.ts";
import { canReach, type ServerUser } from "./server-user.ts";

const COPY_NAMES = 8;

interface Link {
  source: string;
  target: string;
}

/** The package leaves out its links to libraries, which npm cannot carry; its install script would make them. */
const linksOf = async (native: string): Promise<Link[]> => {
  const text = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  return JSON.parse(text) as Link[];
};

const atRoot = (native: string, path: string): string => join(native, path.replace(/^native\//, ""));

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Paths below the folder, a folder before what is in it. */
const listBelow = async (folder: string): Promise<{ path: string; isFolder: boolean; isFile: boolean }[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .map((entry) => ({
      path: relative(folder, join(entry.parentPath, entry.name)),
      isFolder: entry.isDirectory(),
      isFile: entry.isFile(),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));

const copyTo = async (native: string, folder: string): Promise<void> => {
  await chmod(folder, 0o755);
  for (const { path, isFolder, isFile } of await listBelow(native)) {
    const target = join(folder, path);
    if (isFolder) {
      await mkdir(target);
      await chmod(target, 0o755); // whatever the umask says: another user runs this
    } else if (isFile) {
      await copyFile(join(native, path), target, constants.COPYFILE_FICLONE);
      await chmod(target, 0o755);
    }
  }
  for (const { source, target } of await linksOf(native)) {
    const link = atRoot(folder, target);
    await symlink(relative(dirname(link), atRoot(folder, source)), link);
  }
};

/** "ours": whole and made by this user. Names in the temporary folder are anybody's to take, and it is swept at times. */
const judgeCopy = async (
  native: string,
  copy: string,
): Promise<"absent" | "foreign" | "damaged" | "ours"> => {
  const stat = await lstat(copy).catch(() => null);
  if (stat === null) return "absent";
  // Nobody else can have put a file into a folder that is ours and that others cannot write.
  if (!stat.isDirectory() || stat.uid !== process.getuid?.() || (stat.mode & 0o022) !== 0) return "foreign";
  const links = (await linksOf(native)).map(({ target }) => relative(native, atRoot(native, target)));
  const wanted = new Set([...(await listBelow(native)).map(({ path }) => path), ...links]);
  for (const { path } of await listBelow(copy)) wanted.delete(path);
  return wanted.size === 0 ? "ours" : "damaged";
};

const makeCopy = async (native: string, copy: string): Promise<void> => {
  const temporary = `${copy}.${randomBytes(6).toString("hex")}`;
  await mkdir(temporary, { mode: 0o755 });
  try {
    await copyTo(native, temporary);
    await rename(temporary, copy);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Somebody else finished the same copy first.
    if ((await judgeCopy(native, copy)) !== "ours") throw error;
  }
};

/** A server that still runs from a damaged copy keeps the files that it has open. */
const discard = async (copy: string): Promise<void> => {
  const aside = `${copy}.${randomBytes(6).toString("hex")}`;
  await rename(copy, aside).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error; // somebody else was faster
  });
  await rm(aside, { recursive: true, force: true });
};

const ensureCopy = async ({ native, version }: NativePackage, copiesIn: string): Promise<string> => {
  const base = join(copiesIn, `switchback-postgres-${version}-${process.getuid?.()}`);
  for (let number = 0; number < COPY_NAMES; number++) {
    const copy = number === 0 ? base : `${base}-${number}`;
    const found = await judgeCopy(native, copy);
    if (found === "foreign") continue;
    if (found === "damaged") await discard(copy);
    if (found !== "ours") await makeCopy(native, copy);
    return copy;
  }
  throw new AppError("DATABASE_ABSENT", `${base} and the names after it are taken by other users`, {
    hint: `ask them to remove what stands there, or set TMPDIR to another folder`,
  });
};

/**
 * A folder with bin, lib and share that the server's user can run, libraries linked: the package itself when it is so
 * already, or else a copy in the temporary folder, made once for each version and user. (Libraries in a folder that the
 * server's user cannot read show up as a missing libssl.) Safe to call at once from many processes.
 */
export const ensureBinaries = async (
  found: NativePackage,
  { user, copiesIn = tmpdir() }: { user: ServerUser | null; copiesIn?: string },
): Promise<string> => {
  const { native } = found;
  const linked = await Promise.all(
    (await linksOf(native)).map(({ target }) => exists(atRoot(native, target))),
  );
  if (linked.every(Boolean) && (await canReach(join(native, "lib"), user))) return native;
  const copy = await ensureCopy(found, copiesIn);
  if (await canReach(join(copy, "lib"), user)) return copy;
  throw new AppError(
    "DATABASE_ABSENT",
    `PostgreSQL does not run as root, and no other user may enter ${copiesIn}`,
    {
      hint: "set TMPDIR to a folder that all users may enter, such as /tmp",
    },
  );
};
