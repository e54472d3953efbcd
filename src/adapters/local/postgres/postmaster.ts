import { join } from "node:path";
import { Client } from "pg";
import { AppError } from "../../../domain/errors.ts";
import type { Clock } from "../../../ports/clock.ts";
import { findLoopbackPort } from "../../../postgres/loopback-port.ts";
import { startBackingServer, type BackingServer } from "../process/backing-server.ts";
import { SERVER_ENV } from "../../../postgres/initdb.ts";
import { SUPERUSER, throwIfDiskFull } from "./data-folder.ts";
import type { ServerUser } from "../../../postgres/server-user.ts";

const POLL_MS = 10;
const READY_WITHIN_MS = 120_000;
const MAX_ATTEMPTS = 40;

export interface PostmasterOptions {
  binaries: string;
  data: string;
  user: ServerUser | null;
  port: number | null;
  password: string;
  logFile: string;
  signal: AbortSignal | undefined;
}

export interface Postmaster {
  port: number;
  server: BackingServer;
}

/** Durability stays as PostgreSQL ships it: fsync and synchronous commits. The rest is for a machine that is shared. */
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  // A socket below a long project path would be too long for the system, and TCP is what services use.
  unix_socket_directories: "",
  shared_buffers: "64MB",
  max_connections: "100",
  max_wal_size: "512MB",
  jit: "off",
};

export const connectAs = (
  port: number,
  login: { user: string; password: string; database: string },
): Client => {
  const client = new Client({ host: "127.0.0.1", port, ...login, connectionTimeoutMillis: 5_000 });
  // A connection that breaks while idle is an event; the next query fails anyhow.
  client.on("error", () => {});
  return client;
};

const startOnce = (options: PostmasterOptions & { port: number }, clock: Clock): BackingServer =>
  startBackingServer(
    {
      name: "postgres",
      argv: [
        join(options.binaries, "bin", "postgres"),
        ...["-D", options.data, "-p", String(options.port)],
        ...Object.entries(SETTINGS).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
      ],
      cwd: "/",
      env: SERVER_ENV,
      // An immediate shutdown: nothing that was committed is lost, the next start recovers.
      farewell: "QUIT",
      logFile: options.logFile,
      ...(options.user === null ? {} : { user: options.user }),
    },
    { clock },
  );

const answers = async (port: number, password: string): Promise<boolean> => {
  const client = connectAs(port, { user: SUPERUSER, password, database: "postgres" });
  try {
    await client.connect();
    return true;
  } catch {
    return false; // not listening yet, or still recovering
  } finally {
    await client.end().catch(() => {});
  }
};

const untilReady = async (
  server: BackingServer,
  { port, password, signal }: PostmasterOptions & { port: number },
  clock: Clock,
): Promise<"ready" | "ended" | "late"> => {
  const until = clock.monotonicMs() + READY_WITHIN_MS;
  while (!server.hasExited()) {
    if (await answers(port, password)) return "ready";
    if (clock.monotonicMs() > until) return "late";
    await clock.sleep(POLL_MS, signal);
  }
  return "ended";
};

/** What a failed start means: worth another try at once, or an error. */
const judgeFailure = (lines: string[]): "port-taken" | "old-backends" | "final" => {
  const text = lines.join("\n");
  if (/could not bind IPv4 address.*Address already in use/.test(text)) return "port-taken";
  // Backends of a killed server notice its end within moments.
  if (/pre-existing shared memory block .* is still in use/.test(text)) return "old-backends";
  return "final";
};

const startError = (how: string, lines: string[], options: PostmasterOptions): AppError =>
  new AppError("DATABASE_ABSENT", `PostgreSQL did not start (${how})`, {
    hint: `its log is ${options.logFile}; data that are damaged have to be restored, or removed: ${options.data}`,
    context: { lines },
  });

/**
 * Starts the server on the port asked for, or on another when that one is taken, and returns when it lets the superuser
 * in. Throws DATABASE_ABSENT with the server's last lines, or PORT_TAKEN when every port found was gone again.
 */
export const startPostmaster = async (
  options: PostmasterOptions,
  { clock }: { clock: Clock },
): Promise<Postmaster> => {
  let preferred = options.port;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const port = await findLoopbackPort(preferred);
    const tried = { ...options, port };
    const server = startOnce(tried, clock);
    let state: Awaited<ReturnType<typeof untilReady>>;
    try {
      state = await untilReady(server, tried, clock);
    } catch (error) {
      await endPostmaster(server);
      throw error;
    }
    if (state === "ready") return { port, server };
    if (state === "late") await endPostmaster(server);
    const { how, lines } = await server.exited;
    const failure = state === "late" ? "final" : judgeFailure(lines);
    if (failure === "final") throwIfDiskFull(lines, options.data);
    if (failure === "final")
      throw startError(state === "late" ? "it did not answer in time" : how, lines, options);
    if (failure === "port-taken") preferred = null;
    else await clock.sleep(100, options.signal);
  }
  throw new AppError("PORT_TAKEN", "no port was found that stayed free until PostgreSQL had started", {
    hint: "try again",
  });
};

/** A fast shutdown first, which ends connections and writes everything out. */
export const endPostmaster = (server: BackingServer): Promise<void> =>
  server.end([
    { signal: "SIGINT", withinMs: 20_000 },
    { signal: "SIGQUIT", withinMs: 5_000 },
  ]);
