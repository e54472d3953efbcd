import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { AppError } from "../domain/errors.ts";

/** Whom the server runs as, when not as the user who runs Switchback. */
export interface ServerUser {
  uid: number;
  gid: number;
}

/**
 * Null for a normal user. PostgreSQL refuses to run as root, so for root it is `nobody`: other programs that run as
 * nobody could read the data then, which is one more reason not to run Switchback as root. Throws DATABASE_ABSENT.
 */
export const serverUser = (): ServerUser | null => {
  if (process.getuid?.() !== 0) return null;
  // initdb looks its user up in here, so a bare number would not do.
  const entry = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .find(([name]) => name === "nobody");
  const uid = Number(entry?.[2]);
  const gid = Number(entry?.[3]);
  if (entry === undefined || !(uid > 0) || !(gid > 0))
    throw new AppError("DATABASE_ABSENT", "PostgreSQL does not run as root, and there is no user nobody", {
      hint: "run Switchback as a normal user",
    });
  return { uid, gid };
};

/** Whether the server's user gets into the folder, asked of the system itself (modes, access lists, mounts). */
export const canReach = (folder: string, user: ServerUser | null): Promise<boolean> =>
  new Promise((resolve) => {
    const options = { ...user, cwd: "/", env: {} };
    execFile("/bin/sh", ["-c", 'cd "$1" && test -r .', "sh", folder], options, (error) =>
      resolve(error === null),
    );
  });
