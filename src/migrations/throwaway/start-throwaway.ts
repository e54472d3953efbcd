import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { Client, escapeLiteral } from "pg";
import { AppError } from "../../domain/errors.ts";
import type { Clock } from "../../ports/clock.ts";
import { findPrograms, type PostgresPrograms } from "../../postgres/find-programs.ts";
import { installCommand } from "../../postgres/native-package.ts";
import { findLoopbackPort } from "../../postgres/loopback-port.ts";
import { serverUser, type ServerUser } from "../../postgres/server-user.ts";
import { launch } from "./launch.ts";
import { makeDataFolder } from "./memory.ts";
import { ensureTemplate, SUPERUSER } from "./template.ts";
import type { Login, ThrowawayServer } from "./types.ts";

export interface ThrowawayOptions {
  /** Major version, that of the target. */
  major: number;
  clock: Clock;
  signal: AbortSignal;
  /** Files or folder URLs from which the npm package is looked for, before the one that came with Switchback. */
  packagesFrom?: string[];
  /** Folders in which a server of the machine is looked for beside the usual ones, as PATH has them. */
  path?: string;
  /** Folders for the data, the first with room is taken; memory where there is some, unless told otherwise. */
  places?: string[];
}

const READY_WITHIN_MS = 30_000;
const MAX_ATTEMPTS = 10;

/**
 * A PostgreSQL of that major, in memory, for one rehearsal. It never outlives this process, not even after SIGKILL, and
 * leaves no file. Safe to start many at once. Throws REHEARSAL_IMPOSSIBLE with what to install, or the server's last words.
 */
export const startThrowaway = async (options: ThrowawayOptions): Promise<ThrowawayServer> => {
  const { major, packagesFrom = [], path = "", signal } = options;
  const user = serverUser();
  const programs = await findPrograms(major, {
    packagesFrom: [...packagesFrom, import.meta.url],
    user,
    path,
  }).catch((error: unknown) => rethrow(error, major));
  const template = await ensureTemplate(programs, { user });
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    signal.throwIfAborted();
    const started = await startOnce({ ...options, programs, user, template: template.data });
    if (started === "port-taken") continue;
    const password = randomBytes(24).toString("hex");
    await changePassword(started, { from: template.password, to: password });
    return serverOf(started, programs, password);
  }
  throw new AppError("REHEARSAL_IMPOSSIBLE", "no port stayed free until PostgreSQL had started", {
    hint: "try again",
  });
};

const rethrow = (error: unknown, major: number): never => {
  if (!(error instanceof AppError)) throw error;
  const command = installCommand(major);
  const others = `a server of the machine is found, too: apt-get install postgresql-${major}`;
  throw new AppError(
    "REHEARSAL_IMPOSSIBLE",
    `there is no PostgreSQL ${major} to rehearse on: ${error.message}`,
    {
      hint: command === null ? others : `install it with: ${command} (${others})`,
      cause: error,
    },
  );
};

interface Started {
  port: number;
  keeper: ChildProcess;
}

const startOnce = async (
  options: ThrowawayOptions & { programs: PostgresPrograms; user: ServerUser | null; template: string },
): Promise<Started | "port-taken"> => {
  const { programs, user, template, clock, signal, places } = options;
  const data = await makeDataFolder(user, places);
  const port = await findLoopbackPort(null);
  const keeper = launch({ programs, user, template, data, port });
  const { state, lines } = await untilReady(keeper, { clock, signal });
  if (state === "ready") return { port, keeper };
  await end(keeper);
  signal.throwIfAborted();
  if (lines.some((line) => /Address already in use/.test(line))) return "port-taken";
  const full = lines.some((line) => /No space left on device/.test(line));
  throw new AppError(
    "REHEARSAL_IMPOSSIBLE",
    full ? `there is no room for a PostgreSQL at ${data}` : "PostgreSQL for the rehearsal did not start",
    { hint: full ? "free some 100 MB" : "see the server's words", context: { lines } },
  );
};

/** The template's password opens every copy of it; from now on, not this one. */
const changePassword = async (
  { port, keeper }: Started,
  { from, to }: { from: string; to: string },
): Promise<void> => {
  const login = { host: "127.0.0.1", port, user: SUPERUSER, password: from, database: "postgres" };
  const client = new Client({ ...login, connectionTimeoutMillis: 10_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query(`ALTER ROLE ${SUPERUSER} PASSWORD ${escapeLiteral(to)}`);
  } catch (cause) {
    await end(keeper);
    throw new AppError("REHEARSAL_IMPOSSIBLE", "PostgreSQL for the rehearsal did not let its superuser in", {
      hint: "try again; when it stays so, remove the folder switchback-rehearsal-… in the temporary folder",
      cause,
    });
  } finally {
    await client.end().catch(() => {});
  }
};

/** By the server's own word: it listens once it has said so. */
const untilReady = (
  keeper: ChildProcess,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<{ state: "ready" | "ended" | "late"; lines: string[] }> =>
  new Promise((resolve) => {
    const lines: string[] = [];
    const timer = new AbortController();
    const settle = (state: "ready" | "ended" | "late"): void => {
      timer.abort();
      resolve({ state, lines });
    };
    createInterface({ input: keeper.stderr! }).on("line", (line) => {
      lines.push(line);
      if (lines.length > 40) lines.shift();
      if (/database system is ready to accept connections/.test(line)) settle("ready");
    });
    keeper.once("error", (error) => {
      lines.push(error.message);
      settle("ended");
    });
    keeper.once("close", () => settle("ended"));
    void clock
      .sleep(READY_WITHIN_MS, AbortSignal.any([timer.signal, signal]))
      .then(() => settle("late"))
      .catch(() => settle("ended"));
  });

/** Ends the keeper's input, which is its word to end the server and to remove the data. */
const end = (keeper: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (keeper.exitCode !== null || keeper.signalCode !== null || keeper.pid === undefined) return resolve();
    keeper.once("close", () => resolve());
    keeper.stdin!.on("error", () => {}).end();
  });

const serverOf = (
  { port, keeper }: Started,
  programs: PostgresPrograms,
  password: string,
): ThrowawayServer => {
  const superuser: Login = { user: SUPERUSER, password };
  let stopping: Promise<void> | null = null;
  return {
    host: "127.0.0.1",
    port,
    major: programs.major,
    version: programs.version,
    origin: programs.origin,
    superuser,
    url: (database, { user, password } = superuser) =>
      `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`,
    stop: () => (stopping ??= end(keeper)),
  };
};
