import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AppError, isAppError } from "../../domain/errors.ts";
import type { LocalFacts, LocalState, Refusal } from "../../ports/inspector.ts";
import { supervisorOn } from "./connect.ts";
import { judgeData } from "./postgres/data-folder.ts";
import { holderOf, takeLock } from "./process-lock.ts";
import { readSecrets } from "./secrets-file.ts";
import { pidFileOf, RECORD_FILE } from "./supervisor/socket-path.ts";
import { readState } from "./supervisor/state.ts";
import { processesBelow } from "./stray-processes.ts";

export interface LocalPlaces {
  stateDir: string;
  socketPath: string;
  secretsFile: string;
}

/** The supervisor, its files, its processes, the database's folder and the secrets file, as they are. Changes nothing. */
export const lookAtLocal = async (places: LocalPlaces): Promise<LocalFacts> => {
  const { stateDir, socketPath } = places;
  const holder = await holderOf(join(stateDir, "lock"));
  const info = await supervisorOn(socketPath).catch(() => null);
  // One that answers runs, also when somebody deleted its folder and its lock with it.
  const pid = holder?.pid ?? info?.pid ?? null;
  const names = namesIn(join(stateDir, "environments"));
  return {
    supervisor: pid,
    answers: pid === null || info !== null,
    stale:
      pid === null
        ? [socketPath, pidFileOf(socketPath), join(stateDir, RECORD_FILE)].filter((path) => existsSync(path))
        : [],
    unreadable: ["gateway.json", "backing.json"]
      .map((name) => join(stateDir, name))
      .filter((file) => existsSync(file) && !isJson(file)),
    states: names
      .filter((name) => name.endsWith(".json"))
      .map((name) => stateIn(join(stateDir, "environments", name))),
    setAside: names
      .filter((name) => name.includes(".json.damaged-"))
      .map((name) => join(stateDir, "environments", name)),
    strays: pid === null ? await straysOf(stateDir) : [],
    database: await databaseIn(stateDir),
    secrets: await secretsOf(places.secretsFile),
  };
};

const stateIn = (file: string): LocalState => {
  const environment = basename(file, ".json");
  const state = readState(readFileSync(file, "utf8"), file);
  return {
    environment,
    file,
    state: state !== "damaged" && state.environment === environment ? state : null,
  };
};

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);

const isJson = (file: string): boolean => {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
};

const straysOf = (stateDir: string) => processesBelow([stateDir, dataFolderIn(stateDir)]);

/** As the server's start finds it: beside the project when a link of text says so. */
const dataFolderIn = (stateDir: string): string => {
  const folder = join(stateDir, "postgres");
  const elsewhere = join(folder, "data-is-elsewhere.txt");
  return existsSync(elsewhere) ? readFileSync(elsewhere, "utf8").trim() : join(folder, "data");
};

const databaseIn = async (stateDir: string): Promise<LocalFacts["database"]> => {
  const data = dataFolderIn(stateDir);
  if (!existsSync(data)) return null;
  const written = existsSync(join(data, "PG_VERSION"))
    ? readFileSync(join(data, "PG_VERSION"), "utf8").trim()
    : "";
  try {
    // Of which version is the configuration's to say; here it is only asked whether its marks are there.
    await judgeData(data, Number(written));
    const passwords = join(stateDir, "postgres/passwords.json");
    if (!isJson(passwords))
      return refused(data, {
        what: `${passwords} is gone or damaged, so the database cannot be opened`,
        hint: `restore it from a backup, or remove ${data} to begin with an empty database`,
      });
    return { folder: data, refused: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return refused(data, {
      what: "a part of the data folder is missing",
      hint: error.hint ?? "restore it from a backup",
    });
  }
};

const refused = (folder: string, why: Refusal) => ({ folder, refused: why });

const secretsOf = async (file: string): Promise<LocalFacts["secrets"]> => {
  try {
    await readSecrets(file);
    return { file, refused: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const loosePaths = isAppError(error, "SECRETS_UNSAFE") ? looseOf(file) : [];
    const what = error.message
      .replace(file, "")
      .replace(/^ ?the secrets file ?/, "")
      .trim();
    return { file, refused: { what, hint: error.hint ?? "look at the file", loosePaths } };
  }
};

/** Of those that are one's own and no links: rights can be taken away from others without asking. */
const looseOf = (file: string): string[] =>
  [dirname(file), file].filter((path) => {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    const own =
      stats !== undefined && !stats.isSymbolicLink() && stats.uid === (process.getuid?.() ?? stats.uid);
    return own && (stats.mode & 0o077) !== 0;
  });

/** Removes what a killed supervisor left. Its lock is held meanwhile, so none starts. False: one runs. */
export const forgetSupervisor = async (stateDir: string, paths: string[]): Promise<boolean> => {
  const lock = await takeLock(join(stateDir, "lock"));
  if (lock.type === "held") return false;
  try {
    for (const path of paths) rmSync(path, { force: true });
    return true;
  } finally {
    await lock.release();
  }
};

/** Only those that are still found so: with no supervisor, below the project, marked. Services at once, a database in order. */
export const endStrays = async (stateDir: string, pids: number[]): Promise<void> => {
  if ((await holderOf(join(stateDir, "lock"))) !== null) return;
  for (const { pid, command } of await straysOf(stateDir)) {
    if (!pids.includes(pid)) continue;
    try {
      // SIGQUIT: PostgreSQL ends at once, and recovers at its next start.
      process.kill(pid, /(^|\/)postgres\b/.test(command) ? "SIGQUIT" : "SIGKILL");
    } catch {
      // It ended by itself.
    }
  }
};

export const makePrivate = async (paths: string[]): Promise<void> => {
  for (const path of paths) await chmod(path, lstatSync(path).isDirectory() ? 0o700 : 0o600);
};

/** Of state files and the lock: `<file>.<process>-<random>.tmp` and `.<process>-<random>`. */
const TEMPORARY = /^(?:.+)?\.(\d+)-[0-9a-f]{8,12}(?:\.tmp)?$/;

/** What writers of the supervisor's own files gave a name of their own before the file had its own. */
export const temporariesIn = (stateDir: string): { path: string; pid: number; modifiedMs: number }[] =>
  ["", "environments", "lock"].flatMap((part) =>
    namesIn(join(stateDir, part)).flatMap((name) => {
      const match = TEMPORARY.exec(name);
      const path = join(stateDir, part, name);
      const stats = match === null ? undefined : lstatSync(path, { throwIfNoEntry: false });
      return match === null || stats === undefined
        ? []
        : [{ path, pid: Number(match[1]), modifiedMs: stats.mtimeMs }];
    }),
  );
