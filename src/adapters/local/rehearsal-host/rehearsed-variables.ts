import type { RehearsedProcess } from "../../../ports/rehearsal.ts";
import { environmentVariables } from "../supervisor/environment-variables.ts";

export interface RehearsedVariables {
  inherited: Readonly<Record<string, string | undefined>>;
  process: RehearsedProcess;
  port: number | null;
  temporary: string;
  /** Bucket → folder. */
  buckets: Record<string, string>;
  /** Name → a value that opens nothing. */
  dummy: (name: string) => string;
}

const DATABASE = /^postgres(ql)?:\/\//i;

/**
 * What a process has on the local platform, with nothing real in it: secrets are dummies, and whatever says where a database
 * is says the throwaway one, so that no setting leads a rehearsal to a database that somebody uses. Pure.
 */
export const rehearsedVariables = (input: RehearsedVariables): Record<string, string> => {
  const { process, port, temporary, buckets, inherited, dummy } = input;
  const { databaseUrl, environment, service, env } = process;
  const variables = environmentVariables({
    ...{ inherited, environment, port, temporary, revision: "rehearsal" },
    spec: { service, env },
    backing: { databaseUrl, redisUrl: null, buckets },
    secrets: Object.fromEntries(process.secrets.map((name) => [name, dummy(name)])),
  });
  for (const [name, value] of Object.entries(variables))
    if (DATABASE.test(value)) variables[name] = databaseUrl;
  const url = new URL(databaseUrl);
  return Object.assign(variables, {
    DATABASE_URL: databaseUrl,
    PGHOST: url.hostname,
    PGPORT: url.port,
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGDATABASE: decodeURIComponent(url.pathname.slice(1)),
  });
};
