import { randomBytes } from "node:crypto";
import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../domain/errors.ts";
import type { Clock } from "../../../ports/clock.ts";
import { makeFolder, writeDurably } from "../durable-file.ts";
import { endLeftoverServer } from "../leftover-server.ts";
import { findLoopbackPort } from "../../../postgres/loopback-port.ts";
import { startBackingServer, type BackingServer } from "../process/backing-server.ts";
import { findProgram, type FoundProgram } from "./find-program.ts";
import { ping } from "./ping.ts";
import type { RedisOptions, RedisServer, StartRedis } from "./types.ts";

const POLL_MS = 10;
const READY_WITHIN_MS = 60_000;
const MAX_ATTEMPTS = 20;
const PID_FILE = "server.pid";

const keepPassword = async (folder: string): Promise<string> => {
  const file = join(folder, "password");
  const kept = (await readFile(file, "utf8").catch(() => "")).trim();
  if (/^[0-9a-f]{48}$/.test(kept)) return kept;
  const password = randomBytes(24).toString("hex");
  await writeDurably(file, `${password}\n`, 0o600);
  return password;
};

/** Redis reads double quotes with backslash escapes, byte by byte. */
const quoted = (text: string): string =>
  `"${[...Buffer.from(text)]
    .map((byte) =>
      byte > 31 && byte < 127 && byte !== 34 && byte !== 92
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).padStart(2, "0")}`,
    )
    .join("")}"`;

const configuration = (folder: string, port: number, password: string): string =>
  [
    "bind 127.0.0.1",
    "protected-mode yes",
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${quoted(folder)}`,
    `pidfile ${quoted(join(folder, PID_FILE))}`,
    // At most the last second is lost, and only when the machine itself goes down.
    "appendonly yes",
    "appendfsync everysec",
    'save ""',
    "daemonize no",
    "",
  ].join("\n");

/** Two servers would write one log of the same data into another. */
const settleLeftover = (data: string, deps: Parameters<typeof endLeftoverServer>[1]): Promise<unknown> =>
  endLeftoverServer(
    {
      pidFile: join(data, PID_FILE),
      folder: data,
      named: "-server 127.0.0.1:",
      steps: [
        { afterMs: 3_000, signal: "SIGTERM" },
        { afterMs: 10_000, signal: "SIGKILL" },
      ],
    },
    deps,
  );

interface Attempt extends RedisOptions {
  program: FoundProgram;
  port: number;
  password: string;
}

const startOnce = ({ folder, program, port, password }: Attempt, clock: Clock): BackingServer =>
  startBackingServer(
    {
      name: "redis",
      // "-": the configuration comes by stdin, so that the password is in no list of processes.
      argv: [program.file, "-"],
      stdin: configuration(join(folder, "data"), port, password),
      cwd: "/",
      env: { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
      farewell: "TERM",
      logFile: join(folder, "redis.log"),
    },
    { clock },
  );

const untilReady = async (
  server: BackingServer,
  { port, password, signal }: Attempt,
  clock: Clock,
): Promise<"ready" | "ended" | "late"> => {
  const until = clock.monotonicMs() + READY_WITHIN_MS;
  while (!server.hasExited()) {
    if (await ping(port, password)) return "ready";
    if (clock.monotonicMs() > until) return "late";
    await clock.sleep(POLL_MS, signal);
  }
  return "ended";
};

const end = (server: BackingServer): Promise<void> => server.end([{ signal: "SIGTERM", withinMs: 10_000 }]);

const failure = ({ program, folder }: Attempt, how: string, lines: string[]): AppError =>
  new AppError("CACHE_FAILED", `${program.version} did not start (${how})`, {
    hint: `see ${join(folder, "redis.log")}; a cache may be thrown away: rm -r ${join(folder, "data")}`,
    context: { lines },
  });

const startOn = async (attempt: Attempt, clock: Clock): Promise<BackingServer | "port-taken"> => {
  const server = startOnce(attempt, clock);
  let state: Awaited<ReturnType<typeof untilReady>>;
  try {
    state = await untilReady(server, attempt, clock);
  } catch (error) {
    await end(server);
    throw error;
  }
  if (state === "ready") return server;
  if (state === "late") await end(server);
  const { how, lines } = await server.exited;
  if (state === "ended" && /Address already in use/.test(lines.join("\n"))) return "port-taken";
  throw failure(attempt, state === "late" ? "it did not answer in time" : how, lines);
};

const serverOf = (server: BackingServer, { port, password, program }: Attempt): RedisServer => {
  let stopping: Promise<void> | null = null;
  return {
    version: program.version,
    port,
    url: `redis://:${password}@127.0.0.1:${port}`,
    died: new Promise((resolve) => {
      void server.exited.then(({ lines }) => {
        if (stopping === null) resolve({ lines });
      });
    }),
    stop: () => (stopping ??= end(server)),
  };
};

/**
 * A cache for one folder, reachable on the loopback address with a password alone. It keeps what it holds over a restart,
 * loses at most a second of it when the machine goes down, and does not outlive this process.
 */
export const makeStartRedis =
  ({ clock }: { clock: Clock }): StartRedis =>
  async (options) => {
    const program = await findProgram(options.path);
    if (program === null) return null;
    for (const folder of [options.folder, join(options.folder, "data")]) {
      await makeFolder(folder, 0o700);
      await chmod(folder, 0o700);
    }
    const password = await keepPassword(options.folder);
    await settleLeftover(join(options.folder, "data"), { clock, signal: options.signal });
    let preferred = options.port;
    for (let number = 0; number < MAX_ATTEMPTS; number++) {
      const attempt = { ...options, program, password, port: await findLoopbackPort(preferred) };
      const server = await startOn(attempt, clock);
      if (server !== "port-taken") return serverOf(server, attempt);
      preferred = null;
    }
    throw new AppError("PORT_TAKEN", "no port was found that stayed free until the cache had started", {
      hint: "try again",
    });
  };
