import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Clock } from "../../../ports/clock.ts";
import { openCredentials } from "./credentials.ts";
import { dataFolderFor, initialiseData, judgeData } from "./data-folder.ts";
import { makeDatabases } from "./ensure-database.ts";
import { settleLeftover } from "./leftover-server.ts";
import { ensureBinaries } from "../../../postgres/native-binaries.ts";
import { findNativePackage } from "../../../postgres/native-package.ts";
import { endPostmaster, startPostmaster } from "./postmaster.ts";
import { serverUser } from "../../../postgres/server-user.ts";
import type { PostgresServer, StartPostgres } from "./types.ts";

export interface StartPostgresDeps {
  clock: Clock;
  /** Files or URLs from which the npm package is looked for, after the project's own. */
  packagesFrom?: string[];
}

/**
 * A PostgreSQL whose data survive any end of this process, and which does not outlive it. Two servers on one folder never
 * run at once: the second start ends the first.
 */
export const makeStartPostgres =
  ({ clock, packagesFrom = [import.meta.url] }: StartPostgresDeps): StartPostgres =>
  async (options) => {
    const { folder, version, signal } = options;
    const found = findNativePackage(version, [pathToFileURL(join(folder, "x")).href, ...packagesFrom]);
    const user = serverUser();
    const binaries = await ensureBinaries(found, { user });
    const data = await dataFolderFor(folder, user);
    const state = await judgeData(data, version);
    const credentials = await openCredentials(folder, { data: state === "ready" ? data : null });
    const logFile = join(folder, "postgres.log");
    const password = credentials.superuser;
    if (state === "absent")
      await initialiseData({ binaries, data, password, user, version, logFile }, { clock });
    await settleLeftover(data, { clock, signal });
    const { port, server } = await startPostmaster(
      { binaries, data, user, port: options.port, password, logFile, signal },
      { clock },
    );
    return makeServer({ port, server, version: found.version, credentials });
  };

const makeServer = (parts: {
  port: number;
  server: Awaited<ReturnType<typeof startPostmaster>>["server"];
  version: string;
  credentials: Awaited<ReturnType<typeof openCredentials>>;
}): PostgresServer => {
  const { port, server, version, credentials } = parts;
  let stopping: Promise<void> | null = null;
  return {
    port,
    version: version.replace(/^(\d+\.\d+).*/, "$1"),
    ...makeDatabases(port, credentials),
    died: new Promise((resolve) => {
      void server.exited.then(({ lines }) => {
        if (stopping === null) resolve({ lines });
      });
    }),
    stop: () => (stopping ??= endPostmaster(server)),
  };
};
