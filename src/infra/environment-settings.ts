import type { AppDefinition, EnvironmentDefinition } from "../domain/app-definition.ts";
import type { AwsEnvironment } from "../domain/aws-definition.ts";
import { fargateSize } from "../domain/fargate-size.ts";
import { deploymentSettings } from "./deployment-settings.ts";
import { settingsIn, type Setting } from "./setting.ts";
import { sizedService } from "./service-variables.ts";
import { memoryText, percentText, storageText } from "./setting-text.ts";

/** What is made in both of two environments; of what is not, only that is told. */
export interface Common {
  aws: boolean;
  network: boolean;
  database: boolean;
}

export const commonOf = (one: EnvironmentDefinition, other: EnvironmentDefinition): Common => {
  const both = (is: (aws: AwsEnvironment) => boolean): boolean =>
    [one, other].every(({ aws }) => aws !== null && is(aws));
  return {
    aws: both(() => true),
    network: both(({ existing }) => existing.vpc === null),
    database: both(({ existing }) => existing.database === null),
  };
};

/**
 * All that the configuration says of an environment and that can be compared. Sizes are what is really made: two memories
 * that Fargate rounds up to one are equal.
 */
export const settingsOf = (
  app: AppDefinition,
  environment: EnvironmentDefinition,
  common: Common,
): Setting[] => {
  const aws = common.aws ? environment.aws : null;
  return [
    ...settingsIn("shape", "environment", { platform: environment.platform }),
    ...settingsIn("size", "environment", { domain: environment.domain }),
    ...(aws === null
      ? []
      : settingsIn("size", "environment", {
          region: aws.region,
          account: aws.account,
          logDays: aws.logDays,
          alarmEmails: aws.alarmEmails.length === 0 ? null : aws.alarmEmails.join(", "),
          waive:
            aws.waive.length === 0
              ? null
              : aws.waive
                  .map(({ rule, address, until }) => `${rule} at ${address} until ${until}`)
                  .join(", "),
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
    ...(aws === null ? [] : awsSettings(app, aws, common)),
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

const awsSettings = (app: AppDefinition, aws: AwsEnvironment, common: Common): Setting[] => [
  ...networkSettings(aws, common),
  ...(app.database === null ? [] : databaseSettings(aws, common)),
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

const networkSettings = ({ network, existing }: AwsEnvironment, common: Common): Setting[] => [
  ...origin("network", "vpc", existing.vpc?.id ?? null),
  ...origin("network", "zone", existing.zone),
  ...origin("network", "certificate", existing.certificate),
  ...origin("network", "regionalCertificate", existing.regionalCertificate),
  ...origin("network", "cluster", existing.cluster),
  ...(!common.network
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

const databaseSettings = ({ database, existing }: AwsEnvironment, common: Common): Setting[] => [
  ...origin("database", "database", existing.database),
  ...(!common.database
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
