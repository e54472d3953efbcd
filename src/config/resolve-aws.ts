import type {
  AwsCacheDefinition,
  AwsDatabaseDefinition,
  AwsDefinition,
  AwsEnvironment,
  ExistingDefinition,
} from "../domain/aws-definition.ts";
import type {
  AwsCacheConfig,
  AwsConfig,
  AwsDatabaseConfig,
  AwsEnvironmentConfig,
  ExistingConfig,
} from "./aws-config.ts";
import { DEFAULTS } from "./defaults.ts";
import { storageGb } from "./units.ts";

const of = DEFAULTS.aws;

export const resolveAws = (aws: AwsConfig): AwsDefinition => ({
  repository: aws.github?.repository ?? null,
  oidcProviders: [...(aws.github?.oidcProviders ?? [])],
  trustedPrincipals: [...(aws.trustedPrincipals ?? [])],
  registry: {
    account: aws.registry?.account ?? null,
    region: aws.registry?.region ?? null,
    key: aws.registry?.key ?? null,
  },
  stateBucket: aws.stateBucket ?? null,
  tags: { ...(aws.tags ?? of.tags) },
  terraform: aws.terraform ?? null,
});

/** `shared` is what the app says for all its environments. */
export const resolveAwsEnvironment = (aws: AwsEnvironmentConfig, shared: AwsConfig): AwsEnvironment => ({
  region: aws.region ?? shared.region ?? null,
  account: aws.account ?? shared.account ?? null,
  network: {
    cidr: aws.network?.cidr ?? of.network.cidr,
    zones: aws.network?.zones ?? of.network.zones,
    egress: aws.network?.egress ?? of.network.egress,
  },
  database: resolveDatabase(aws.database ?? {}),
  cache: resolveCache(aws.cache ?? {}),
  waf: resolveWaf(aws.waf ?? of.waf.on),
  logDays: aws.logDays ?? of.logDays,
  alarmEmails: [...(aws.alarmEmails ?? shared.alarmEmails ?? [])],
  waive: [...(shared.waive ?? []), ...(aws.waive ?? [])].map((waiver) => ({ ...waiver })),
  protect: aws.protect ?? of.protect,
  images: {
    databaseRoles: aws.images?.databaseRoles ?? null,
    placeholder: aws.images?.placeholder ?? null,
  },
  parentZone: aws.parentZone ?? null,
  existing: resolveExisting(aws.existing ?? {}),
});

/** The most that RDS gives, in GiB. */
const MAX_STORAGE_GB = 65_536;

const resolveDatabase = (database: AwsDatabaseConfig): AwsDatabaseDefinition => {
  const storage = storageGb(database.storage ?? of.database.storage);
  return {
    instance: database.instance ?? of.database.instance,
    storageGb: storage,
    maxStorageGb:
      database.maxStorage === undefined
        ? Math.min(MAX_STORAGE_GB, Math.max(storageGb(of.database.maxStorage), 2 * storage))
        : storageGb(database.maxStorage),
    multiAz: database.multiAz ?? of.database.multiAz,
    backupDays: database.backupDays ?? of.database.backupDays,
    replica: database.replica ?? of.database.replica,
    proxy: database.proxy ?? of.database.proxy,
  };
};

const resolveCache = (cache: AwsCacheConfig): AwsCacheDefinition => ({
  engine: cache.engine ?? of.cache.engine,
  version: cache.version ?? null,
  node: cache.node ?? of.cache.node,
  replicas: cache.replicas ?? of.cache.replicas,
});

const resolveWaf = (waf: NonNullable<AwsEnvironmentConfig["waf"]>): AwsEnvironment["waf"] => {
  if (waf === false) return null;
  return { rateLimit: (waf === true ? undefined : waf.rateLimit) ?? of.waf.rateLimit };
};

const resolveExisting = (existing: ExistingConfig): ExistingDefinition => ({
  vpc:
    existing.vpc === undefined
      ? null
      : {
          id: existing.vpc.id,
          publicSubnets: [...existing.vpc.publicSubnets],
          privateSubnets: [...existing.vpc.privateSubnets],
          dataSubnets: [...existing.vpc.dataSubnets],
        },
  zone: existing.zone ?? null,
  certificate: existing.certificate ?? null,
  regionalCertificate: existing.regionalCertificate ?? null,
  cluster: existing.cluster ?? null,
  database: existing.database ?? null,
  buckets: { ...existing.buckets },
});
