import { randomBytes } from "node:crypto";
import { link, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder, translateWriteError } from "./durable-file.ts";
import { identityOf, isAlive, type ProcessIdentity } from "./process-identity.ts";

export type LockResult = { type: "taken"; release(): Promise<void> } | { type: "held"; by: ProcessIdentity };

interface LockRecord {
  /** Null: given back, or never written to its end. */
  holder: ProcessIdentity | null;
}

const numbersIn = async (folder: string): Promise<number[]> => {
  const names = await readdir(folder);
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
};

const readRecord = async (file: string): Promise<LockRecord> => {
  // Empty: given back. What else cannot be read was cut by a power failure, and its process went with it.
  const text = await readFile(file, "utf8").catch(() => "");
  try {
    return JSON.parse(text) as LockRecord;
  } catch {
    return { holder: null };
  }
};

const writeTemporary = async (folder: string, record: LockRecord): Promise<string> => {
  const file = join(folder, `.${process.pid}-${randomBytes(6).toString("hex")}`);
  await writeFile(file, JSON.stringify(record));
  return file;
};

const attempt = async (folder: string, me: ProcessIdentity): Promise<LockResult | "again"> => {
  const highest = (await numbersIn(folder)).at(-1) ?? 0;
  const { holder } = highest === 0 ? { holder: null } : await readRecord(join(folder, String(highest)));
  if (holder !== null && (await isAlive(holder))) return { type: "held", by: holder };
  const mine = highest + 1;
  const file = join(folder, String(mine));
  const temporary = await writeTemporary(folder, { holder: me });
  try {
    await link(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return "again";
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  const after = await numbersIn(folder);
  if (after.at(-1) !== mine) {
    // Somebody won a later number and had already cleared this one away.
    await rm(file, { force: true });
    return "again";
  }
  for (const number of after) if (number < mine) await rm(join(folder, String(number)), { force: true });
  return {
    type: "taken",
    // Emptied, which reads as given back, and needs no room: also on a full disk a lock does not outlive its use.
    release: () =>
      truncate(file, 0).catch((error: unknown) => Promise.reject(translateWriteError(error, file))),
  };
};

/** Who holds the lock just now; null: nobody. */
export const holderOf = async (folder: string): Promise<ProcessIdentity | null> => {
  const highest = (await numbersIn(folder).catch(() => [])).at(-1);
  if (highest === undefined) return null;
  const { holder } = await readRecord(join(folder, String(highest)));
  return holder !== null && (await isAlive(holder)) ? holder : null;
};

/**
 * At most one living process holds the lock, and a process that ended in any way holds nothing: no lock is ever left for
 * a person to delete. Holders are numbered files, each created once (`link`), the highest number holds; a number whose
 * process is gone is followed, never removed first, so two that find it at once cannot both win.
 */
export const takeLock = async (folder: string): Promise<LockResult> => {
  await makeFolder(folder, 0o700);
  const me = await identityOf(process.pid);
  if (me === null) throw new Error("the own process cannot be found");
  try {
    for (;;) {
      const result = await attempt(folder, me);
      if (result !== "again") return result;
    }
  } catch (error) {
    throw translateWriteError(error, folder);
  }
};
