import { createHash } from "node:crypto";
import {
  chmod,
  chown,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../domain/errors.ts";
import type { Clock } from "../../../ports/clock.ts";
import { makeFolder, translateWriteError, writeDurably } from "../durable-file.ts";
import { startBackingServer } from "../process/backing-server.ts";
import { initdbArguments, SERVER_ENV } from "../../../postgres/initdb.ts";
import { canReach, type ServerUser } from "../../../postgres/server-user.ts";

export const SUPERUSER = "switchback";

const FAR_PLACE = "/var/lib/switchback";

/**
 * Where the data live: `folder`/data. Only when Switchback runs as root and `folder` is below one that no other user may
 * enter (/root/app), the server's user could not reach them: then it is /var/lib/switchback/<hash of the folder>, which
 * `folder`/data-is-elsewhere.txt says. That place does not move or go with the project.
 */
export const dataFolderFor = async (folder: string, user: ServerUser | null): Promise<string> => {
  await makeFolder(folder, 0o700);
  if (user === null) return join(folder, "data");
  // The server's user has to pass through; the passwords and the log in it are files of mode 600.
  await chmod(folder, 0o711);
  if (await canEnter(folder, user)) return join(folder, "data");
  const real = await realpath(folder);
  const far = join(FAR_PLACE, createHash("sha256").update(real).digest("hex").slice(0, 16));
  await makeFolder(far);
  for (const passed of [FAR_PLACE, far]) await chmod(passed, 0o711);
  await writeDurably(join(folder, "data-is-elsewhere.txt"), `${join(far, "data")}\n`);
  return join(far, "data");
};

/** Passing through is enough: the folder itself need not be listed. */
const canEnter = async (folder: string, user: ServerUser): Promise<boolean> => {
  const probe = join(folder, ".reachable");
  await mkdir(probe, { recursive: true });
  try {
    await chmod(probe, 0o755);
    return await canReach(probe, user);
  } finally {
    await rm(probe, { recursive: true, force: true });
  }
};

/** Throws DATABASE_ABSENT when what stands there was written by another major version, or is not a whole data folder. */
export const judgeData = async (data: string, version: number): Promise<"absent" | "ready"> => {
  const names = await readdir(data).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw translateWriteError(error, data);
  });
  if (names === null) return "absent";
  const written = (await readFile(join(data, "PG_VERSION"), "utf8").catch(() => "")).trim();
  if (written === String(version) && (await stat(join(data, "global", "pg_control")).catch(() => null)))
    return "ready";
  if (written !== "" && written !== String(version))
    throw new AppError("DATABASE_ABSENT", `the data in ${data} were written by PostgreSQL ${written}`, {
      hint: `set database.version to ${written}, or remove ${data} to begin with an empty database`,
      context: { data, written, version },
    });
  throw new AppError("DATABASE_ABSENT", `the data folder ${data} is damaged: a part of it is missing`, {
    hint: `restore it from a backup, or remove ${data} to begin with an empty database`,
    context: { data },
  });
};

/** PostgreSQL says it in several ways. Throws STORE_UNWRITABLE. */
export const throwIfDiskFull = (lines: string[], folder: string): void => {
  if (!/No space left on device|Disk quota exceeded|Check free disk space/.test(lines.join("\n"))) return;
  throw new AppError(
    "STORE_UNWRITABLE",
    `the disk is full: a database needs some 60 MB, and no more are free at ${folder}`,
    {
      hint: "free some space, then run the command again",
      context: { lines },
    },
  );
};

interface InitialiseOptions {
  binaries: string;
  data: string;
  password: string;
  user: ServerUser | null;
  version: number;
  logFile: string;
}

/** The data folder appears whole or not at all. Throws STORE_UNWRITABLE (disk full) or DATABASE_ABSENT with initdb's words. */
export const initialiseData = async (
  options: InitialiseOptions,
  { clock }: { clock: Clock },
): Promise<void> => {
  const { data, password, user } = options;
  const draft = `${data}.new`;
  const passwordFile = `${data}.password`;
  try {
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { mode: 0o700 });
    await writeFile(passwordFile, "", { mode: 0o600 });
    if (user !== null) for (const path of [draft, passwordFile]) await chown(path, user.uid, user.gid);
    await writeFile(passwordFile, password);
    await runInitdb({ ...options, draft, passwordFile }, { clock });
    await rename(draft, data);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw translateWriteError(error, data);
  } finally {
    await rm(passwordFile, { force: true });
  }
};

const runInitdb = async (
  options: InitialiseOptions & { draft: string; passwordFile: string },
  { clock }: { clock: Clock },
): Promise<void> => {
  const { binaries, draft, passwordFile, user, version, logFile } = options;
  const initdb = startBackingServer(
    {
      name: "initdb",
      argv: [
        join(binaries, "bin", "initdb"),
        ...initdbArguments({ data: draft, superuser: SUPERUSER, passwordFile, major: version }),
      ],
      cwd: "/",
      env: SERVER_ENV,
      farewell: "KILL",
      logFile,
      ...(user === null ? {} : { user }),
    },
    { clock },
  );
  const { how, lines } = await initdb.exited;
  if (how === "exit code 0") return;
  throwIfDiskFull(lines, draft);
  throw new AppError("DATABASE_ABSENT", `the database could not be initialised (${how})`, {
    hint: `see ${logFile}`,
    context: { lines },
  });
};
