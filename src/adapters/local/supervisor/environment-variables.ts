import { pathToFileURL } from "node:url";
import type { RevisionId, RevisionSpec } from "../../../domain/revision.ts";

/** What a process is given; nothing else of the supervisor's own environment reaches it. */
export interface VariablesInput {
  inherited: Readonly<Record<string, string | undefined>>;
  environment: string;
  spec: Pick<RevisionSpec, "service" | "env">;
  revision: RevisionId;
  /** Null for a command, which serves nothing. */
  port: number | null;
  /** Writable, its own: the tree it runs in is read-only. */
  temporary: string;
  backing: BackingVariables;
  /** Name → value. */
  secrets: Record<string, string>;
}

export interface BackingVariables {
  databaseUrl: string | null;
  redisUrl: string | null;
  /** Bucket name → folder. */
  buckets: Record<string, string>;
}

const INHERITED = ["PATH", "HOME", "LANG", "TZ"];

export const bucketVariable = (name: string): string =>
  `BUCKET_${name.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}_URL`;

/** Settings of the configuration win over what the platform gives, secrets over both; PORT and TMPDIR are the platform's. */
export const environmentVariables = (input: VariablesInput): Record<string, string> => {
  const variables: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = input.inherited[name];
    if (value !== undefined) variables[name] = value;
  }
  const { databaseUrl, redisUrl, buckets } = input.backing;
  Object.assign(variables, {
    NODE_ENV: "production",
    ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
    ...(redisUrl === null ? {} : { REDIS_URL: redisUrl }),
    ...Object.fromEntries(
      Object.entries(buckets).map(([name, folder]) => [bucketVariable(name), pathToFileURL(folder).href]),
    ),
    ...input.spec.env,
    ...input.secrets,
    SWITCHBACK_ENVIRONMENT: input.environment,
    SWITCHBACK_SERVICE: input.spec.service,
    SWITCHBACK_REVISION: input.revision,
    TMPDIR: input.temporary,
  });
  if (input.port !== null) Object.assign(variables, { PORT: String(input.port), HOST: "127.0.0.1" });
  return variables;
};
