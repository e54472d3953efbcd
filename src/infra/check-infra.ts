import type { AppDefinition, EnvironmentDefinition } from "../domain/app-definition.ts";
import type { AwsEnvironment } from "../domain/aws-definition.ts";
import { AppError } from "../domain/errors.ts";
import { limitProblems } from "./aws-limits.ts";
import { nameProblems } from "./aws-names.ts";

/** A setting that is missing, or that AWS does not take. */
export interface InfraProblem {
  /** As one would write it: `environments.staging.domain`. */
  setting: string;
  /** Completes the setting to a sentence. */
  message: string;
}

/** An environment on AWS with its sizes. Throws ENVIRONMENT_UNKNOWN, and INFRA_SETTING where the platform is another. */
export const awsPlaceOf = (
  app: AppDefinition,
  environment: string,
): { definition: EnvironmentDefinition; aws: AwsEnvironment } => {
  const definition = Object.hasOwn(app.environments, environment) ? app.environments[environment] : undefined;
  if (definition === undefined)
    throw new AppError("ENVIRONMENT_UNKNOWN", `${app.name} has no environment "${environment}".`, {
      hint: `the environments are: ${Object.keys(app.environments).join(", ")}`,
      context: { environment, allowed: Object.keys(app.environments) },
    });
  if (definition.aws === null)
    throw infraError(environment, [
      {
        setting: `environments.${environment}.platform`,
        message: 'is "local": only an environment with platform "aws" has infrastructure',
      },
    ]);
  return { definition, aws: definition.aws };
};

/** Region and account of an environment that can be made. Throws INFRA_SETTING with all that speaks against it. */
export const checkInfra = (app: AppDefinition, environment: string): { region: string; account: string } => {
  const { definition, aws } = awsPlaceOf(app, environment);
  const { region, account } = aws;
  const problems = [
    ...missing(environment, { region, account, domain: definition.domain }),
    ...nameProblems(app, environment),
    ...limitProblems(app, environment, { domain: definition.domain, aws }),
  ];
  if (problems.length > 0 || region === null || account === null) throw infraError(environment, problems);
  return { region, account };
};

const EXAMPLES = {
  region: 'is missing: the AWS region, such as "eu-north-1"',
  account: "is missing: the id of the AWS account, twelve digits in quotes",
  domain: 'is missing: the host name that people type, such as "staging.example.com"',
};

const missing = (environment: string, values: Record<keyof typeof EXAMPLES, string | null>): InfraProblem[] =>
  (["region", "account", "domain"] as const).flatMap((name) => {
    if (values[name] !== null) return [];
    const own = `environments.${environment}.${name === "domain" ? name : `aws.${name}`}`;
    const message = `${EXAMPLES[name]}${name === "domain" ? "" : `; aws.${name} is for all environments`}`;
    return [{ setting: own, message }];
  });

/** All problems in one error: `context.problems` holds each, the message names the first. */
export const infraError = (environment: string | null, problems: InfraProblem[]): AppError => {
  const [first = { setting: "aws", message: "is not complete" }] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  return new AppError("INFRA_SETTING", `${first.setting} ${first.message}${more}.`, {
    hint: "change it in switchback.config.ts; settings: docs/config.md#aws",
    context: { ...(environment === null ? {} : { environment }), problems },
  });
};
