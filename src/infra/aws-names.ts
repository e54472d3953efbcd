import type { AppDefinition } from "../domain/app-definition.ts";
import type { InfraProblem } from "./check-infra.ts";

/** Before the name of everything that an environment has on AWS. */
export const prefixOf = ({ name }: AppDefinition, environment: string): string => `${name}-${environment}`;

/**
 * What AWS does not take as a name, and how the names come about. The limits are those of the Terraform modules, which
 * leave room for what they append: ElastiCache has 40 characters, a role 64, a bucket 63.
 */
export const nameProblems = (app: AppDefinition, environment: string): InfraProblem[] => [
  ...nameProblem("name", app.name, { least: 2, most: 31 }),
  ...nameProblem(`environments.${environment}`, environment, { least: 2, most: 20 }),
  ...prefixProblems(app, environment),
  ...Object.keys(app.services).flatMap((name) => nameProblem(`services.${name}`, name, { most: 19 })),
  ...Object.keys(app.sites).flatMap((name) => nameProblem(`sites.${name}`, name, { most: 19 })),
  ...Object.keys(app.buckets).flatMap((name) => nameProblem(`buckets.${name}`, name, { most: 18 })),
];

const nameProblem = (
  setting: string,
  name: string,
  { least = 1, most }: { least?: number; most: number },
): InfraProblem[] => {
  const refuse = (message: string): InfraProblem[] => [{ setting, message }];
  if (/--|-$/.test(name))
    return refuse(`is called "${name}"; on AWS a name has single dashes, and none at its end`);
  if (name.length < least)
    return refuse(`is called "${name}"; on AWS the name has ${least} characters or more`);
  return name.length <= most
    ? []
    : refuse(`has a name of ${name.length} characters; on AWS it has at most ${most}`);
};

const MOST_PREFIX = 32;

const prefixProblems = (app: AppDefinition, environment: string): InfraProblem[] => {
  const prefix = prefixOf(app, environment);
  if (prefix.length <= MOST_PREFIX) return [];
  const message =
    `makes names that begin with "${prefix}", ${prefix.length} characters; load balancers on AWS have at most ` +
    `${MOST_PREFIX}: shorten the app's name or the environment's`;
  return [{ setting: `environments.${environment}`, message }];
};

/** Target groups have 32 characters too, but what is longer is cut by the module, and ends with a hash. */
export const cutNames = (app: AppDefinition, environment: string): string[] =>
  Object.entries(app.services)
    .filter(([, { kind }]) => kind === "web")
    .map(([name]) => `${prefixOf(app, environment)}-${name}-green`)
    .filter((name) => name.length > MOST_PREFIX);
