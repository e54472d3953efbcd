import type { Values } from "../app-config.ts";
import { nearest } from "../nearest.ts";
import type { Path, Problem } from "../problem.ts";
import { environmentsOf, problem, servicesOf, sitesOf, type Draft, type Rule } from "./draft.ts";

interface Place {
  path: Path;
  values: Values;
  /** The service that gets them; null: all of them. */
  service: string | null;
  anchor: string;
}

const placesOf = (draft: Draft): Place[] => [
  ...servicesOf(draft).map(([name, { env }]) => place(["services", name, "env"], env, name, "service")),
  ...environmentsOf(draft).flatMap(([name, environment]) => [
    place(["environments", name, "env"], environment.env, null, "environment"),
    ...Object.entries(environment.services ?? {}).map(([service, { env }]) =>
      place(["environments", name, "services", service, "env"], env, service, "overrides"),
    ),
  ]),
];

const place = (path: Path, values: Values | undefined, service: string | null, anchor: string): Place => ({
  path,
  values: values ?? {},
  service,
  anchor,
});

export const secretNamesOf = (secrets: string[] | Record<string, unknown> | undefined): string[] =>
  Array.isArray(secrets) ? secrets : Object.keys(secrets ?? {});

const reasonReserved = (name: string): string | null => {
  if (name === "PORT" || name === "HOST") return "the platform says where an instance has to listen";
  if (name === "DATABASE_URL") return "the platform sets it to the address of the environment's database";
  if (name === "REDIS_URL") return "the platform sets it to the address of the environment's cache";
  if (/^BUCKET_.*_URL$/.test(name)) return "the platform sets it to the address of a bucket";
  return name.startsWith("SWITCHBACK_") ? "names that begin with SWITCHBACK_ are the platform's own" : null;
};

/** What the platform sets cannot be set by hand, in the clear or as a secret. */
export const reservedVariables: Rule = (draft) => [
  ...placesOf(draft).flatMap(({ path, values, anchor }) =>
    Object.keys(values).flatMap((name) => reserved(name, [...path, name], anchor)),
  ),
  ...servicesOf(draft).flatMap(([service, { secrets }]) =>
    secretNamesOf(secrets).flatMap((name, index) =>
      reserved(name, ["services", service, "secrets", Array.isArray(secrets) ? index : name], "secrets"),
    ),
  ),
];

const reserved = (name: string, path: Path, anchor: string): Problem[] => {
  const reason = reasonReserved(name);
  const message = `is reserved: ${reason}`;
  return reason === null ? [] : [problem({ path, found: `the name ${name}`, message, anchor })];
};

/** A variable is either in the clear or secret, never both. */
export const secretsNotInTheClear: Rule = (draft) => {
  const secrets = new Map(servicesOf(draft).map(([name, service]) => [name, secretNamesOf(service.secrets)]));
  return placesOf(draft).flatMap(({ path, values, service, anchor }) =>
    Object.keys(values).flatMap((name) => {
      const owner = [...secrets].find(
        ([owning, names]) => (service === null || service === owning) && names.includes(name),
      );
      if (owner === undefined) return [];
      const message = `is also a secret of services.${owner[0]}: keep one of the two`;
      return [problem({ path: [...path, name], found: "a value in the clear", message, anchor })];
    }),
  );
};

/** Listing a secret twice is a slip, and the second one is perhaps misspelt. */
export const secretsOnce: Rule = (draft) =>
  servicesOf(draft).flatMap(([service, { secrets }]) =>
    (Array.isArray(secrets) ? secrets : []).flatMap((name, index, all) =>
      all.indexOf(name) === index
        ? []
        : [
            problem({
              path: ["services", service, "secrets", index],
              found: name,
              message: `is in the list twice: ${name}`,
              anchor: "secrets",
            }),
          ],
    ),
  );

const CREDENTIALS: readonly [RegExp, string][] = [
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/, "an AWS access key"],
  [/-----BEGIN [A-Z ]*-----|-----BEGIN/, "a private key or certificate"],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*:[^\s/?#@]+@/i, "an address with a password in it"],
  [/\b(ghp|gho|ghs|ghu)_[A-Za-z0-9]{36}|\bgithub_pat_[A-Za-z0-9_]{22,}/, "a GitHub token"],
  [/\b[sr]k_live_[A-Za-z0-9]{16,}/, "a Stripe key"],
  [/\bxox[abprs]-[A-Za-z0-9-]{10,}/, "a Slack token"],
];

const credentialIn = (value: unknown): string | null =>
  typeof value === "string" ? (CREDENTIALS.find(([pattern]) => pattern.test(value))?.[1] ?? null) : null;

/** Configuration ends up in releases, logs and git: no credential may be in it. The value itself is never shown. */
export const noCredentials: Rule = (draft) => {
  const settings: Place[] = [
    ...sitesOf(draft).map(([name, site]) => place(["sites", name, "settings"], site.settings, null, "site")),
    ...environmentsOf(draft).flatMap(([name, environment]) =>
      Object.entries(environment.sites ?? {}).map(([site, override]) =>
        place(["environments", name, "sites", site, "settings"], override.settings, null, "site-overrides"),
      ),
    ),
  ];
  const inClear = placesOf(draft).map((at) => ({
    ...at,
    remedy: "name it in the service's secrets instead",
  }));
  const inPublic = settings.map((at) => ({ ...at, remedy: "everybody can read a site's settings" }));
  return [...inClear, ...inPublic].flatMap(({ path, values, anchor, remedy }) =>
    Object.entries(values).flatMap(([name, value]) => {
      const looksLike = credentialIn(value);
      if (looksLike === null) return [];
      const message = `looks like ${looksLike}: ${remedy}`;
      return [
        problem({ path: [...path, name], found: `a value that looks like ${looksLike}`, message, anchor }),
      ];
    }),
  );
};

/** Only what the service and the site know can be overridden: both must exist. */
export const overridesExist: Rule = (draft) =>
  environmentsOf(draft).flatMap(([name, environment]) => [
    ...unknownNames(
      ["environments", name, "services"],
      environment.services,
      draft.names.services,
      "service",
    ),
    ...unknownNames(["environments", name, "sites"], environment.sites, draft.names.sites, "site"),
  ]);

const unknownNames = (
  path: Path,
  members: object | undefined,
  known: string[] | null,
  what: string,
): Problem[] =>
  Object.keys(members ?? {})
    .filter((name) => known !== null && !known.includes(name))
    .map((name) =>
      problem({
        path: [...path, name],
        found: `the name ${name}`,
        message: `is not a ${what} of this app`,
        allowed: known ?? [],
        didYouMean: nearest(name, known ?? []),
        anchor: what === "service" ? "overrides" : "site-overrides",
      }),
    );
