/** What the infrastructure of one environment tells whoever deploys to it: version 1. No name is guessed by convention. */
export interface Contract {
  version: 1;
  app: string;
  environment: string;
  account: string;
  region: string;
  /** Null where nothing can be asked: workers alone. */
  url: string | null;
  /** The hosted zone of the domain, and the servers that its parent delegates to (none for a zone that was there already). */
  dns: { zone: string; nameServers: string[] } | null;
  network: NetworkContract;
  cluster: { name: string; arn: string };
  /** Null where no service has a route. */
  loadBalancer: LoadBalancerContract | null;
  services: Record<string, ServiceContract>;
  sites: Record<string, SiteContract>;
  database: DatabaseContract | null;
  cache: CacheContract | null;
  buckets: Record<string, { name: string; arn: string }>;
  /** Before the names of secrets: `rideshare/staging/`. */
  secretsPrefix: string;
}

export interface NetworkContract {
  vpc: string;
  privateSubnets: string[];
  servicesSecurityGroup: string;
  assignPublicIp: boolean;
}

export interface LoadBalancerContract {
  arn: string;
  dnsName: string;
  /** The host name by which CloudFront reaches it. */
  originDomain: string;
  listener: string;
  /** Where a candidate is looked at before it takes traffic; null: there is none. */
  testListener: string | null;
}

export interface ServiceContract {
  name: string;
  /** Of its task definitions. */
  family: string;
  kind: "web" | "worker";
  /** Null for a worker, as all that has to do with the load balancer. */
  port: number | null;
  repository: string;
  executionRole: string;
  taskRole: string;
  logGroup: string;
  targetGroups: { blue: string; green: string } | null;
  productionRule: string | null;
  testRule: string | null;
  /** What ECS takes on to move traffic. */
  deploymentRole: string | null;
  /** Names of the alarms that end a deployment. */
  alarms: string[];
}

export interface SiteContract {
  bucket: string;
  /** Before every key; empty, or with a slash at its end. */
  prefix: string;
  distribution: string;
  distributionDomain: string;
  route: string;
  fallback: string;
}

export interface DatabaseContract {
  identifier: string;
  host: string;
  port: number;
  name: string;
  /** ARNs of secrets. */
  masterSecret: string;
  appSecret: string;
  migrateSecret: string;
  /** The one-off task that makes the roles of the app and of its migrations. */
  rolesTask: {
    taskDefinition: string;
    securityGroup: string;
    /** Another one whenever the task has to run again: new passwords, another server, another script. */
    fingerprint: string;
    /** Name of the parameter that says what it ran for the last time. */
    record: string;
  };
}

export interface CacheContract {
  host: string;
  port: number;
  tls: boolean;
  secret: string;
}
