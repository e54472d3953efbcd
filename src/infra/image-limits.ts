import type { AppDefinition } from "../domain/app-definition.ts";
import type { AwsEnvironment } from "../domain/aws-definition.ts";
import type { InfraProblem } from "./check-infra.ts";
import { registryPlaceOf } from "./registry-place.ts";

const ECR = /^\d{12}\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?\//;

/** A network without a way out reaches ECR by its endpoints, and no public registry. An existing network is not looked into. */
export const imageProblems = (
  app: AppDefinition,
  environment: string,
  { images, network, existing }: AwsEnvironment,
): InfraProblem[] => {
  if (network.egress !== "endpoints" || existing.vpc !== null) return [];
  const registry = registryPlaceOf(app);
  const region = app.environments[environment]?.aws?.region ?? null;
  const elsewhere = registry !== null && region !== null && registry.region !== region;
  const needed: [name: "databaseRoles" | "placeholder", isNeeded: boolean, what: string][] = [
    ["databaseRoles", app.database !== null, "the task that makes the database's roles"],
    ["placeholder", Object.keys(app.services).length > 0, "a service before its first deployment"],
  ];
  const problems = needed.flatMap(([name, isNeeded, what]): InfraProblem[] => {
    const image = images[name];
    if (!isNeeded || (image !== null && ECR.exec(image)?.[1] === region)) return [];
    const message = `is ${image === null ? "a public image" : `"${image}"`}, and network.egress is "endpoints": ${what} reaches images in ECR of its region only, copied there or through a pull-through cache`;
    return [{ setting: `environments.${environment}.aws.images.${name}`, message }];
  });
  if (elsewhere && Object.keys(app.services).length > 0)
    problems.push({
      setting: `environments.${environment}.aws.network.egress`,
      message: `is "endpoints", and the app's images are in ${registry.region}: the network reaches ECR of ${region} only`,
    });
  return problems;
};
