import { makeFileArtefacts } from "./adapters/artefacts/file-artefacts.ts";
import { makeGateway } from "./adapters/local/gateway/gateway.ts";
import { makeStartPostgres } from "./adapters/local/postgres/start-postgres.ts";
import { makeProcessRunner } from "./adapters/local/process/process-runner.ts";
import { makeStartRedis } from "./adapters/local/redis/start-redis.ts";
import type { Secrets } from "./adapters/local/secrets.ts";
import { runSupervisor } from "./adapters/local/supervisor/supervisor.ts";
import { systemClock as clock } from "./adapters/system/clock.ts";
import { VERSION } from "./version.ts";

interface Project {
  app: { name: string };
  projectDir: string;
  stateDir: string;
  storeDir: string;
  socketPath: () => string;
  secrets: Secrets;
}

/** Puts the supervisor together: part of the composition root, loaded by `up` alone. */
export const supervise = (
  { app, projectDir, stateDir, storeDir, socketPath, secrets }: Project,
  { port, signal, onReady }: { port: number | null; signal: AbortSignal; onReady: (urls: string[]) => void },
): Promise<void> =>
  runSupervisor(
    {
      app: app.name,
      projectDir,
      stateDir,
      socketPath: socketPath(),
      version: VERSION,
      port,
      inherited: process.env,
      signal,
      onReady,
      onMessage: (text) => void process.stderr.write(`${new Date().toISOString()} ${text}\n`),
    },
    {
      clock,
      artefacts: makeFileArtefacts({ folder: storeDir }),
      runner: makeProcessRunner({ clock }),
      startPostgres: makeStartPostgres({ clock }),
      startRedis: makeStartRedis({ clock }),
      gateway: makeGateway({ clock }),
      secrets,
    },
  );
