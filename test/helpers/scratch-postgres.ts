import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { ensureBinaries } from "../../src/postgres/native-binaries.ts";
import { findNativePackage } from "../../src/postgres/native-package.ts";
import { serverUser } from "../../src/postgres/server-user.ts";
import type { Login, ThrowawayServer } from "../../src/migrations/throwaway/types.ts";
import { until } from "./system-clock.ts";

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

/** A PostgreSQL of that major for one test file: 18 from the npm package, others from the system. */
export const startScratch = async (major: number): Promise<ThrowawayServer> => {
  const user = serverUser();
  const origin = major === 18 ? "package" : "system";
  const bin =
    origin === "package"
      ? join(await ensureBinaries(findNativePackage(major, [import.meta.url]), { user }), "bin")
      : `/usr/lib/postgresql/${major}/bin`;
  const root = mkdtempSync(join(tmpdir(), "scratch-"));
  const data = join(root, "data");
  const password = "secret";
  writeFileSync(join(root, "password"), password);
  chmodSync(root, 0o755);
  const as = user === null ? {} : { uid: user.uid, gid: user.gid };
  if (user !== null) chownSync(root, user.uid, user.gid);
  const env = { PATH: process.env["PATH"], LANG: "C" };
  execFileSync(
    join(bin, "initdb"),
    [
      "-D",
      data,
      "-U",
      "postgres",
      `--pwfile=${join(root, "password")}`,
      "--auth=scram-sha-256",
      "-E",
      "UTF8",
      "--locale=C",
      "-N",
    ],
    { ...as, env, cwd: "/", stdio: "pipe" },
  );
  const port = await freePort();
  const settings = {
    ...{ listen_addresses: "127.0.0.1", unix_socket_directories: "", fsync: "off", autovacuum: "off" },
    ...{
      max_parallel_maintenance_workers: "0",
      max_parallel_workers_per_gather: "0",
      shared_buffers: "64MB",
    },
    ...{ wal_level: "logical", jit: "off" },
  };
  const child = spawn(
    join(bin, "postgres"),
    [
      "-D",
      data,
      "-p",
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    { ...as, env, cwd: "/", stdio: ["ignore", "ignore", "ignore"] },
  );
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const superuser = { user: "postgres", password };
  const server: ThrowawayServer = {
    ...{ host: "127.0.0.1", port, major, version: String(major), origin, superuser },
    url: (database, login: Login = superuser) =>
      `postgres://${login.user}:${login.password}@127.0.0.1:${port}/${database}`,
    stop: async () => {
      child.kill("SIGQUIT");
      await exited;
      rmSync(root, { recursive: true, force: true });
    },
  };
  await until(async () => {
    const client = new Client({ connectionString: server.url("postgres") });
    client.on("error", () => {});
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    );
  });
  return server;
};
