import type { Fields } from "./plain-json.ts";

/** What goes with a resource that is destroyed, by type. */
export interface Removal {
  /**
   * "data": it cannot be had back. "service": the app, or a part of it, no longer answers. "traffic": some requests fail
   * until it is there again; told, and no reason to stop.
   */
  kind: "data" | "service" | "traffic";
  /** What is lost, as the end of "destroying it …". */
  loss: string;
  /** How long the app is without it where it is replaced. */
  replaced: string;
}

type Rule = Removal | ((before: Fields) => Removal);

const data = (loss: string, replaced = "the new one is empty"): Removal => ({ kind: "data", loss, replaced });
const service = (loss: string, replaced: string): Removal => ({ kind: "service", loss, replaced });

const traffic = (loss: string, replaced: string): Removal => ({ kind: "traffic", loss, replaced });

const database = (before: Fields): Removal =>
  data(
    before["skip_final_snapshot"] === true
      ? "deletes the database and its automated backups; no final snapshot is made"
      : "deletes the database and its automated backups; a final snapshot is made",
    "the new one is empty, and 10 to 20 minutes pass without a database",
  );

const cache = (before: Fields): Removal =>
  Number(before["snapshot_retention_limit"] ?? 0) > 0
    ? data("deletes what the cache holds", "the new one is empty, and about 10 minutes pass without a cache")
    : service(
        "takes the cache away with all that it holds, sessions too",
        "about 10 minutes without a cache; the new one is empty",
      );

const bucket = (before: Fields): Removal =>
  data(
    before["force_destroy"] === true
      ? "deletes the bucket with every object in it"
      : "deletes the bucket; S3 refuses while it holds objects",
  );

/** What is missed when it goes. What is not here can be destroyed and made again unnoticed. */
export const REMOVALS: Readonly<Record<string, Rule>> = {
  // what holds data
  aws_db_instance: database,
  aws_rds_cluster: database,
  aws_rds_cluster_instance: database,
  aws_rds_global_cluster: database,
  aws_db_snapshot: data("deletes a snapshot"),
  aws_s3_bucket: bucket,
  aws_s3_object: data("deletes an object"),
  aws_dynamodb_table: data("deletes the table with all its items"),
  aws_kms_key: data("makes everything that the key encrypts unreadable for good, after the waiting period"),
  aws_kms_replica_key: data("makes everything that the key encrypts unreadable for good"),
  aws_ecr_repository: data("deletes the repository with every image in it; a rollback needs them"),
  aws_secretsmanager_secret: data("deletes the secret; what logs in with it no longer can"),
  aws_ssm_parameter: (before) =>
    before["type"] === "SecureString"
      ? data("deletes a secret parameter")
      : traffic("deletes a parameter that others read", "a moment without it"),
  aws_efs_file_system: data("deletes the file system with all its files"),
  aws_ebs_volume: data("deletes the volume"),
  aws_backup_vault: data("deletes the backups in it"),
  aws_cognito_user_pool: data("deletes all accounts of its users"),
  aws_cloudwatch_log_group: data("deletes the lines that were logged"),
  aws_route53_zone: data(
    "deletes the zone: its names resolve no more, and a new zone has other name servers",
    "the new zone has other name servers: until the registrar names them, nothing resolves",
  ),
  aws_sqs_queue: data("deletes the queue with the messages in it"),
  aws_elasticache_replication_group: cache,
  aws_elasticache_cluster: cache,
  aws_elasticache_serverless_cache: cache,
  // what carries traffic
  aws_ecs_cluster: service("takes every service in it down", "down until all is deployed again"),
  aws_ecs_service: service("takes the service down", "down until it is deployed again"),
  aws_lb: service(
    "takes the address away that requests go to",
    "3 to 5 minutes without it, and its name changes",
  ),
  aws_lb_listener: service("nobody answers on its port", "seconds without an answer"),
  aws_lb_listener_rule: service("its requests go elsewhere", "seconds in which its requests go elsewhere"),
  aws_lb_target_group: service(
    "its service gets no requests",
    "no requests reach the service until it is deployed again",
  ),
  aws_cloudfront_distribution: service(
    "the site is no longer served",
    "5 to 15 minutes without the site, and its name changes",
  ),
  aws_cloudfront_function: traffic("requests that it rewrites fail", "seconds without it"),
  aws_cloudfront_origin_access_control: service(
    "the site's files can no longer be read",
    "the site's files cannot be read meanwhile",
  ),
  aws_route53_record: service("the name no longer resolves", "the name may not resolve for its TTL"),
  aws_acm_certificate: service(
    "browsers refuse the site without it",
    "until the new one is validated HTTPS may fail",
  ),
  aws_vpc: service("takes everything in the network down", "everything in it is made anew"),
  aws_subnet: service("takes everything in it down", "everything in it is made anew"),
  aws_nat_gateway: service(
    "tasks reach nothing outside",
    "1 to 3 minutes in which tasks reach nothing outside, with another address after it",
  ),
  aws_internet_gateway: service(
    "nothing reaches the network from outside",
    "nothing reaches the network meanwhile",
  ),
  aws_eip: traffic("others no longer know the address", "the address changes"),
  aws_route: traffic("connections over it are cut", "connections over it are cut"),
  aws_route_table: traffic("connections over it are cut", "connections over it are cut"),
  aws_route_table_association: traffic(
    "its subnet falls back to the main route table",
    "seconds on the main route table",
  ),
  aws_vpc_endpoint: traffic(
    "calls to the AWS service fail where there is no way out",
    "minutes in which such calls may fail",
  ),
  aws_security_group: service("what it allowed is refused", "what it allowed is refused meanwhile"),
  aws_vpc_security_group_ingress_rule: traffic(
    "what it allowed is refused",
    "seconds in which it is refused",
  ),
  aws_vpc_security_group_egress_rule: traffic("what it allowed is refused", "seconds in which it is refused"),
  aws_security_group_rule: traffic("what it allowed is refused", "seconds in which it is refused"),
  aws_db_proxy: service(
    "who connects through it no longer can",
    "5 to 10 minutes without it, and its name changes",
  ),
  aws_db_proxy_target: traffic(
    "the proxy reaches no database",
    "about a minute without the database behind it",
  ),
  aws_iam_role: traffic("what runs as it can do nothing more", "seconds in which calls fail"),
  aws_iam_role_policy: traffic("calls that it allowed fail", "seconds in which calls fail"),
  aws_iam_role_policy_attachment: traffic("calls that it allowed fail", "seconds in which calls fail"),
  aws_s3_bucket_policy: traffic("reads and writes that it allowed fail", "seconds in which they fail"),
};

/** What goes with it; null: nothing that anybody would miss. */
export const removalOf = (type: string, before: Fields | null): Removal | null => {
  const rule = Object.hasOwn(REMOVALS, type) ? REMOVALS[type]! : null;
  return typeof rule === "function" ? rule(before ?? {}) : rule;
};
