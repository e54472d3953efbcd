import type { AppDefinition, EnvironmentDefinition } from "../domain/app-definition.ts";
import type { AwsEnvironment } from "../domain/aws-definition.ts";
import { fargateSize } from "../domain/fargate-size.ts";
import { deploymentSettings } from "./deployment-settings.ts";
import { settingsIn, type Setting } from "./setting.ts";
import { sizedService } from "./service-variables.ts";
import { memoryText, percentText, storageText } from "./setting-text.ts";

/**
 * All that the configuration says of an environment. Sizes are what is really made: two memories that Fargate rounds up to
 * one are equal. Without `aws` what only AWS has is left out: beside another platform it would all differ.
 */
export const settingsOf = (
  app: AppDefinition,
  environment: EnvironmentDefinition,
  options: { aws: boolean },
): Setting[] => {
  const aws = options.aws ? environment.aws : null;
  return [
    ...settingsIn("shape", "environment", { platform: environment.platform }),
    ...settingsIn("size", "environment", { domain: environment.domain }),
    ...(aws === null
      ? []
      : settingsIn("size", "environment", {
          region: aws.region,
          account: aws.account,
          logDays: aws.logDays,
          protect: aws.protect,
        })),
    ...Object.keys(app.services).flatMap((name) => serviceSettings(app, environment, name)),
    ...Object.entries(app.sites).flatMap(([name, { settings }]) =>
      settingsIn(
        "size",
        `sites.${name}`,
        prefixed("settings", { ...settings, ...environment.sites[name]?.settings }),
      ),
    ),
    ...(aws === null ? [] : awsSettings(app, aws)),
    ...deploymentSettings(environment),
  ];
};

const serviceSettings = (app: AppDefinition, environment: EnvironmentDefinition, name: string): Setting[] => {
  const service = sizedService(app, environment, name);
  const size = environment.platform === "aws" ? (fargateSize(service) ?? service) : service;
  const scales = environment.platform === "aws" && service.maxInstances !== null;
  return settingsIn("size", `services.${name}`, {
    instances: service.instances,
    maxInstances: scales ? service.maxInstances : null,
    scaleAtCpu: scales ? percentText(service.scaleAtCpu) : null,
    cpu: size.cpu,
    memory: memoryText(size.memoryMb),
    ...prefixed("env", { ...service.env, ...environment.env, ...environment.services[name]?.env }),
  });
};

const prefixed = (prefix: string, values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]));

const awsSettings = (app: AppDefinition, aws: AwsEnvironment): Setting[] => [
  ...networkSettings(aws),
  ...(app.database === null ? [] : databaseSettings(aws)),
  ...(app.cache === null ? [] : cacheSettings(aws)),
  ...Object.keys(app.buckets).flatMap((name) => bucketSettings(aws, name)),
  ...settingsIn("shape", "firewall", { waf: aws.waf !== null }),
  ...settingsIn("size", "firewall", { rateLimit: aws.waf?.rateLimit ?? null }),
];

/** Whether a part is made or was there before. Which one it is counts as size: two of a kind behave alike. */
const origin = (group: string, part: string, existing: string | null): Setting[] => [
  ...settingsIn("shape", group, { [part]: existing === null ? "made" : "existing" }),
  ...settingsIn("size", group, { [`existing.${part}`]: existing }),
];

const networkSettings = ({ network, existing }: AwsEnvironment): Setting[] => [
  ...origin("network", "vpc", existing.vpc?.id ?? null),
  ...origin("network", "zone", existing.zone),
  ...origin("network", "certificate", existing.certificate),
  ...origin("network", "regionalCertificate", existing.regionalCertificate),
  ...origin("network", "cluster", existing.cluster),
  ...(existing.vpc !== null
    ? []
    : [
        ...settingsIn("shape", "network", {
          internet: network.egress === "endpoints" ? "out of reach" : "through NAT",
        }),
        ...settingsIn("size", "network", {
          cidr: network.cidr,
          zones: network.zones,
          egress: network.egress,
        }),
      ]),
];

const databaseSettings = ({ database, existing }: AwsEnvironment): Setting[] => [
  ...origin("database", "database", existing.database),
  ...(existing.database !== null
    ? []
    : [
        ...settingsIn("shape", "database", { proxy: database.proxy }),
        ...settingsIn("size", "database", {
          instance: database.instance,
          storage: storageText(database.storageGb),
          maxStorage: storageText(database.maxStorageGb),
          multiAz: database.multiAz,
          backupDays: database.backupDays,
          replica: database.replica,
        }),
      ]),
];

const cacheSettings = ({ cache }: AwsEnvironment): Setting[] => [
  ...settingsIn("shape", "cache", { engine: cache.engine }),
  ...settingsIn("size", "cache", { version: cache.version, node: cache.node, replicas: cache.replicas }),
];

const bucketSettings = ({ existing }: AwsEnvironment, name: string): Setting[] =>
  origin("buckets", name, existing.buckets[name] ?? null);
