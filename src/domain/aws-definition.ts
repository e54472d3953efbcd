import type { PolicyWaiver } from "./policy-finding.ts";

/** What all environments of the app on AWS share. */
export interface AwsDefinition {
  /** Owner and name of the repository on GitHub whose workflows may deploy; null: none. */
  repository: string | null;
  /** ARNs of GitHub's OIDC providers that accounts have already, one an account at most. */
  oidcProviders: string[];
  /** ARNs of roles and users that may take on the roles of the environments too. */
  trustedPrincipals: string[];
  /** Where the images are; null: in the account and region of the first environment on AWS; no key: one of AWS's own. */
  registry: { account: string | null; region: string | null; key: string | null };
  /** Null: `switchback-state-<account>-<region>`, one for each account and region. */
  stateBucket: string | null;
  /** On everything that is made, besides Project, Environment and ManagedBy. */
  tags: Record<string, string>;
  /** A name on the PATH or a path; null: terraform, else tofu. */
  terraform: string | null;
}

/** What an environment on AWS is made of. Sizes; the shape is the app's. */
export interface AwsEnvironment {
  /** Null: not said. The configuration can be read without, the infrastructure not be made. */
  region: string | null;
  /** Twelve digits. Null: not said. */
  account: string | null;
  network: NetworkDefinition;
  database: AwsDatabaseDefinition;
  cache: AwsCacheDefinition;
  /** Null: no firewall in front of the app. */
  waf: { rateLimit: number } | null;
  logDays: number;
  /** People who hear of alarms. */
  alarmEmails: string[];
  /** Policies that are let be, the app's and the environment's own. */
  waive: PolicyWaiver[];
  /** Deletion protection, a last snapshot, full buckets are kept. */
  protect: boolean;
  /** Of what is not the app's; null: from public registries. */
  images: { databaseRoles: string | null; placeholder: string | null };
  /** Id of the hosted zone that delegates to the new one; null: somebody does it by hand. */
  parentZone: string | null;
  existing: ExistingDefinition;
}

export interface NetworkDefinition {
  /** The network's IPv4 block. */
  cidr: string;
  zones: number;
  /** "nat": one gateway. "endpoints": no way out but to AWS. */
  egress: "nat" | "nat-per-zone" | "endpoints";
}

export interface AwsDatabaseDefinition {
  instance: string;
  storageGb: number;
  maxStorageGb: number;
  multiAz: boolean;
  backupDays: number;
  replica: boolean;
  proxy: boolean;
}

export interface AwsCacheDefinition {
  engine: "valkey" | "redis";
  /** Null: the newest that the module knows. */
  version: string | null;
  node: string;
  /** Besides the primary. */
  replicas: number;
}

/** What is there already and is used instead of being made; null or empty: it is made. */
export interface ExistingDefinition {
  vpc: ExistingVpc | null;
  /** Id of the hosted zone. */
  zone: string | null;
  /** ARN of a certificate in us-east-1, for CloudFront. */
  certificate: string | null;
  /** ARN of a certificate in the environment's region, for the load balancer. */
  regionalCertificate: string | null;
  /** Name of the ECS cluster. */
  cluster: string | null;
  /** Identifier of the RDS instance. */
  database: string | null;
  /** Bucket of the configuration → name of the bucket that is there. */
  buckets: Record<string, string>;
}

export interface ExistingVpc {
  id: string;
  publicSubnets: string[];
  privateSubnets: string[];
  dataSubnets: string[];
}
