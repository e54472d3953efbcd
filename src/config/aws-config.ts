/**
 * The parts of the configuration that are about AWS. Whatever is left out has a default (docs/config.md). A test compares
 * these types with the schema, and each comment with the schema's description.
 */

/** `"20GB"` or `"1TB"`; 1 TB is 1024 GB. */
export type Storage = `${number}${"GB" | "TB"}`;

export interface AwsConfig {
  /** The AWS region of every environment that names none. */
  region?: string | undefined;
  /** The id of the AWS account of every environment that names none. */
  account?: string | undefined;
  /** Addresses of the people who hear of alarms, in every environment that names none. */
  alarmEmails?: string[] | undefined;
  /** Tags on everything that is made, besides `Project`, `Environment` and `ManagedBy`. */
  tags?: Record<string, string> | undefined;
  /** Where the app's sources are; workflows there may deploy without stored credentials. */
  github?: GithubConfig | undefined;
  /** ARNs of IAM roles and users that may take on the environments' roles too, such as the role of people's single sign-on. */
  trustedPrincipals?: string[] | undefined;
  /** Where the images are. */
  registry?: RegistryConfig | undefined;
  /** The bucket of Terraform's state, where another app of the account has made it already. */
  stateBucket?: string | undefined;
  /** Policies that are let be for a time in every environment, each with a reason. */
  waive?: WaiverConfig[] | undefined;
  /** The program that plans and applies: its name on the PATH, or a path. `SWITCHBACK_TERRAFORM` goes before it. */
  terraform?: string | undefined;
}

export interface WaiverConfig {
  /** The policy's id, as docs/policies.md lists it. */
  rule: string;
  /** Terraform's address of the resource; `*` stands for any text. */
  address: string;
  /** Why it is let be: whoever reads a plan is told. */
  reason: string;
  /** The last day on which it holds, in UTC. */
  until: string;
}

export interface RegistryConfig {
  /** The id of the AWS account that has the repositories. */
  account?: string | undefined;
  /** The AWS region that they are in. */
  region?: string | undefined;
  /** ARN of the KMS key that encrypts them, where it is none of AWS's own. */
  key?: string | undefined;
}

export interface GithubConfig {
  /** Owner and name of the repository. */
  repository: string;
  /** ARNs of GitHub's OIDC providers that accounts have already; an account holds one, and it is made where none is named. */
  oidcProviders?: string[] | undefined;
}

export interface AwsEnvironmentConfig {
  /** The AWS region. */
  region?: string | undefined;
  /** The id of the AWS account. */
  account?: string | undefined;
  /** The network that everything is in. */
  network?: NetworkConfig | undefined;
  /** The size of the database. */
  database?: AwsDatabaseConfig | undefined;
  /** The size of the cache. */
  cache?: AwsCacheConfig | undefined;
  /** A firewall in front of the app: `true`, or its settings. */
  waf?: boolean | WafConfig | undefined;
  /** How many days logs are kept; CloudWatch knows certain numbers only. */
  logDays?: number | undefined;
  /** Addresses of the people who hear of alarms; each confirms a message from AWS first. */
  alarmEmails?: string[] | undefined;
  /** Policies that are let be for a time, besides those of `aws.waive`. */
  waive?: WaiverConfig[] | undefined;
  /** Refuse to delete what holds data: deletion protection, a last snapshot, full buckets are kept. */
  protect?: boolean | undefined;
  /** Where images come from that are not the app's. */
  images?: ImagesConfig | undefined;
  /** The id of the hosted zone, in the same account, in which the environment's new zone gets its delegation. */
  parentZone?: string | undefined;
  /** What is there already and is used instead of being made. */
  existing?: ExistingConfig | undefined;
}

export interface ImagesConfig {
  /** For the task that makes the database's roles: psql 15 or later and a shell. */
  databaseRoles?: string | undefined;
  /** What a service's first task definition names until the first deployment: a shell and httpd, as busybox has them. */
  placeholder?: string | undefined;
}

export interface NetworkConfig {
  /** The network's block of private IPv4 addresses. */
  cidr?: string | undefined;
  /** How many availability zones it is spread over. */
  zones?: number | undefined;
  /** The way out to the internet: one NAT gateway, one in each zone, or none: endpoints of AWS services alone. */
  egress?: "nat" | "nat-per-zone" | "endpoints" | undefined;
}

export interface AwsDatabaseConfig {
  /** The RDS instance class. */
  instance?: string | undefined;
  /** What is there from the start. */
  storage?: Storage | undefined;
  /** What it may grow to by itself. */
  maxStorage?: Storage | undefined;
  /** Keep a standby in a second zone, which takes over when the first fails. */
  multiAz?: boolean | undefined;
  /** How many days back any moment can be restored. */
  backupDays?: number | undefined;
  /** Add a replica that can be read from. */
  replica?: boolean | undefined;
  /** Put RDS Proxy in front, which shares connections. */
  proxy?: boolean | undefined;
}

export interface AwsCacheConfig {
  /** What speaks Redis's protocol. */
  engine?: "valkey" | "redis" | undefined;
  /** The engine's version, such as `"8.0"`. */
  version?: string | undefined;
  /** The ElastiCache node type. */
  node?: string | undefined;
  /** Copies besides the primary, one of which takes over when it fails. */
  replicas?: number | undefined;
}

export interface WafConfig {
  /** Requests that one address may send in five minutes. */
  rateLimit?: number | undefined;
}

export interface ExistingConfig {
  /** A network with its subnets. */
  vpc?: ExistingVpcConfig | undefined;
  /** The id of the Route 53 hosted zone that `domain` is in. */
  zone?: string | undefined;
  /** ARN of the ACM certificate for `domain`, in us-east-1, where CloudFront looks for it. */
  certificate?: string | undefined;
  /** ARN of the ACM certificate for `origin.` and `domain`, in the environment's region. */
  regionalCertificate?: string | undefined;
  /** The name of an ECS cluster. */
  cluster?: string | undefined;
  /** The identifier of an RDS instance. */
  database?: string | undefined;
  /** Buckets by their names in this configuration, each with the name of the bucket that is there. */
  buckets?: Record<string, string> | undefined;
}

export interface ExistingVpcConfig {
  /** The VPC's id. */
  id: string;
  /** Ids of subnets with a way in, for the load balancer: two zones or more. */
  publicSubnets: string[];
  /** Ids of subnets for the services: two zones or more. */
  privateSubnets: string[];
  /** Ids of subnets for database and cache: two zones or more. */
  dataSubnets: string[];
}
