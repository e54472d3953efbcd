import { beforeAll, expect, test } from "vitest";
import { startRig } from "../rig/rig.ts";
import { ONE, OTHER } from "./app-variables.ts";
import { planApp, type Planned } from "./app-plan.ts";

// Two environments that differ in every variable of `app`, planned by the real provider: each variable arrives at a resource.
let one: Planned;
let other: Planned;
beforeAll(async () => {
  const rig = await startRig({ managedPolicies: false });
  try {
    [one, other] = await Promise.all([planApp(rig, ONE), planApp(rig, OTHER)]);
  } finally {
    await rig.close();
  }
}, 300_000);

const DATABASE = "app.database[0].aws_db_instance.this";
const CACHE = "app.cache[0].aws_elasticache_replication_group.this";
const API = 'app.service["api"]';
const HEALTH = `${API}.aws_lb_target_group.this["blue"].health_check.0`;
const FIREWALL = "app.edge[0].aws_wafv2_web_acl.this.rule.0.statement.0.rate_based_statement.0";
const SITE = "app.site[0]";

/** Variable, where it arrives, and what stands there; undefined: there is no such resource. */
const ROWS: [variable: string, where: string, one: unknown, other: unknown][] = [
  ["name", `${DATABASE}.db_name`, "rideshare", "carpool"],
  ["environment", `${DATABASE}.identifier`, "rideshare-one", "carpool-other"],
  ["domain", `${SITE}.aws_cloudfront_distribution.this.aliases.0`, ONE.domain, OTHER.domain],
  ["protect", `${DATABASE}.deletion_protection`, true, false],
  ["log_days", `${API}.aws_cloudwatch_log_group.this.retention_in_days`, 30, 90],
  ["network.cidr", "app.network[0].aws_vpc.this.cidr_block", "10.0.0.0/16", "10.9.0.0/20"],
  ["network.zones", "app.network[0].aws_subnet.data[2].cidr_block", undefined, "10.9.10.0/24"],
  ["network.egress", "app.network[0].aws_nat_gateway.this[1].connectivity_type", undefined, "public"],
  ["services.api.port", `${API}.aws_ecs_service.this.load_balancer.0.container_port`, 3000, 4000],
  [
    "services.api.route",
    `${API}.aws_lb_listener_rule.test[0].condition.0.path_pattern.0.values.1`,
    "/api/*",
    "/v2/*",
  ],
  ["services.api.cpu", `${API}.aws_ecs_task_definition.placeholder.cpu`, "256", "512"],
  ["services.api.memory", `${API}.aws_ecs_task_definition.placeholder.memory`, "512", "1024"],
  ["services.api.instances", `${API}.aws_appautoscaling_target.this[0].min_capacity`, 1, 2],
  ["services.api.stop_seconds", `${API}.aws_lb_target_group.this["green"].deregistration_delay`, "10", "20"],
  ["services.api.health.path", `${HEALTH}.path`, "/health", "/up"],
  ["services.api.health.interval_seconds", `${HEALTH}.interval`, 10, 20],
  ["services.api.health.timeout_seconds", `${HEALTH}.timeout`, 5, 6],
  ["services.api.health.healthy_after", `${HEALTH}.healthy_threshold`, 2, 4],
  ["services.api.health.unhealthy_after", `${HEALTH}.unhealthy_threshold`, 3, 5],
  [
    "services.api.health.start_seconds",
    `${API}.aws_ecs_service.this.health_check_grace_period_seconds`,
    60,
    90,
  ],
  ["services.api.scaling.max", `${API}.aws_appautoscaling_target.this[0].max_capacity`, 3, 9],
  [
    "services.api.scaling.cpu_percent",
    `${API}.aws_appautoscaling_policy.cpu[0].target_tracking_scaling_policy_configuration.0.target_value`,
    60,
    70,
  ],
  [
    "sites.web.route",
    `${SITE}.aws_cloudfront_distribution.this.default_cache_behavior.0.target_origin_id`,
    "site-web",
    "nothing",
  ],
  ["sites.web.fallback", `${SITE}.aws_cloudfront_function.page["site/web"].code`, /index\.html/, /app\.html/],
  ["database.version", `${DATABASE}.engine_version`, "17", "18"],
  ["database.instance", `${DATABASE}.instance_class`, "db.t4g.micro", "db.m7g.large"],
  ["database.storage_gb", `${DATABASE}.allocated_storage`, 20, 50],
  ["database.max_storage_gb", `${DATABASE}.max_allocated_storage`, 100, 500],
  ["database.multi_az", `${DATABASE}.multi_az`, false, true],
  ["database.backup_days", `${DATABASE}.backup_retention_period`, 7, 30],
  [
    "database.replica",
    "app.database[0].aws_db_instance.replica[0].identifier",
    undefined,
    "carpool-other-replica",
  ],
  ["database.proxy", "app.database[0].aws_db_proxy.this[0].name", undefined, "carpool-other"],
  ["cache.engine", `${CACHE}.engine`, "valkey", "redis"],
  ["cache.version", `${CACHE}.engine_version`, "8.0", "7.1"],
  ["cache.node", `${CACHE}.node_type`, "cache.t4g.micro", "cache.m7g.large"],
  ["cache.replicas", `${CACHE}.num_cache_clusters`, 1, 3],
  [
    "buckets.uploads.public",
    `${SITE}.aws_cloudfront_distribution.this.ordered_cache_behavior.0.target_origin_id`,
    "services",
    "bucket-uploads",
  ],
  ["waf.rate_limit", `${FIREWALL}.limit`, 2000, 900],
  [
    "images.placeholder",
    `${API}.aws_ecs_task_definition.placeholder.container_definitions`,
    /public\.ecr\.aws/,
    /"ghcr\.io\/a\/busybox:1"/,
  ],
  ["dns.parent_zone", "app.dns[0].aws_route53_record.delegation[0].zone_id", undefined, "Z0PARENT"],
];

/** What a plan cannot show yet, and where it is shown instead. */
const ELSEWHERE: Record<string, string> = {
  "services.api.kind": "service/tests/settings.tftest.hcl: a worker",
  "registry.account": "app/tests/app.tftest.hcl: images_of_another_account_are_pulled_from_there",
  "registry.region": "app/tests/app.tftest.hcl: images_of_another_account_are_pulled_from_there",
  "registry.repositories.api": "app/tests/app.tftest.hcl: images_of_another_account_are_pulled_from_there",
  "registry.kms_key": "service/tests/settings.tftest.hcl: images_of_another_account_…",
  "images.database_roles": "its container is known only after the secrets are made",
};

test.each(ROWS)("%s arrives at %s", (_variable, where, first, second) => {
  for (const [planned, wanted] of [
    [one, first],
    [other, second],
  ] as const)
    if (wanted instanceof RegExp) expect(planned.get(where)).toMatch(wanted);
    else expect(planned.get(where)).toEqual(wanted);
});

test("no variable is left out", () => {
  const leaves = (value: unknown, path: string[] = []): string[] =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.entries(value).flatMap(([key, member]) => leaves(member, [...path, key]))
      : [path.join(".")];
  const shown = new Set([...ROWS.map(([variable]) => variable), ...Object.keys(ELSEWHERE)]);
  // What is there already is applied by prove:infra; names of secrets are checked and go to the deployer; tags
  // and the addresses for alarms are the root's.
  const { existing: _existing, tags: _tags, alarm_emails: _emails, ...variables } = OTHER;
  const left = leaves(variables).filter((path) => !shown.has(path));
  expect(left).toEqual(["services.api.secrets"]);
});
