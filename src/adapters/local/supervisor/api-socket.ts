import { rm } from "node:fs/promises";
import type { Server } from "node:http";
import { join } from "node:path";
import type { Clock } from "../../../ports/clock.ts";
import { translateWriteError, writeDurably } from "../durable-file.ts";
import { identityOf } from "../process-identity.ts";
import { pidFileOf, RECORD_FILE } from "./socket-path.ts";

const LAST_WORD_MS = 100;

/**
 * The API answers on the socket, and a client of any session finds it. The caller holds the project's lock: a socket that
 * stands there is a dead supervisor's. `close` takes both away again.
 */
export const openApiSocket = async (
  api: Server,
  { socketPath, stateDir, clock }: { socketPath: string; stateDir: string; clock: Clock },
): Promise<{ close(): Promise<void> }> => {
  const record = join(stateDir, RECORD_FILE);
  await rm(socketPath, { force: true });
  await writeDurably(pidFileOf(socketPath), `${JSON.stringify(await identityOf(process.pid))}\n`, 0o600);
  // Before anybody can be answered: whoever got an answer finds the same socket under other variables too.
  await writeDurably(record, `${JSON.stringify({ format: 1, pid: process.pid, socketPath })}\n`);
  await new Promise<void>((resolve, reject) => {
    api.once("error", (error) => reject(translateWriteError(error, socketPath) as Error));
    api.listen(socketPath, resolve);
  });
  return {
    close: async () => {
      const closed = new Promise<void>((resolve) => api.close(() => resolve()));
      // Whoever is still there has its answer on the way, or does not read.
      await Promise.race([closed, clock.sleep(LAST_WORD_MS)]);
      api.closeAllConnections();
      await closed;
      for (const file of [socketPath, pidFileOf(socketPath), record]) await rm(file, { force: true });
    },
  };
};
