import type { AppDefinition } from "../domain/app-definition.ts";
import type { AwsEnvironment } from "../domain/aws-definition.ts";
import type { InfraProblem } from "./check-infra.ts";
import { imageProblems } from "./image-limits.ts";

/** What runs on one machine, and not on AWS. The Terraform modules refuse the same, in their own words. */
export const limitProblems = (
  app: AppDefinition,
  environment: string,
  { domain, aws }: { domain: string | null; aws: AwsEnvironment },
): InfraProblem[] => [
  ...domainProblems(environment, domain),
  ...routeProblems(app),
  ...sharedRoutes(app),
  ...fallbackProblems(app),
  ...healthProblems(app),
  ...databaseProblems(app),
  ...(app.cache === null ? [] : cacheProblems(environment, aws)),
  ...bucketProblems(app, environment, aws),
  ...imageProblems(app, environment, aws),
];

/** A certificate's first name has 64 characters at most, and `origin.` stands before the domain in one of them. */
const MOST_DOMAIN = 57;

const domainProblems = (environment: string, domain: string | null): InfraProblem[] => {
  if (domain === null) return [];
  const setting = `environments.${environment}.domain`;
  if (domain.length > MOST_DOMAIN)
    return [
      {
        setting,
        message: `has ${domain.length} characters; a certificate on AWS takes at most ${MOST_DOMAIN}`,
      },
    ];
  return /\.[a-z]{2,63}$/.test(domain)
    ? []
    : [{ setting, message: `is "${domain}"; on AWS its last part has letters only` }];
};

/** CloudFront asks for it by its path. */
const fallbackProblems = (app: AppDefinition): InfraProblem[] =>
  Object.entries(app.sites).flatMap(([name, { fallback }]) =>
    /^[A-Za-z0-9._~-]+$/.test(fallback)
      ? []
      : [
          {
            setting: `sites.${name}.fallback`,
            message: `is "${fallback}"; on AWS it has letters, digits and . _ ~ - only`,
          },
        ],
  );

const SERVICE_ROUTE = /^(\/\*|(\/[A-Za-z0-9._~-]+)+(\/\*)?)$/;
const SITE_ROUTE = /^(\/[A-Za-z0-9._~-]+)*\/\*$/;
const MOST_ROUTE = 128;

const routeProblems = (app: AppDefinition): InfraProblem[] => {
  const wrong = (setting: string, route: string, wanted: string, pattern: RegExp): InfraProblem[] => {
    if (route.length > MOST_ROUTE)
      return [
        { setting, message: `has ${route.length} characters; a listener rule takes at most ${MOST_ROUTE}` },
      ];
    return pattern.test(route) ? [] : [{ setting, message: `is "${route}"; on AWS it is ${wanted}` }];
  };
  return [
    ...Object.entries(app.services).flatMap(([name, { route }]) =>
      route === null
        ? []
        : wrong(
            `services.${name}.route`,
            route,
            '"/*", a folder such as "/api/*", or a path such as "/hook"',
            SERVICE_ROUTE,
          ),
    ),
    ...Object.entries(app.sites).flatMap(([name, { route }]) =>
      wrong(`sites.${name}.route`, route, '"/*" or a folder such as "/admin/*"', SITE_ROUTE),
    ),
  ];
};

/** CloudFront sends a path with and without its folder to one place, and a public bucket is found under its name. */
const sharedRoutes = (app: AppDefinition): InfraProblem[] => {
  const parts: [setting: string, route: string][] = [
    ...Object.entries(app.services).flatMap(([name, { route }]): [string, string][] =>
      route === null ? [] : [[`services.${name}.route`, route]],
    ),
    ...Object.entries(app.sites).map(([name, { route }]): [string, string] => [`sites.${name}.route`, route]),
    ...Object.entries(app.buckets).flatMap(([name, bucket]): [string, string][] =>
      bucket.public ? [[`buckets.${name}`, `/${name}/*`]] : [],
    ),
  ];
  const owners = new Map<string, string>();
  return parts.flatMap(([setting, route]): InfraProblem[] => {
    const base = route.replace(/\/\*$/, "");
    const owner = owners.get(base);
    if (owner === undefined) owners.set(base, setting);
    return owner === undefined
      ? []
      : [{ setting, message: `answers ${base}/*, and so does ${owner}: on AWS a path leads to one of them` }];
  });
};

/** A worker is asked nothing. */
const healthProblems = (app: AppDefinition): InfraProblem[] =>
  Object.entries(app.services).flatMap(([name, { kind, health }]): InfraProblem[] => {
    if (kind === "worker" || /^\/[A-Za-z0-9/._~-]*$/.test(health.path)) return [];
    const message = `is "${health.path}"; on AWS it has letters, digits and / . _ ~ - only`;
    return [{ setting: `services.${name}.health.path`, message }];
  });

/** Before 15 everybody may create tables in the schema `public`, which the roles of app and migrations rest on. */
const databaseProblems = ({ database }: AppDefinition): InfraProblem[] =>
  database === null || database.version >= 15
    ? []
    : [{ setting: "database.version", message: `is ${database.version}; on AWS it is 15 or newer` }];

const CACHE_VERSIONS = { valkey: ["7.2", "8.0", "8.1"], redis: ["7.0", "7.1"] };

const cacheProblems = (environment: string, { cache }: AwsEnvironment): InfraProblem[] => {
  const { engine, version } = cache;
  if (version === null || CACHE_VERSIONS[engine].includes(version)) return [];
  return [
    {
      setting: `environments.${environment}.aws.cache.version`,
      message: `is ${version}; of ${engine} there are ${CACHE_VERSIONS[engine].join(", ")}`,
    },
  ];
};

/** The policy of a public bucket lets CloudFront in, so it has to be ours. */
const bucketProblems = (
  app: AppDefinition,
  environment: string,
  { existing }: AwsEnvironment,
): InfraProblem[] =>
  Object.keys(existing.buckets)
    .filter((name) => app.buckets[name]?.public === true)
    .map((name) => ({
      setting: `environments.${environment}.aws.existing.buckets.${name}`,
      message:
        "is public in the configuration, and its policy would have to be changed: it cannot be one that is there",
    }));
