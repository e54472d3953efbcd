import type { AppDefinition } from "../domain/app-definition.ts";
import { infraError, type InfraProblem } from "./check-infra.ts";
import type { StateBackend } from "./state-backend.ts";
import { stateBucketOf } from "./state-backend.ts";

/** The values of a bootstrap root, as Terraform reads them. */
export interface BootstrapVariables {
  region: string;
  account: string;
  app: {
    name: string;
    services: string[];
    /** The environments in this account. Where nobody could take on their roles, none are made. */
    environments: Record<string, Record<string, never>>;
    repository: string | null;
    /** GitHub's, where the account has it already; null: it is made. */
    oidc_provider: { arn: string } | null;
    /** Who may take on the roles besides the repository's workflows. */
    trusted_principals: string[];
    /** Null: it is made. */
    state_bucket: { name: string } | null;
    /** The account that holds the images; null: this one. */
    registry_account: string | null;
    /** Others that run them. */
    pull_accounts: string[];
    tags: Record<string, string>;
  };
}

/** What one AWS account needs before anything else: state bucket, roles for workflows, repositories for images. */
export interface Bootstrap {
  /** Its folder in `infra/`: "bootstrap", or "bootstrap-<account>" where images come from another account. */
  folder: string;
  account: string;
  region: string;
  environments: string[];
  variables: BootstrapVariables;
  /** Where its own state goes once the bucket is there. */
  backend: StateBackend;
}

/**
 * One for each account of the environments on AWS, the one that holds the images first: the app's `aws.account`, else
 * that of the first environment. Pure. Throws INFRA_SETTING where one names no region or no account.
 */
export const bootstrapsFor = (app: AppDefinition): Bootstrap[] => {
  const places = placesOf(app);
  const accounts = [...new Set(places.map(({ account }) => account))];
  const home = accounts[0]!;
  return accounts.map((account) => {
    const inside = places.filter((place) => place.account === account);
    const { region } = inside[0]!;
    const environments = inside.map(({ environment }) => environment);
    return {
      folder: account === home ? "bootstrap" : `bootstrap-${account}`,
      account,
      region,
      environments,
      variables: {
        region,
        account,
        app: {
          name: app.name,
          services: Object.keys(app.services),
          environments: isTrusting(app) ? Object.fromEntries(environments.map((name) => [name, {}])) : {},
          repository: app.aws.repository,
          oidc_provider: providerIn(app, account),
          trusted_principals: [...app.aws.trustedPrincipals],
          state_bucket: app.aws.stateBucket === null ? null : { name: app.aws.stateBucket },
          registry_account: account === home ? null : home,
          pull_accounts: account === home ? accounts.slice(1) : [],
          tags: { ...app.aws.tags },
        },
      },
      backend: {
        bucket: stateBucketOf(app, { account, region }),
        key: `${app.name}/bootstrap-${account}/terraform.tfstate`,
        region,
      },
    };
  });
};

const isTrusting = ({ aws }: AppDefinition): boolean =>
  aws.repository !== null || aws.trustedPrincipals.length > 0;

/** `arn:aws:iam::123456789012:oidc-provider/…` */
const accountOf = (arn: string): string => arn.split(":")[4]!;

const providerIn = ({ aws }: AppDefinition, account: string): { arn: string } | null => {
  const arn = aws.oidcProviders.find((one) => accountOf(one) === account);
  return arn === undefined ? null : { arn };
};

interface Place {
  environment: string;
  account: string;
  region: string;
}

const placesOf = (app: AppDefinition): Place[] => {
  const problems: InfraProblem[] = [];
  const places = Object.entries(app.environments).flatMap(([environment, { aws }]): Place[] => {
    if (aws === null) return [];
    const { account, region } = aws;
    const at = `environments.${environment}.aws`;
    if (region === null) problems.push({ setting: `${at}.region`, message: MISSING.region });
    if (account === null) problems.push({ setting: `${at}.account`, message: MISSING.account });
    return account === null || region === null ? [] : [{ environment, account, region }];
  });
  problems.push(...places.flatMap((place) => regionProblems(places, place)));
  problems.push(...places.flatMap((place) => prefixProblems(places, place)));
  problems.push(...providerProblems(app, places));
  if (places.length === 0 && problems.length === 0)
    problems.push({ setting: "environments", message: 'has none with platform "aws"' });
  if (problems.length > 0) throw infraError(null, problems);
  return places;
};

const regionProblems = (places: Place[], { environment, account, region }: Place): InfraProblem[] => {
  const first = places.find((other) => other.account === account)!;
  if (first.region === region) return [];
  const message =
    `is ${region}, and ${first.environment} is in ${first.region} of the same account: ` +
    "an account's bootstrap is for one region";
  return [{ setting: `environments.${environment}.aws.region`, message }];
};

/** Roles reach what begins with their environment's name and a dash. */
const prefixProblems = (places: Place[], { environment, account }: Place): InfraProblem[] =>
  places
    .filter((other) => other.account === account && environment.startsWith(`${other.environment}-`))
    .map((other) => ({
      setting: `environments.${environment}`,
      message: `begins with ${other.environment}-: the roles of ${other.environment} would reach it in the same account`,
    }));

/** A provider of an account that is not prepared would be without effect, and another be made. */
const providerProblems = ({ aws }: AppDefinition, places: Place[]): InfraProblem[] =>
  aws.oidcProviders.flatMap((arn, index): InfraProblem[] => {
    const setting = `aws.github.oidcProviders[${index}]`;
    const account = accountOf(arn);
    if (aws.oidcProviders.findIndex((one) => accountOf(one) === account) < index)
      return [{ setting, message: `is a second one of the account ${account}: an account holds one` }];
    return places.some((place) => place.account === account)
      ? []
      : [{ setting, message: `is of the account ${account}, and no environment is in it` }];
  });

const MISSING = {
  region: "is missing, and so is aws.region for all of them: the AWS region",
  account: "is missing, and so is aws.account for all of them: the id of the AWS account",
};
