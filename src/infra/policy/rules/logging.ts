import { isLogBucket } from "../log-bucket.ts";
import {
  atLeast,
  attribute,
  AWS,
  broken,
  companion,
  firstOf,
  isOneOf,
  isSet,
  isTrue,
  notKnown,
  type Rule,
} from "../rule.ts";
import { containersOf } from "../containers.ts";
import { countAt, known } from "../value-at.ts";
import { isWritten } from "../world.ts";

/** What happened can be read afterwards. */
export const loggingRules: Rule[] = [
  {
    id: "network-flow-logged",
    severity: "medium",
    title: "A network logs who talks to whom.",
    why: "After a break-in nothing else says where somebody went.",
    reference: `${AWS}/vpc/latest/userguide/flow-logs.html`,
    types: ["aws_vpc"],
    check: companion("aws_flow_log", "vpc_id"),
  },
  {
    id: "network-flow-all-traffic",
    severity: "low",
    title: "A flow log has what was let through and what was not.",
    why: "Either alone hides half of an attack.",
    reference: `${AWS}/vpc/latest/userguide/flow-logs-basics.html`,
    types: ["aws_flow_log"],
    check: isOneOf("traffic_type", "ALL"),
  },
  {
    id: "load-balancer-logged",
    severity: "medium",
    title: "A load balancer writes access logs.",
    why: "Its metrics say that something failed, its logs what.",
    reference: `${AWS}/elasticloadbalancing/latest/application/load-balancer-access-logs.html`,
    types: ["aws_lb"],
    check: isTrue("access_logs.0.enabled"),
  },
  {
    id: "distribution-logged",
    severity: "medium",
    title: "A distribution writes access logs.",
    why: "What it answers from its cache is seen nowhere else.",
    reference: `${AWS}/AmazonCloudFront/latest/DeveloperGuide/AccessLogs.html`,
    types: ["aws_cloudfront_distribution"],
    check: firstOf(
      companion("aws_cloudwatch_log_delivery_source", "resource_arn"),
      isSet("logging_config.0.bucket", "a bucket"),
    ),
  },
  {
    id: "bucket-access-logged",
    severity: "low",
    title: "A bucket of production logs who reads it.",
    why: "A key that leaked is noticed by what it was used for.",
    reference: `${AWS}/AmazonS3/latest/userguide/ServerLogs.html`,
    types: ["aws_s3_bucket"],
    only: "production",
    when: (bucket, world) => !isLogBucket(bucket, world),
    check: companion("aws_s3_bucket_logging", "bucket"),
  },
  {
    id: "firewall-logged",
    severity: "medium",
    title: "A firewall logs what it blocks.",
    why: "Nobody could tell an attack from a customer who is shut out.",
    reference: `${AWS}/waf/latest/developerguide/logging.html`,
    types: ["aws_wafv2_web_acl"],
    check: companion("aws_wafv2_web_acl_logging_configuration", "resource_arn"),
  },
  {
    id: "firewall-counted",
    severity: "low",
    title: "A firewall counts what it blocks.",
    why: "Without a metric there is no alarm.",
    reference: `${AWS}/waf/latest/developerguide/waf-metrics.html`,
    types: ["aws_wafv2_web_acl"],
    check: isTrue("visibility_config.0.cloudwatch_metrics_enabled"),
  },
  {
    id: "database-logs-exported",
    severity: "medium",
    title: "A database's log is in CloudWatch.",
    why: "On the database it is kept for three days, and goes with it.",
    reference: `${AWS}/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.html`,
    types: ["aws_db_instance", "aws_rds_cluster"],
    check: attribute("enabled_cloudwatch_logs_exports", {
      shouldBe: "postgresql",
      holds: (value) => Array.isArray(value) && value.length > 0,
    }),
  },
  {
    id: "database-insights-on",
    severity: "low",
    title: "A database says which statements it spends its time on.",
    why: "A slow release is otherwise searched for by guessing.",
    reference: `${AWS}/AmazonRDS/latest/UserGuide/USER_PerfInsights.html`,
    types: ["aws_db_instance"],
    check: isTrue("performance_insights_enabled"),
  },
  {
    id: "database-watched-closely",
    severity: "low",
    title: "A database of production is measured at least once a minute from inside.",
    why: "The metrics from outside do not show what its processes wait for.",
    reference: `${AWS}/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.html`,
    types: ["aws_db_instance"],
    only: "production",
    check: attribute("monitoring_interval", {
      shouldBe: "1 to 60",
      holds: (value) => Number(value) >= 1 && Number(value) <= 60,
    }),
  },
  {
    id: "cache-slow-log",
    severity: "low",
    title: "A cache of production logs slow commands.",
    why: "One KEYS stops everybody else, and no metric says who sent it.",
    reference: `${AWS}/AmazonElastiCache/latest/dg/Log_Delivery.html`,
    types: ["aws_elasticache_replication_group"],
    only: "production",
    check: (resource) => {
      const count = countAt(resource, "log_delivery_configuration");
      if (count === null) return [notKnown("log_delivery_configuration", "slow-log")];
      const types = Array.from({ length: count }, (_, at) =>
        known(resource, `log_delivery_configuration.${at}.log_type`),
      );
      return types.includes("slow-log") ? [] : [broken("log_delivery_configuration", "none", "slow-log")];
    },
  },
  {
    id: "cluster-exec-logged",
    severity: "medium",
    title: "A cluster logs what people type in its containers.",
    why: "ECS Exec is a shell in production.",
    reference: `${AWS}/AmazonECS/latest/developerguide/ecs-exec.html`,
    types: ["aws_ecs_cluster"],
    check: isOneOf("configuration.0.execute_command_configuration.0.logging", "OVERRIDE", "DEFAULT"),
  },
  {
    id: "cluster-insights-on",
    severity: "low",
    title: "A cluster measures its containers.",
    why: "Without it there is no memory of a task, and no number of restarts.",
    reference: `${AWS}/AmazonCloudWatch/latest/monitoring/ContainerInsights.html`,
    types: ["aws_ecs_cluster"],
    check: (resource) => {
      const settings = known(resource, "setting");
      const value = (Array.isArray(settings) ? settings : [])
        .map((one) => one as { name?: unknown; value?: unknown })
        .find(({ name }) => name === "containerInsights")?.value;
      return value === "enabled" || value === "enhanced"
        ? []
        : [broken("setting", `containerInsights ${String(value ?? "not set")}`, "enabled or enhanced")];
    },
  },
  {
    id: "log-group-expires",
    severity: "medium",
    title: "A log group says how long it keeps its lines.",
    why: "The default is for ever, which is paid for and holds personal data.",
    reference: `${AWS}/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html`,
    types: ["aws_cloudwatch_log_group"],
    check: atLeast("retention_in_days", 1),
  },
  {
    id: "task-writes-logs",
    severity: "high",
    title: "Every container writes its output somewhere.",
    why: "A container that does not start leaves nothing else.",
    reference: `${AWS}/AmazonECS/latest/developerguide/using_awslogs.html`,
    types: ["aws_ecs_task_definition"],
    check: (resource) => {
      const containers = containersOf(resource);
      if (containers === null) {
        return isWritten(resource, "container_definitions")
          ? [notKnown("container_definitions", "logConfiguration")]
          : [];
      }
      return containers
        .filter(({ logDriver }) => logDriver === null)
        .map(({ name }) =>
          broken("container_definitions", `${name} without logConfiguration`, "a log driver"),
        );
    },
  },
];
