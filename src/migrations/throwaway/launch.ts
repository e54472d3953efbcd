import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { SERVER_ENV } from "../../postgres/initdb.ts";
import type { PostgresPrograms } from "../../postgres/find-programs.ts";
import type { ServerUser } from "../../postgres/server-user.ts";

/** Nothing in it is to survive, so nothing waits for a disk; and no background work makes two runs differ. */
const SETTINGS: Record<string, string> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  fsync: "off",
  full_page_writes: "off",
  synchronous_commit: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  autovacuum: "off",
  jit: "off",
  // Within the data folder, so that nothing else has to be removed.
  dynamic_shared_memory_type: "mmap",
  shared_buffers: "64MB",
  maintenance_work_mem: "64MB",
  max_connections: "100",
  max_parallel_maintenance_workers: "0",
  max_parallel_workers_per_gather: "0",
  track_io_timing: "off",
};

/**
 * $1 template, $2 data, then the server's command. The reader ends the server when the shell's standard input ends: that is
 * when the process that started it says so, or is gone in whatever way. However the server ends, its data are removed.
 */
const KEEPER = `
template=$1; data=$2; shift 2
exec 3<&0 </dev/null
if cp -R "$template/." "$data"; then
  "$@" 3<&- &
  server=$!
  ( trap '' TERM INT HUP; while read -r _ <&3; do :; done; kill -QUIT "$server" ) >/dev/null 2>&1 &
  reader=$!
  trap 'kill -QUIT "$server"' TERM INT HUP
  while kill -0 "$server" 2>/dev/null; do wait "$server"; done
  kill -KILL "$reader" 2>/dev/null
fi
rm -rf "$data"`;

export interface LaunchOptions {
  programs: PostgresPrograms;
  user: ServerUser | null;
  template: string;
  data: string;
  port: number;
}

/** Copies the template and starts the server, in a session of its own: a signal to this process's group does not reach it. */
export const launch = ({ programs, user, template, data, port }: LaunchOptions): ChildProcess => {
  const settings = { ...SETTINGS, ...preloadOf(programs) };
  const argv = [
    join(programs.bin, "postgres"),
    ...["-D", data, "-p", String(port)],
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
  return spawn("/bin/sh", ["-c", KEEPER, "switchback-rehearsal", template, data, ...argv], {
    cwd: "/",
    env: SERVER_ENV,
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
    ...user,
  });
};

const preloadOf = ({ preloadable }: PostgresPrograms): Record<string, string> =>
  preloadable.includes("pg_stat_statements")
    ? { shared_preload_libraries: "pg_stat_statements", "pg_stat_statements.track": "all" }
    : {};
