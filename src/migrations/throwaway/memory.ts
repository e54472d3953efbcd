import { randomBytes } from "node:crypto";
import { chown, lstat, mkdir, readdir, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerUser } from "../../postgres/server-user.ts";

const MEMORY = "/dev/shm";
/** A copied template, and room for what a rehearsal makes. */
const NEEDED_BYTES = 512 * 1024 * 1024;
const PREFIX = "switchback-rehearsal-";

const hasRoom = async (folder: string): Promise<boolean> => {
  const stat = await statfs(folder).catch(() => null);
  return stat !== null && stat.bavail * stat.bsize >= NEEDED_BYTES;
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

/** What a machine's crash left: folders of ours whose process is gone. A number that was given anew keeps one a while longer. */
const sweep = async (place: string, user: ServerUser | null): Promise<void> => {
  const owner = user?.uid ?? process.getuid?.();
  for (const name of await readdir(place).catch(() => [] as string[])) {
    const pid = Number(name.startsWith(PREFIX) ? name.slice(PREFIX.length).split("-")[0] : Number.NaN);
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    const path = join(place, name);
    const stat = await lstat(path).catch(() => null);
    if (stat?.isDirectory() === true && stat.uid === owner) await rm(path, { recursive: true, force: true });
  }
};

/** An empty folder for one server, in memory where there is room, which its user owns and nobody else may enter. */
export const makeDataFolder = async (user: ServerUser | null): Promise<string> => {
  const place = (await hasRoom(MEMORY)) ? MEMORY : tmpdir();
  await sweep(place, user);
  const data = join(place, `${PREFIX}${process.pid}-${randomBytes(6).toString("hex")}`);
  await mkdir(data, { mode: 0o700 });
  if (user !== null) await chown(data, user.uid, user.gid);
  return data;
};
