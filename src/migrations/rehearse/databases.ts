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
  const administrate = (...statements: string[]): Promise<void> => {
    const turn = last.then(() =>
      connected("postgres", async (client) => {
        for (const statement of statements) await client.query(statement);
      }),
    );
    last = turn.catch(() => {});
    return turn;
  };
  return {
    url: (name) => server.url(name),
    create: (name) => administrate(`CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE template0`),
    copy: (from, to) =>
      administrate(
        `CREATE DATABASE ${pg.escapeIdentifier(to)} TEMPLATE ${pg.escapeIdentifier(from)}`,
        ...alike(pg.escapeLiteral(from), pg.escapeLiteral(to)),
      ),
    with: connected,
  };
};

/**
 * PostgreSQL copies what is in a database, not who owns it, who may enter it and which settings it has. The catalog is
 * written to directly, which only a server that nobody keeps may be asked to bear.
 */
const alike = (from: string, to: string): string[] => [
  `UPDATE pg_database AS copy SET datdba = model.datdba, datacl = model.datacl FROM pg_database AS model WHERE model.datname = ${from} AND copy.datname = ${to}`,
  `INSERT INTO pg_db_role_setting SELECT copy.oid, setrole, setconfig FROM pg_db_role_setting JOIN pg_database AS model ON model.oid = setdatabase, pg_database AS copy
   WHERE model.datname = ${from} AND copy.datname = ${to}`,
];
