import type { AppDefinition, EnvironmentDefinition } from "../domain/app-definition.ts";
import type { AwsEnvironment, ExistingVpc } from "../domain/aws-definition.ts";
import { awsPlaceOf, checkInfra } from "./check-infra.ts";
import { registryPlaceOf } from "./registry-place.ts";
import { serviceVariables, type ServiceVariables } from "./service-variables.ts";

/** The values of the root folder of one environment, as Terraform reads them. */
export interface TerraformVariables {
  region: string;
  account: string;
  app: AppVariables;
}

/** `variable "app"` of the module `app`. Null: there is none, or the module's default. */
export interface AppVariables {
  name: string;
  environment: string;
  domain: string;
  protect: boolean;
  log_days: number;
  /** Handed to the module beside `app`. */
  alarm_emails: string[];
  network: { cidr: string; zones: number; egress: "nat" | "nat-per-zone" | "endpoints" };
  services: Record<string, ServiceVariables>;
  sites: Record<string, { route: string; fallback: string }>;
  database: DatabaseVariables | null;
  cache: { engine: "valkey" | "redis"; version: string | null; node: string; replicas: number } | null;
  buckets: Record<string, { public: boolean }>;
  waf: { rate_limit: number } | null;
  /** Where the images are; null: in the environment's own account and region. `repositories` by service, where not `<app>/<service>`. */
  registry: {
    account: string | null;
    region: string | null;
    kms_key: string | null;
    repositories: Record<string, string>;
  };
  images: { database_roles: string | null; placeholder: string | null };
  dns: { parent_zone: string | null };
  existing: ExistingVariables;
  /** For the provider's default tags; the module does not look at it. */
  tags: Record<string, string>;
}

export interface DatabaseVariables {
  version: number;
  instance: string;
  storage_gb: number;
  max_storage_gb: number;
  multi_az: boolean;
  backup_days: number;
  replica: boolean;
  proxy: boolean;
}

export interface ExistingVariables {
  vpc: { id: string; public_subnets: string[]; private_subnets: string[]; data_subnets: string[] } | null;
  zone: string | null;
  certificate: string | null;
  regional_certificate: string | null;
  cluster: string | null;
  database: string | null;
  buckets: Record<string, string>;
}

/**
 * What Terraform is given for one environment. Pure; the same configuration gives the same bytes. Throws
 * ENVIRONMENT_UNKNOWN, and INFRA_SETTING with everything that is missing or that AWS does not take.
 */
export const variablesFor = (app: AppDefinition, environment: string): TerraformVariables => {
  const { definition, aws } = awsPlaceOf(app, environment);
  const place = checkInfra(app, environment);
  return { ...place, app: appVariables({ app, environment, definition, aws, place }) };
};

interface Given {
  app: AppDefinition;
  environment: string;
  definition: EnvironmentDefinition;
  aws: AwsEnvironment;
  place: { region: string; account: string };
}

const appVariables = ({ app, environment, definition, aws, place }: Given): AppVariables => ({
  name: app.name,
  environment,
  domain: definition.domain ?? "",
  protect: aws.protect,
  log_days: aws.logDays,
  alarm_emails: [...aws.alarmEmails],
  network: { ...aws.network },
  services: serviceVariables(app, definition),
  sites: Object.fromEntries(
    Object.entries(app.sites).map(([name, { route, fallback }]) => [name, { route, fallback }]),
  ),
  database: app.database === null ? null : databaseVariables(app.database.version, aws),
  cache: app.cache === null ? null : { ...aws.cache },
  buckets: Object.fromEntries(
    Object.entries(app.buckets).map(([name, bucket]) => [name, { public: bucket.public }]),
  ),
  waf: aws.waf === null ? null : { rate_limit: aws.waf.rateLimit },
  registry: registryVariables(app, place),
  images: { database_roles: aws.images.databaseRoles, placeholder: aws.images.placeholder },
  dns: { parent_zone: aws.parentZone },
  existing: existingVariables(aws),
  tags: { ...app.aws.tags },
});

const registryVariables = (app: AppDefinition, own: Given["place"]): AppVariables["registry"] => {
  const found = registryPlaceOf(app);
  const other = (there: string | undefined, here: string): string | null =>
    there === undefined || there === here ? null : there;
  return {
    account: other(found?.account, own.account),
    region: other(found?.region, own.region),
    kms_key: found?.key ?? null,
    repositories: {},
  };
};

const databaseVariables = (version: number, { database }: AwsEnvironment): DatabaseVariables => ({
  version,
  instance: database.instance,
  storage_gb: database.storageGb,
  max_storage_gb: database.maxStorageGb,
  multi_az: database.multiAz,
  backup_days: database.backupDays,
  replica: database.replica,
  proxy: database.proxy,
});

const existingVariables = ({ existing }: AwsEnvironment): ExistingVariables => ({
  vpc: existing.vpc === null ? null : vpcVariables(existing.vpc),
  zone: existing.zone,
  certificate: existing.certificate,
  regional_certificate: existing.regionalCertificate,
  cluster: existing.cluster,
  database: existing.database,
  buckets: { ...existing.buckets },
});

const vpcVariables = (vpc: ExistingVpc): NonNullable<ExistingVariables["vpc"]> => ({
  id: vpc.id,
  public_subnets: vpc.publicSubnets,
  private_subnets: vpc.privateSubnets,
  data_subnets: vpc.dataSubnets,
});
