import type { AppDefinition } from "../domain/app-definition.ts";
import type { InfraProblem } from "./check-infra.ts";

/** Before the name of everything that an environment has on AWS. */
export const prefixOf = ({ name }: AppDefinition, environment: string): string => `${name}-${environment}`;

/** What AWS does not take as a name, and how the names come about. */
export const nameProblems = (app: AppDefinition, environment: string): InfraProblem[] => [
  ...prefixProblems(app, environment),
  ...serviceProblems(app, environment),
  ...bucketProblems(app, environment),
];

/** Identifiers of RDS and ElastiCache have single dashes, and none at the end; ElastiCache's are short. */
const prefixProblems = (app: AppDefinition, environment: string): InfraProblem[] => {
  const prefix = prefixOf(app, environment);
  const setting = `environments.${environment}`;
  const most = app.cache === null ? 40 : 32;
  const what = app.cache === null ? "" : " with a cache";
  const dashes = (name: string): boolean => /--|-$/.test(name);
  return [
    ...(dashes(app.name) ? [{ setting: "name", message: DASHES(app.name) }] : []),
    ...(dashes(environment) ? [{ setting, message: DASHES(environment) }] : []),
    ...(app.name.length < 2 ? [{ setting: "name", message: SHORT(app.name) }] : []),
    ...(environment.length < 2 ? [{ setting, message: SHORT(environment) }] : []),
    ...(environment.length > 20
      ? [{ setting, message: `has a name of ${environment.length} characters; on AWS it has at most 20` }]
      : []),
    ...(prefix.length > most
      ? [
          {
            setting,
            message:
              `makes names that begin with "${prefix}", ${prefix.length} characters; AWS takes at most ${most}${what}: ` +
              "shorten the app's name or the environment's",
          },
        ]
      : []),
  ];
};

const DASHES = (name: string): string =>
  `is called "${name}"; on AWS a name has single dashes, and none at its end`;
const SHORT = (name: string): string => `is called "${name}"; on AWS a name has two characters or more`;

/** A role's name has 64 characters at most, and `-deployment` is behind a service's. */
const MOST_SERVICE = 52;

const serviceProblems = (app: AppDefinition, environment: string): InfraProblem[] =>
  Object.keys(app.services).flatMap((service): InfraProblem[] => {
    const setting = `services.${service}`;
    const name = `${prefixOf(app, environment)}-${service}`;
    if (service.endsWith("-")) return [{ setting, message: DASHES(service) }];
    if (name.length <= MOST_SERVICE) return [];
    const message =
      `makes the name "${name}" in ${environment}, ${name.length} characters; on AWS there are at most ` +
      `${MOST_SERVICE}: shorten the service's name, the app's or the environment's`;
    return [{ setting, message }];
  });

/** Names of load balancers and target groups have 32 characters; longer ones are cut and end with a hash. */
export const cutNames = (app: AppDefinition, environment: string): string[] => {
  const prefix = prefixOf(app, environment);
  const web = Object.entries(app.services).filter(([, { kind }]) => kind === "web");
  if (web.length === 0) return [];
  return [
    ...(prefix.length > 32 ? [prefix] : []),
    ...web.map(([name]) => `${prefix}-${name}-green`).filter((name) => name.length > 32),
  ];
};

/** The account makes a bucket's name unique in the world. */
const bucketProblems = (app: AppDefinition, environment: string): InfraProblem[] => {
  const aws = app.environments[environment]?.aws ?? null;
  return Object.keys(app.buckets).flatMap((bucket): InfraProblem[] => {
    const name = `${prefixOf(app, environment)}-${bucket}-${aws?.account ?? "123456789012"}`;
    if (name.length <= 63 || Object.hasOwn(aws?.existing.buckets ?? {}, bucket)) return [];
    const message =
      `makes the bucket's name "${name}" in ${environment}, ${name.length} characters; AWS takes at most 63: ` +
      "shorten a name, or hand in a bucket with existing.buckets";
    return [{ setting: `buckets.${bucket}`, message }];
  });
};
