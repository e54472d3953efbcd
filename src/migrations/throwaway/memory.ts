import { randomBytes } from "node:crypto";
import { chown, lstat, mkdir, readdir, rm, statfs } from "node:fs/promises";
import { readlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerUser } from "../../postgres/server-user.ts";

/** Memory first. */
const PLACES = (): string[] => ["/dev/shm", tmpdir()];
/** A copied template, and room for what a rehearsal makes. */
const NEEDED_BYTES = 512 * 1024 * 1024;
/** Numbers of processes mean something among those that see each other: containers may share a memory folder. */
const PREFIX = (): string => {
  let space = "0";
  try {
    space = readlinkSync("/proc/self/ns/pid").replace(/\D/g, "");
  } catch {
    // Not Linux, or no /proc: one space for all.
  }
  return `switchback-rehearsal-${space}-`;
};

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
  const prefix = PREFIX();
  const owner = user?.uid ?? process.getuid?.();
  for (const name of await readdir(place).catch(() => [] as string[])) {
    const pid = Number(name.startsWith(prefix) ? name.slice(prefix.length).split("-")[0] : Number.NaN);
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    const path = join(place, name);
    const stat = await lstat(path).catch(() => null);
    if (stat?.isDirectory() === true && stat.uid === owner) await rm(path, { recursive: true, force: true });
  }
};

/** An empty folder for one server, in memory where there is room, which its user owns and nobody else may enter. */
export const makeDataFolder = async (user: ServerUser | null, places = PLACES()): Promise<string> => {
  let place = places.at(-1)!;
  for (const other of [...places].reverse()) {
    if (await hasRoom(other)) place = other;
    await sweep(other, user);
  }
  const data = join(place, `${PREFIX()}${process.pid}-${randomBytes(6).toString("hex")}`);
  await mkdir(data, { mode: 0o700 });
  if (user !== null) await chown(data, user.uid, user.gid);
  return data;
};
