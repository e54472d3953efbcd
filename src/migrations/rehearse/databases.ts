import pg from "pg";
import type { ThrowawayServer } from "../throwaway/types.ts";

/** Databases of one throwaway server. A copy costs some milliseconds, so each thing that is tried has its own. */
export interface Databases {
  url(name: string): string;
  create(name: string): Promise<void>;
  /** Nobody may be connected to what is copied. */
  copy(from: string, to: string): Promise<void>;
  with<T>(name: string, work: (client: pg.Client) => Promise<T>): Promise<T>;
}

export const makeDatabases = (server: ThrowawayServer): Databases => {
  const connected = async <T>(name: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = new pg.Client({
      connectionString: server.url(name),
      application_name: "switchback-rehearsal",
    });
    // A server that is stopped under a query is told by the query.
    client.on("error", () => {});
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end().catch(() => {}); // it is gone, which is what was wanted
    }
  };
  // One at a time: PostgreSQL copies a database only while nobody else copies from it.
  let last: Promise<unknown> = Promise.resolve();
  const administrate = (sql: string): Promise<void> => {
    const turn = last.then(() => connected("postgres", async (client) => void (await client.query(sql))));
    last = turn.catch(() => {});
    return turn;
  };
  return {
    url: (name) => server.url(name),
    create: (name) => administrate(`CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE template0`),
    copy: (from, to) =>
      administrate(`CREATE DATABASE ${pg.escapeIdentifier(to)} TEMPLATE ${pg.escapeIdentifier(from)}`),
    with: connected,
  };
};
