import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../../domain/errors.ts";

export interface SocketPlace {
  projectDir: string;
  /** `$XDG_RUNTIME_DIR`, when there is one. */
  runtimeDir: string | undefined;
  tmpdir: string;
}

/** In the state folder: where the supervisor listens. */
export const RECORD_FILE = "supervisor.json";
/** sun_path of macOS, the shorter one, without its end mark. */
const LONGEST_PATH = 103;

/** Beside the socket: which process listens on it. */
export const pidFileOf = (socketPath: string): string => socketPath.replace(/\.sock$/, ".pid");

const isPrivate = (folder: string): boolean => {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  const uid = process.getuid?.() ?? found?.uid;
  return found !== undefined && found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0;
};

/** The socket of a supervisor that another session started, with other variables. */
const recordedSocket = (projectDir: string, name: string): string | null => {
  try {
    const file = join(projectDir, ".switchback/local", RECORD_FILE);
    const { socketPath } = JSON.parse(readFileSync(file, "utf8")) as { socketPath: unknown };
    if (typeof socketPath !== "string" || !socketPath.endsWith(`/${name}`)) return null;
    const there = lstatSync(socketPath, { throwIfNoEntry: false })?.isSocket() === true;
    return there && isPrivate(join(socketPath, "..")) ? socketPath : null;
  } catch {
    // None yet, or one that cannot be used: the place that follows from the variables is as good.
    return null;
  }
};

/**
 * Where a project's supervisor listens: a short name (socket paths end at 103 bytes) in a folder that only this user may
 * enter; where it listens already, whatever the variables of this session say. Throws STORE_UNWRITABLE when somebody else
 * made that folder, or the path is too long.
 */
export const socketPathOf = ({ projectDir, runtimeDir, tmpdir }: SocketPlace): string => {
  const name = `${createHash("sha256").update(realpathSync(projectDir)).digest("hex").slice(0, 16)}.sock`;
  const recorded = recordedSocket(projectDir, name);
  if (recorded !== null) return recorded;
  const uid = process.getuid?.() ?? 0;
  const folder =
    runtimeDir === undefined || runtimeDir === "" || !isPrivate(runtimeDir)
      ? join(tmpdir, `switchback-${uid}`)
      : join(runtimeDir, "switchback");
  const socketPath = join(folder, name);
  if (Buffer.byteLength(socketPath) > LONGEST_PATH)
    throw new AppError("STORE_UNWRITABLE", `${socketPath} is too long for the name of a socket.`, {
      hint: "set TMPDIR or XDG_RUNTIME_DIR to a folder with a shorter path",
    });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!isPrivate(folder))
    throw new AppError("STORE_UNWRITABLE", `${folder} is not a private folder of this user.`, {
      hint: "remove it, or set XDG_RUNTIME_DIR to a folder of your own",
    });
  return socketPath;
};
