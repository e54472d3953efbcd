import { Client } from "pg";
import { systemClock } from "../../../test/helpers/system-clock.ts";
import { startThrowaway } from "../throwaway/start-throwaway.ts";

/** Databases on a throwaway server of one major version, for the tests of this folder. */
export const openTestbed = async (major: number) => {
  const server = await startThrowaway({ major, clock: systemClock, signal: new AbortController().signal });
  const open: Client[] = [];
  const connect = async (database: string): Promise<Client> => {
    const client = new Client({ connectionString: server.url(database) });
    await client.connect();
    open.push(client);
    return client;
  };
  return {
    server,
    connect,
    database: async (name: string, script = ""): Promise<Client> => {
      const root = await connect("postgres");
      await root.query(`CREATE DATABASE ${name}`);
      const client = await connect(name);
      if (script !== "") await client.query(script);
      return client;
    },
    close: async (): Promise<void> => {
      await Promise.all(open.map((client) => client.end().catch(() => {})));
      await server.stop();
    },
  };
};
