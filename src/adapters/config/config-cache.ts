import { mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AppDefinition } from "../../domain/app-definition.ts";
import { readStat, sameStat } from "./file-stat.ts";
import type { CompiledInput, FileStat } from "./types.ts";

const FORMAT = 1;

interface Entry {
  format: typeof FORMAT;
  /** What besides the inputs decides the definition. */
  key: string;
  inputs: { path: string; sha256: string; stat: FileStat | null }[];
  app: AppDefinition;
}

export interface CacheKey {
  file: string;
  version: string;
  nodeEnv: string | undefined;
}

export const cacheFolder = (file: string): string => join(dirname(file), ".switchback", "cache");

const entryPath = (file: string): string => {
  const name = basename(file).replace(/^switchback\.config\.\w+$/, "");
  return join(cacheFolder(file), name === "" ? "config.json" : `config-${name}.json`);
};

/** Two builds of one version differ in this file's time: whoever works on Switchback itself gets no stale answer. */
const buildOf = (): string =>
  String(statSync(fileURLToPath(import.meta.url), { throwIfNoEntry: false })?.mtimeMs);

const keyOf = ({ file, version, nodeEnv }: CacheKey): string =>
  JSON.stringify([realpathSync.native(file), version, buildOf(), nodeEnv ?? null]);

/**
 * The definition, when every file that it was made from is as it was: same size and times, else same content. Null
 * otherwise, and whenever the cache is absent, damaged or of another version.
 */
export const readCache = async (cacheKey: CacheKey, nowMs: number): Promise<AppDefinition | null> => {
  const entry = readEntry(entryPath(cacheKey.file));
  if (entry === null || entry.key !== keyOf(cacheKey)) return null;
  let refreshed = false;
  for (const input of entry.inputs) {
    const read = readStat(input.path, nowMs);
    if (read === null) return null;
    if (input.stat !== null && sameStat(input.stat, read.stat)) continue;
    const { sha256 } = await import("../../domain/digest.ts");
    const bytes = readOrNull(input.path);
    if (bytes === null || sha256(bytes) !== input.sha256) return null;
    input.stat = read.settled ? read.stat : null;
    refreshed ||= read.settled;
  }
  if (refreshed) writeEntry(cacheKey.file, entry);
  return entry.app;
};

/** Keeps the definition for the next command. A folder that cannot be written is no error: the next command compiles again. */
export const writeCache = (cacheKey: CacheKey, inputs: CompiledInput[], app: AppDefinition): void => {
  const kept = inputs.map(({ path, sha256, stat }) => ({ path, sha256, stat }));
  writeEntry(cacheKey.file, { format: FORMAT, key: keyOf(cacheKey), inputs: kept, app });
};

/** Null for a file that cannot be read: the compiler, which comes next, says why. */
const readOrNull = (path: string): Buffer | null => {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
};

const readEntry = (path: string): Entry | null => {
  try {
    const entry = JSON.parse(readFileSync(path, "utf8")) as Partial<Entry> | null;
    return entry?.format === FORMAT && Array.isArray(entry.inputs) && entry.app !== undefined
      ? (entry as Entry)
      : null;
  } catch {
    // Absent, unreadable or cut short: all the same, it is made again.
    return null;
  }
};

const writeEntry = (file: string, entry: Entry): void => {
  const path = entryPath(file);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    prepareCacheFolder(file);
    writeFileSync(temporary, JSON.stringify(entry), { mode: 0o600 });
    renameSync(temporary, path);
  } catch {
    // Read-only checkouts and full disks work without a cache.
    removeQuietly(temporary);
  }
};

/** The folder keeps itself out of git. Throws when it cannot be made. */
export const prepareCacheFolder = (file: string): string => {
  const folder = cacheFolder(file);
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, ".gitignore"), "*\n");
  }
  return folder;
};

const removeQuietly = (path: string): void => {
  try {
    rmSync(path, { force: true });
  } catch {
    // What could not be written cannot be removed either.
  }
};
