import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { systemClock } from "../../../../test/helpers/system-clock.ts";
import { makeStartPostgres } from "./start-postgres.ts";
import type { PostgresOptions, PostgresServer } from "./types.ts";

export const VERSION = 18;

const startPostgres = makeStartPostgres({ clock: systemClock });

/** Folders and servers of one test file; everything is stopped and removed at the end. */
export const makeTestbed = () => {
  const root = mkdtempSync(join(tmpdir(), "postgres-test-"));
  // mkdtemp makes folders that no other user may enter, which is a case of its own.
  chmodSync(root, 0o755);
  const servers: PostgresServer[] = [];
  return {
    root,
    folder: (name: string) => join(root, name),
    start: async (name: string, more: Partial<PostgresOptions> = {}): Promise<PostgresServer> => {
      const server = await startPostgres({ folder: join(root, name), version: VERSION, port: null, ...more });
      servers.push(server);
      return server;
    },
    remove: async (): Promise<void> => {
      await Promise.all(servers.map((server) => server.stop()));
      rmSync(root, { recursive: true, force: true });
    },
  };
};

/** One connection, closed again. Values of the first column. */
export const ask = async (url: string, query: string): Promise<unknown[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: query, rowMode: "array" });
    return rows.map((row) => row[0]);
  } finally {
    await client.end();
  }
};
