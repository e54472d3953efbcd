import type { Effect } from "./effect.ts";
import type { Fields } from "./plain-json.ts";

/** What it costs to change an attribute of a resource that stays. The first rule that fits an attribute decides. */
export interface UpdateRule {
  /** Beginnings of attribute paths; empty: every one that no rule before names. */
  attributes: string[];
  effect: Effect | ((after: Fields) => Effect);
}

const none = (text: string): Effect => ({ severity: "none", text });
const restart = (text: string): Effect => ({ severity: "restart", text });
const dropped = (text: string): Effect => ({ severity: "dropped", text });
const outage = (text: string): Effect => ({ severity: "outage", text });

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html#USER_ModifyInstance.Settings */
const rdsWhen = (after: Fields): string =>
  after["apply_immediately"] === true ? "at apply" : "in the next maintenance window";
const rdsOutage =
  (what: string, alone: string) =>
  (after: Fields): Effect =>
    after["multi_az"] === true
      ? outage(`${what}: fails over to the standby, about a minute without the database, ${rdsWhen(after)}`)
      : outage(`${what}: ${alone} without the database, ${rdsWhen(after)}`);

const DATABASE: UpdateRule[] = [
  { attributes: ["instance_class"], effect: rdsOutage("instance class", "5 to 10 minutes") },
  {
    attributes: ["engine_version", "allow_major_version_upgrade"],
    effect: (after) =>
      outage(`version upgrade: 10 to 30 minutes without the database, even with Multi-AZ, ${rdsWhen(after)}`),
  },
  {
    attributes: ["parameter_group_name"],
    effect: rdsOutage("parameter group: holds after a reboot", "about a minute"),
  },
  {
    attributes: ["identifier"],
    effect: (after) => outage(`rename: a reboot, and the host name changes, ${rdsWhen(after)}`),
  },
  { attributes: ["port", "ca_cert_identifier"], effect: rdsOutage("restart", "about a minute") },
  {
    attributes: ["storage_type", "iops", "storage_throughput", "allocated_storage"],
    effect: none("storage is changed while it is used; slower for hours, no second change for 6 hours"),
  },
  { attributes: ["multi_az"], effect: none("a standby is made or removed; slower while it is copied") },
  {
    attributes: ["backup_retention_period"],
    effect: (after) =>
      after["backup_retention_period"] === 0
        ? { severity: "loss", text: "all automated backups are deleted" }
        : none("from or to 0 the database is unreachable for a moment"),
  },
  {
    attributes: ["vpc_security_group_ids"],
    effect: dropped("connections that the new groups don't allow are cut"),
  },
  {
    attributes: ["password", "manage_master_user_password"],
    effect: dropped("who uses the old master password can no longer log in"),
  },
  {
    attributes: ["db_subnet_group_name", "publicly_accessible"],
    effect: rdsOutage("moves in the network", "5 to 10 minutes"),
  },
];

const CACHE: UpdateRule[] = [
  {
    attributes: ["node_type"],
    effect: dropped(
      "nodes are replaced one by one: connections are cut, seconds without writes; without a replica minutes, and empty after it",
    ),
  },
  {
    attributes: ["engine_version", "engine"],
    effect: dropped("upgrade: connections are cut, seconds to a minute without the cache"),
  },
  { attributes: ["parameter_group_name"], effect: none("some parameters hold after a restart only") },
  {
    attributes: ["security_group_ids"],
    effect: dropped("connections that the new groups don't allow are cut"),
  },
  {
    attributes: ["auth_token", "user_group_ids"],
    effect: dropped("clients with the old credentials can no longer log in"),
  },
  {
    attributes: ["num_cache_clusters", "replicas_per_node_group", "num_node_groups"],
    effect: none("replicas come or go while it is used"),
  },
];

/** Attribute paths → effect, by resource type. What no rule names has none that is known. */
export const UPDATE_RULES: Readonly<Record<string, UpdateRule[]>> = {
  aws_db_instance: DATABASE,
  aws_rds_cluster: DATABASE,
  aws_rds_cluster_instance: DATABASE,
  aws_db_parameter_group: [
    { attributes: ["parameter"], effect: none("static parameters hold after the next reboot only") },
  ],
  aws_db_proxy: [
    {
      attributes: ["vpc_security_group_ids", "require_tls", "auth"],
      effect: dropped("connections that no longer fit are cut"),
    },
  ],
  aws_elasticache_replication_group: CACHE,
  aws_elasticache_cluster: CACHE,
  aws_ecs_service: [
    {
      attributes: ["desired_count"],
      effect: (after) =>
        after["desired_count"] === 0 ? outage("no task runs any more") : none("tasks come or go"),
    },
    {
      attributes: ["task_definition", "force_new_deployment"],
      effect: restart("its tasks are replaced one after the other"),
    },
    {
      attributes: [
        "network_configuration",
        "load_balancer",
        "service_connect_configuration",
        "capacity_provider_strategy",
        "launch_type",
        "platform_version",
        "volume_configuration",
      ],
      effect: restart("a new deployment: its tasks are replaced one after the other"),
    },
  ],
  aws_lb: [
    {
      attributes: ["security_groups"],
      effect: dropped("requests that the new groups don't allow are refused"),
    },
    {
      attributes: ["subnets", "subnet_mapping"],
      effect: dropped("connections in a zone that is taken away are cut"),
    },
    { attributes: ["idle_timeout", "client_keep_alive"], effect: none("holds for new connections") },
  ],
  aws_lb_listener: [
    {
      attributes: ["certificate_arn", "ssl_policy", "protocol", "mutual_authentication"],
      effect: none("holds for new connections; clients that don't speak it are refused"),
    },
    { attributes: ["port"], effect: outage("nobody answers on the port before") },
    { attributes: ["default_action"], effect: dropped("requests go elsewhere at once") },
  ],
  aws_lb_listener_rule: [
    { attributes: ["condition", "priority", "action"], effect: dropped("requests go elsewhere at once") },
  ],
  aws_lb_target_group: [
    {
      attributes: ["health_check"],
      effect: dropped("tasks that don't pass the new check lose their traffic"),
    },
    { attributes: ["deregistration_delay", "slow_start", "stickiness"], effect: none("holds from now on") },
  ],
  aws_cloudfront_distribution: [
    {
      attributes: ["enabled"],
      effect: (after) =>
        after["enabled"] === false
          ? outage("the site is no longer served")
          : none("the edges take it over in about 5 minutes"),
    },
    {
      attributes: ["aliases", "viewer_certificate", "origin", "web_acl_id"],
      effect: none("the edges take it over in about 5 minutes; with a wrong value requests fail then"),
    },
    { attributes: [], effect: none("the edges take it over in about 5 minutes") },
  ],
  aws_cloudfront_function: [
    { attributes: ["code", "runtime", "publish"], effect: none("the edges take it over in seconds") },
  ],
  aws_route53_record: [
    {
      attributes: ["records", "alias", "ttl", "weighted_routing_policy"],
      effect: dropped("names resolve elsewhere; the old answer stays cached for its TTL"),
    },
  ],
  aws_security_group: [
    { attributes: ["ingress", "egress"], effect: dropped("traffic that is no longer allowed is cut") },
  ],
  aws_vpc_security_group_ingress_rule: [
    { attributes: [], effect: dropped("traffic that is no longer allowed is cut") },
  ],
  aws_vpc_security_group_egress_rule: [
    { attributes: [], effect: dropped("traffic that is no longer allowed is cut") },
  ],
  aws_route_table: [
    { attributes: ["route"], effect: dropped("connections over a route that changes are cut") },
  ],
  aws_route: [{ attributes: [], effect: dropped("connections over the route are cut") }],
  aws_network_acl: [{ attributes: [], effect: dropped("traffic that is no longer allowed is cut") }],
  aws_vpc_endpoint: [
    {
      attributes: ["security_group_ids", "subnet_ids", "policy", "private_dns_enabled"],
      effect: dropped("calls to the AWS service may fail for seconds"),
    },
  ],
  aws_kms_key: [
    {
      attributes: ["is_enabled"],
      effect: (after) =>
        after["is_enabled"] === false
          ? { severity: "loss", text: "nothing that it encrypts can be read any more" }
          : none("usable again"),
    },
  ],
  aws_wafv2_web_acl: [
    {
      attributes: ["rule", "default_action"],
      effect: dropped("requests that the new rules refuse are turned away within a minute"),
    },
  ],
  aws_iam_role: [
    { attributes: ["assume_role_policy"], effect: dropped("who is no longer named cannot take the role on") },
  ],
  aws_iam_role_policy: [
    { attributes: ["policy"], effect: dropped("calls that are no longer allowed fail within seconds") },
  ],
  aws_iam_policy: [
    { attributes: ["policy"], effect: dropped("calls that are no longer allowed fail within seconds") },
  ],
  aws_s3_bucket_policy: [
    { attributes: ["policy"], effect: dropped("reads and writes that are no longer allowed fail at once") },
  ],
  aws_s3_bucket_lifecycle_configuration: [
    {
      attributes: ["rule"],
      effect: none("objects that the new rules expire are deleted within a day or two"),
    },
  ],
  aws_cloudwatch_log_group: [
    { attributes: ["retention_in_days"], effect: none("lines older than that are deleted") },
  ],
  aws_secretsmanager_secret_version: [
    {
      attributes: ["secret_string", "secret_string_wo"],
      effect: restart("tasks read it when they start: deploy, so that they do"),
    },
  ],
  aws_ssm_parameter: [{ attributes: ["value"], effect: none("readers see it from now on") }],
};
