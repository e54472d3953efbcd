import type { AppDefinition } from "../domain/app-definition.ts";
import { checkInfra } from "./check-infra.ts";

/** Where Terraform keeps the state of one root folder. */
export interface StateBackend {
  bucket: string;
  key: string;
  region: string;
}

/** One for each account and region, shared by apps, where the configuration names none. */
export const stateBucketOf = (
  { aws }: AppDefinition,
  { account, region }: { account: string; region: string },
): string => aws.stateBucket ?? `switchback-state-${account}-${region}`;

/** Where the state of an environment is. Throws what `variablesFor` throws. */
export const stateBackend = (app: AppDefinition, environment: string): StateBackend => {
  const place = checkInfra(app, environment);
  return {
    bucket: stateBucketOf(app, place),
    key: `${app.name}/${environment}/terraform.tfstate`,
    region: place.region,
  };
};
