import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import type { SecretDefinition } from "../../domain/app-definition.ts";
import { AppError } from "../../domain/errors.ts";
import type { Clock } from "../../ports/clock.ts";
import { makeFolder } from "./durable-file.ts";
import { takeLock } from "./process-lock.ts";
import { readSecrets, writeSecrets, type SecretsContent, type StoredSecret } from "./secrets-file.ts";

export interface SecretSummary {
  name: string;
  current: string;
  /** Oldest first. */
  versions: string[];
}

/** The secrets of one app on this machine, by environment. Values leave it only through `values`. */
export interface Secrets {
  /** Names and versions, never values. */
  list(environment: string): Promise<SecretSummary[]>;
  /** Setting the value that is current already makes no new version. `keep`: versions that must stay readable. */
  set(
    environment: string,
    name: string,
    value: { text: string; keep?: string[] },
  ): Promise<{ version: string }>;
  /** Forgets all versions; false: there was none. */
  remove(environment: string, name: string): Promise<boolean>;
  /** The version that a deployment would bind now; what has no value is left out, what may be generated is generated. */
  versions(environment: string, wanted: Record<string, SecretDefinition>): Promise<Record<string, string>>;
  /** Names whose bound version cannot be read. */
  unreadable(environment: string, bound: Record<string, string>): Promise<string[]>;
  /** Name → value. Throws SECRET_MISSING with the command that sets it. */
  values(
    environment: string,
    wanted: { service: string; bound: Record<string, string> },
  ): Promise<Record<string, string>>;
}

const KEPT_VERSIONS = 10;
const LOCK_WITHIN_MS = 10_000;
const LOCK_POLL_MS = 10;
const MAX_BYTES = 64 * 1024;

/** Outside of the repository, so that no commit and no artefact can hold it. */
export const secretsFileOf = (app: string, place: { home: string; xdgConfigHome?: string }): string => {
  const config =
    place.xdgConfigHome === undefined || place.xdgConfigHome === ""
      ? join(place.home, ".config")
      : place.xdgConfigHome;
  return join(config, "switchback", app, "secrets.json");
};

const checkName = (name: string): void => {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name))
    throw new AppError("USAGE", `"${name}" cannot be the name of a secret`, {
      hint: "use letters, digits and underscores, as in PAYMENT_KEY",
    });
};

const checkValue = (name: string, text: string): void => {
  if (text === "" || text.includes("\0") || Buffer.byteLength(text) > MAX_BYTES)
    throw new AppError("USAGE", `the value of ${name} is empty, too long, or holds a null byte`, {
      hint: `a value has 1 to ${MAX_BYTES} bytes`,
    });
};

const versionNumber = (version: string): number => Number(version.slice(1));

const withVersion = (secret: StoredSecret | undefined, text: string, keep: string[]): StoredSecret => {
  const last = (secret?.last ?? 0) + 1;
  const versions = { ...secret?.versions, [`v${last}`]: text };
  const names = Object.keys(versions).sort((a, b) => versionNumber(a) - versionNumber(b));
  const kept = new Set([...names.slice(-KEPT_VERSIONS), ...keep]);
  return {
    current: `v${last}`,
    last,
    versions: Object.fromEntries(Object.entries(versions).filter(([name]) => kept.has(name))),
  };
};

export const makeSecrets = ({ file, clock }: { file: string; clock: Clock }): Secrets => {
  const secretsIn = (content: SecretsContent, environment: string): Record<string, StoredSecret> =>
    Object.hasOwn(content.environments, environment) ? (content.environments[environment] ?? {}) : {};
  const own = async (environment: string): Promise<Record<string, StoredSecret>> =>
    secretsIn(await readSecrets(file), environment);

  const locked = async <T>(run: () => Promise<T>): Promise<T> => {
    await makeFolder(dirname(file), 0o700);
    const untilMs = clock.monotonicMs() + LOCK_WITHIN_MS;
    for (;;) {
      const lock = await takeLock(join(dirname(file), "lock"));
      if (lock.type === "taken") return await run().finally(lock.release);
      if (clock.monotonicMs() > untilMs)
        throw new AppError("STORE_UNWRITABLE", `process ${lock.by.pid} keeps writing the secrets`, {
          hint: "run the command again when it has ended",
        });
      await clock.sleep(LOCK_POLL_MS);
    }
  };

  /** The change sees what is there under the lock; null: nothing to write. */
  const update = <T>(
    environment: string,
    change: (secrets: Record<string, StoredSecret>) => {
      secrets: Record<string, StoredSecret> | null;
      result: T;
    },
  ): Promise<T> =>
    locked(async () => {
      const content = await readSecrets(file);
      const { secrets, result } = change(secretsIn(content, environment));
      if (secrets !== null)
        await writeSecrets(file, {
          ...content,
          environments: { ...content.environments, [environment]: secrets },
        });
      return result;
    });

  return {
    list: async (environment) =>
      Object.entries(await own(environment))
        .flatMap(([name, { current, versions }]) =>
          current === null
            ? []
            : [
                {
                  name,
                  current,
                  versions: Object.keys(versions).sort((a, b) => versionNumber(a) - versionNumber(b)),
                },
              ],
        )
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    set: async (environment, name, { text, keep = [] }) => {
      checkName(name);
      checkValue(name, text);
      return update(environment, (secrets) => {
        const found = secrets[name];
        if (found?.current != null && found.versions[found.current] === text)
          return { secrets: null, result: { version: found.current } };
        const next = withVersion(found, text, keep);
        return { secrets: { ...secrets, [name]: next }, result: { version: `v${next.last}` } };
      });
    },
    remove: (environment, name) =>
      update(environment, (secrets) => {
        const found = secrets[name];
        if (found?.current == null) return { secrets: null, result: false };
        const gone: StoredSecret = { current: null, last: found.last, versions: {} };
        return { secrets: { ...secrets, [name]: gone }, result: true };
      }),
    versions: async (environment, wanted) => {
      const versionsOf = (secrets: Record<string, StoredSecret>): Record<string, string> =>
        Object.fromEntries(
          Object.keys(wanted).flatMap((name) => {
            const current = secrets[name]?.current ?? null;
            return current === null ? [] : [[name, current]];
          }),
        );
      const missing = (secrets: Record<string, StoredSecret>): string[] =>
        Object.keys(wanted).filter(
          (name) => wanted[name]?.generate === true && (secrets[name]?.current ?? null) === null,
        );
      const now = await own(environment);
      if (missing(now).length === 0) return versionsOf(now);
      return update(environment, (secrets) => {
        const made = missing(secrets).map((name) => {
          checkName(name);
          return [name, withVersion(secrets[name], randomBytes(32).toString("base64url"), [])] as const;
        });
        const next = { ...secrets, ...Object.fromEntries(made) };
        return { secrets: next, result: versionsOf(next) };
      });
    },
    unreadable: async (environment, bound) => {
      const secrets = await own(environment);
      return Object.entries(bound)
        .filter(([name, version]) => secrets[name]?.versions[version] === undefined)
        .map(([name]) => name);
    },
    values: async (environment, { service, bound }) => {
      if (Object.keys(bound).length === 0) return {};
      const secrets = await own(environment);
      return Object.fromEntries(
        Object.entries(bound).map(([name, version]) => {
          const value = secrets[name]?.versions[version];
          if (value !== undefined) return [name, value];
          throw new AppError(
            "SECRET_MISSING",
            `${service} needs the secret ${name} (${version}), which has no value in ${environment}`,
            {
              hint: `set it with: switchback secret set ${environment} ${name}`,
              context: { secret: name, service, environment, version },
            },
          );
        }),
      );
    },
  };
};
