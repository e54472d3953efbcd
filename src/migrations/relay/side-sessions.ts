import { Client } from "pg";
import type { ThrowawayServer } from "../throwaway/types.ts";
import { Gone } from "./gone.ts";

/** The relay's own sessions in one database, as the superuser. */
export interface SideSessions {
  /** One session for everybody's short questions, opened when it is first wanted. */
  shared(): Promise<Client>;
  /** A session for one holder, who ends it. */
  open(): Promise<Client>;
  close(): Promise<void>;
}

export const makeSideSessions = (server: ThrowawayServer, database: string): SideSessions => {
  const sessions = new Set<Client>();
  let shared: Promise<Client> | null = null;
  let closed = false;
  const open = async (): Promise<Client> => {
    if (closed) throw new Gone("the session has ended");
    const { host, port } = server;
    const client = new Client({
      ...{ host, port, database, ...server.superuser },
      application_name: "switchback relay",
      options: "-c statement_timeout=10000 -c lock_timeout=5000 -c search_path=pg_catalog",
      ssl: false,
    });
    // A connection that breaks while idle is an event; the next question fails anyhow.
    client.on("error", () => {});
    sessions.add(client);
    client.once("end", () => sessions.delete(client));
    await client.connect();
    return client;
  };
  return {
    shared: () => (shared ??= open()),
    open,
    close: async () => {
      closed = true;
      await Promise.allSettled([...sessions].map((client) => client.end()));
    },
  };
};
