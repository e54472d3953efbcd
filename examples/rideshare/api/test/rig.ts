import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { startTestPostgres } from "./postgres-server.ts";
import {
  buildPrograms,
  killStartedPrograms,
  runProgram,
  startProgram,
  type Build,
  type Environment,
  type Finished,
} from "./program.ts";

export interface RunningApi {
  baseUrl: string;
  /** Everything logged so far. */
  log(): string;
  kill(signal: NodeJS.Signals): void;
  finished: Promise<Finished>;
}

export interface Rig {
  build: Build;
  newDatabase(options?: { migrated: boolean }): Promise<string>;
  startApi(databaseUrl: string, env?: Environment): Promise<RunningApi>;
  run(name: string, args: string[], env: Environment): Promise<Finished>;
  uploadsUrl: string;
  stop(): Promise<void>;
}

export const sessionSecret = "a secret for tests only";

/** One PostgreSQL and one build for a test file; databases and API processes as many as it needs. */
export const startRig = async (): Promise<Rig> => {
  const build = buildPrograms();
  const postgres = await startTestPostgres();
  const uploads = mkdtempSync(join(tmpdir(), "rideshare-uploads-"));
  const uploadsUrl = pathToFileURL(uploads).href;
  const run: Rig["run"] = (name, args, env) => runProgram(build, name, { args, env });
  return {
    build,
    run,
    uploadsUrl,
    async newDatabase({ migrated } = { migrated: true }) {
      const url = await postgres.newDatabase();
      if (migrated) {
        const { code, stderr } = await run("migrate", ["up"], { DATABASE_URL: url });
        if (code !== 0) throw new Error(`migrate up failed: ${stderr}`);
      }
      return url;
    },
    async startApi(databaseUrl, env = {}) {
      const api = startProgram(build, "server", {
        env: {
          PORT: "0",
          DATABASE_URL: databaseUrl,
          BUCKET_UPLOADS_URL: uploadsUrl,
          SESSION_SECRET: sessionSecret,
          ...env,
        },
      });
      const baseUrl = await eventually(
        async () => /"address":"([^"]+)"/.exec(api.stdout())?.[1],
        api.finished,
      );
      return { baseUrl, log: api.stdout, kill: api.kill, finished: api.finished };
    },
    async stop() {
      killStartedPrograms();
      await postgres.stop();
      build.remove();
      rmSync(uploads, { recursive: true, force: true });
    },
  };
};

/** Asks until there is an answer (undefined, null and false are none). Fails when the process it waits for has ended. */
export const eventually = async <T>(
  ask: () => Promise<T | undefined | null | false>,
  unless?: Promise<Finished>,
): Promise<T> => {
  let over: Finished | null = null;
  void unless?.then((finished) => (over = finished));
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (over) throw new Error(`The process ended instead: ${JSON.stringify(over)}`);
    await sleep(50);
  }
  throw new Error("It did not happen within 30 seconds");
};

/** One query on a connection of its own. */
export const query = async <T extends pg.QueryResultRow>(
  databaseUrl: string,
  text: string,
  parameters: unknown[] = [],
): Promise<T[]> => {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<T>(text, parameters)).rows;
  } finally {
    await client.end();
  }
};
