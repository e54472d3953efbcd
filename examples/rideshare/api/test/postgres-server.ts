import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeStartPostgres } from "../../../../src/adapters/local/postgres/start-postgres.ts";
import { systemClock } from "../../../../src/adapters/system/clock.ts";

export interface TestPostgres {
  /** Creates an empty database and returns its URL. */
  newDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** A PostgreSQL of its own for one test file, the one that a local environment gets; nothing needs to be installed. */
export const startTestPostgres = async (): Promise<TestPostgres> => {
  const folder = mkdtempSync(join(tmpdir(), "rideshare-postgres-"));
  const start = makeStartPostgres({ clock: systemClock });
  const server = await start({ folder, version: 18, port: null });
  let count = 0;
  return {
    newDatabase: async () => (await server.ensureDatabase(`rideshare_${(count += 1)}`)).url,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
