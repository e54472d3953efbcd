import { remove, set, testViolations, unset } from "../testbed.ts";
import { loggingRules } from "./logging.ts";

const DATABASE = "aws_db_instance.this";
const CLUSTER = "aws_ecs_cluster.this";
const TASK = 'module.service["api"].aws_ecs_task_definition.this';

testViolations(loggingRules, [
  ["network-flow-logged", "module.network.aws_vpc.this", remove("module.network.aws_flow_log.this")],
  [
    "network-flow-all-traffic",
    "module.network.aws_flow_log.this",
    set("module.network.aws_flow_log.this", "traffic_type", "REJECT"),
  ],
  ["load-balancer-logged", "aws_lb.this", set("aws_lb.this", "access_logs.0.enabled", false)],
  [
    "distribution-logged",
    "module.site.aws_cloudfront_distribution.this",
    remove("module.site.aws_cloudwatch_log_delivery_source.this"),
  ],
  [
    "bucket-access-logged",
    'module.site.aws_s3_bucket.this["site"]',
    remove('module.site.aws_s3_bucket_logging.this["site"]'),
  ],
  ["firewall-logged", "aws_wafv2_web_acl.this", remove("aws_wafv2_web_acl_logging_configuration.this")],
  [
    "firewall-counted",
    "aws_wafv2_web_acl.this",
    set("aws_wafv2_web_acl.this", "visibility_config.0.cloudwatch_metrics_enabled", false),
  ],
  ["database-logs-exported", DATABASE, unset(DATABASE, "enabled_cloudwatch_logs_exports")],
  ["database-insights-on", DATABASE, set(DATABASE, "performance_insights_enabled", false)],
  ["database-watched-closely", DATABASE, set(DATABASE, "monitoring_interval", 0)],
  [
    "cache-slow-log",
    "aws_elasticache_replication_group.this",
    set("aws_elasticache_replication_group.this", "log_delivery_configuration.0.log_type", "engine-log"),
  ],
  [
    "cluster-exec-logged",
    CLUSTER,
    set(CLUSTER, "configuration.0.execute_command_configuration.0.logging", "NONE"),
  ],
  ["cluster-insights-on", CLUSTER, set(CLUSTER, "setting.0.value", "disabled")],
  [
    "log-group-expires",
    "aws_cloudwatch_log_group.exec",
    set("aws_cloudwatch_log_group.exec", "retention_in_days", 0),
  ],
  [
    "task-writes-logs",
    TASK,
    set(TASK, "container_definitions", JSON.stringify([{ name: "app", image: "app" }])),
  ],
]);
