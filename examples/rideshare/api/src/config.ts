export interface Config {
  host: string;
  port: number;
  databaseUrl: string;
  redisUrl: string | null;
  uploadsUrl: string;
  sessionSecret: string;
  environment: string;
  revision: string;
  /** How long a driver may think about an offer. */
  offerSeconds: number;
  /** How long a ride looks for a driver before it ends as no_driver. */
  searchSeconds: number;
}

/** Every problem of the environment at once, so that one look at the log is enough. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

type Environment = Record<string, string | undefined>;

/** Reads the whole configuration or throws a ConfigError that names each variable at fault. Never prints a value. */
export const readConfig = (environment: Environment): Config => {
  const problems: string[] = [];
  const text = (name: string, fallback?: string): string => {
    const value = environment[name]?.trim() || fallback;
    if (value === undefined) problems.push(`${name} is not set`);
    return value ?? "";
  };
  const number = (name: string, fallback: number, [min, max]: [number, number]): number => {
    const value = Number(environment[name]?.trim() || fallback);
    if (!Number.isInteger(value) || value < min || value > max) {
      problems.push(`${name} is not a whole number from ${min} to ${max}`);
    }
    return value;
  };
  const url = (name: string, value: string, protocols: string[]): string => {
    if (value && !protocols.includes(protocolOf(value))) {
      problems.push(`${name} is not a URL that starts with ${protocols.join(" or ")}//`);
    }
    return value;
  };

  const redisUrl = environment["REDIS_URL"]?.trim() || null;
  if (redisUrl !== null) url("REDIS_URL", redisUrl, ["redis:", "rediss:"]);
  const config: Config = {
    host: text("HOST", "127.0.0.1"),
    port: number("PORT", 3000, [0, 65_535]),
    databaseUrl: url("DATABASE_URL", text("DATABASE_URL"), ["postgres:", "postgresql:"]),
    redisUrl,
    uploadsUrl: url("BUCKET_UPLOADS_URL", text("BUCKET_UPLOADS_URL"), ["file:", "s3:"]),
    sessionSecret: text("SESSION_SECRET"),
    environment: text("SWITCHBACK_ENVIRONMENT", "development"),
    revision: text("SWITCHBACK_REVISION", "unknown"),
    offerSeconds: number("OFFER_SECONDS", 15, [1, 600]),
    searchSeconds: number("SEARCH_SECONDS", 60, [1, 3600]),
  };
  if (config.sessionSecret && config.sessionSecret.length < 16) {
    problems.push("SESSION_SECRET is shorter than 16 characters");
  }
  if (problems.length > 0) throw new ConfigError(`The environment is incomplete: ${problems.join("; ")}.`);
  return config;
};

const protocolOf = (value: string): string => {
  try {
    return new URL(value).protocol;
  } catch {
    return "";
  }
};
