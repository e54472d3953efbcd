import type { AppDefinition } from "../domain/app-definition.ts";

/** Where the repositories of the app's images are, and the key that encrypts them; null: one of AWS's own. */
export interface RegistryPlace {
  account: string;
  region: string;
  key: string | null;
}

/**
 * One for all environments, so that each runs the same bytes: what `aws.registry` says, and for the rest the account and region of
 * the first environment on AWS. Null where that names none.
 */
export const registryPlaceOf = ({ aws, environments }: AppDefinition): RegistryPlace | null => {
  const first = Object.values(environments).find((one) => one.aws !== null)?.aws;
  const account = aws.registry.account ?? first?.account ?? null;
  const region = aws.registry.region ?? first?.region ?? null;
  return account === null || region === null ? null : { account, region, key: aws.registry.key };
};
