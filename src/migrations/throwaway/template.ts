import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chown, lstat, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../domain/errors.ts";
import { initdbArguments, SERVER_ENV } from "../../postgres/initdb.ts";
import type { PostgresPrograms } from "../../postgres/find-programs.ts";
import type { ServerUser } from "../../postgres/server-user.ts";

export const SUPERUSER = "rehearsal";

/** A data folder that was initialised once and is copied for each server. */
export interface Template {
  data: string;
  password: string;
}

/** A folder of ours that no other user may write; its names in a shared place are anybody's to take. */
export const ownFolder = async (path: string): Promise<string> => {
  await mkdir(path, { mode: 0o711 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  const stat = await lstat(path);
  if (stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0) return path;
  throw new AppError("REHEARSAL_IMPOSSIBLE", `${path} belongs to somebody else, or others may write it`, {
    hint: `remove it, or set TMPDIR to another folder`,
  });
};

const initdb = (programs: PostgresPrograms, argv: string[], user: ServerUser | null): Promise<void> =>
  new Promise((resolve, reject) => {
    const options = { ...user, cwd: "/", env: SERVER_ENV };
    execFile(join(programs.bin, "initdb"), argv, options, (error, stdout, stderr) => {
      if (error === null) return resolve();
      const lines = `${stdout}\n${stderr}`.trim().split("\n").slice(-20);
      const full = lines.some((line) => /No space left on device/.test(line));
      reject(
        new AppError("REHEARSAL_IMPOSSIBLE", "a PostgreSQL for rehearsals could not be initialised", {
          hint: full ? "the disk is full: free some 60 MB" : "see the server's words above",
          context: { lines },
          cause: error,
        }),
      );
    });
  });

const make = async (
  draft: string,
  { programs, user }: { programs: PostgresPrograms; user: ServerUser | null },
): Promise<void> => {
  const data = join(draft, "data");
  const passwordFile = join(draft, "password");
  const password = randomBytes(24).toString("hex");
  await mkdir(draft, { mode: 0o711 });
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user !== null) for (const path of [data, passwordFile]) await chown(path, user.uid, user.gid);
  await initdb(
    programs,
    [...initdbArguments({ data, superuser: SUPERUSER, passwordFile, major: programs.major }), "--no-sync"],
    user,
  );
  if (user !== null) await chown(passwordFile, process.getuid!(), process.getgid!());
  await writeFile(join(draft, "files"), String(await countFiles(data)), { mode: 0o600 });
};

const countFiles = async (folder: string): Promise<number> =>
  (await readdir(folder, { recursive: true }).catch(() => [])).length;

/** Temporary folders are swept at times, file by file. */
const isWhole = async (folder: string): Promise<boolean> => {
  const told = await readFile(join(folder, "files"), "utf8").catch(() => "");
  return told !== "" && Number(told) === (await countFiles(join(folder, "data")));
};

/** Servers that are being copied from it just now fail; that is told. */
const discard = async (folder: string): Promise<void> => {
  const aside = `${folder}.${randomBytes(6).toString("hex")}`;
  await rename(folder, aside).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  await rm(aside, { recursive: true, force: true });
};

/**
 * The template of these programs, made at first use; it appears whole or not at all, and many processes may ask at once.
 * Throws REHEARSAL_IMPOSSIBLE.
 */
export const ensureTemplate = async (
  programs: PostgresPrograms,
  { user }: { user: ServerUser | null },
): Promise<Template> => {
  const root = await ownFolder(join(tmpdir(), `switchback-rehearsal-${process.getuid?.() ?? 0}`));
  const options = initdbArguments({
    data: "",
    superuser: SUPERUSER,
    passwordFile: "",
    major: programs.major,
  });
  const name = createHash("sha256")
    .update(JSON.stringify([programs.bin, programs.version, user?.uid, options]))
    .digest("hex");
  const folder = join(root, `${programs.version}-${name.slice(0, 12)}`);
  const read = async (): Promise<Template | null> => {
    const password = await readFile(join(folder, "password"), "utf8").catch(() => null);
    return password !== null && (await isWhole(folder)) ? { data: join(folder, "data"), password } : null;
  };
  const found = await read();
  if (found !== null) return found;
  // What the machine's tidying left of one is of no use.
  await discard(folder);
  const draft = `${folder}.${randomBytes(6).toString("hex")}`;
  try {
    await make(draft, { programs, user });
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Somebody else finished the same template first.
    if ((await read()) === null) throw error;
  }
  return (await read())!;
};
