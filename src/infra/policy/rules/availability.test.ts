import { set, testViolations, unset } from "../testbed.ts";
import { availabilityRules } from "./availability.ts";

const API = 'module.service["api"]';
const CACHE = "aws_elasticache_replication_group.this";
const DATABASE = "aws_db_instance.this";

testViolations(availabilityRules, [
  [
    "load-balancer-in-two-zones",
    "aws_lb.this",
    set('module.network.aws_subnet.public["eu-north-1b"]', "availability_zone", "eu-north-1a"),
  ],
  [
    "services-in-two-zones",
    `${API}.aws_ecs_service.this`,
    set(`${API}.aws_ecs_service.this`, "network_configuration", [{ subnets: ["subnet-1"] }]),
  ],
  [
    "database-subnets-in-two-zones",
    "aws_db_subnet_group.this",
    set("aws_db_subnet_group.this", "subnet_ids", []),
    unset("aws_db_subnet_group.this", "subnet_ids"),
  ],
  [
    "cache-subnets-in-two-zones",
    "aws_elasticache_subnet_group.this",
    unset("aws_elasticache_subnet_group.this", "subnet_ids"),
  ],
  ["database-has-standby", DATABASE, set(DATABASE, "multi_az", false)],
  ["cache-has-standby", CACHE, set(CACHE, "multi_az_enabled", false)],
  [
    "service-two-tasks",
    `${API}.aws_ecs_service.this`,
    set(`${API}.aws_appautoscaling_target.this`, "min_capacity", 1),
  ],
  [
    "service-breaks-circuit",
    `${API}.aws_ecs_service.this`,
    set(`${API}.aws_ecs_service.this`, "deployment_circuit_breaker.0.rollback", false),
  ],
  [
    "service-keeps-capacity",
    `${API}.aws_ecs_service.this`,
    set(`${API}.aws_ecs_service.this`, "deployment_minimum_healthy_percent", 50),
  ],
  [
    "service-newest-platform",
    `${API}.aws_ecs_service.this`,
    set(`${API}.aws_ecs_service.this`, "platform_version", "1.3.0"),
  ],
  ["database-takes-minor-versions", DATABASE, set(DATABASE, "auto_minor_version_upgrade", false)],
  ["database-storage-grows", DATABASE, unset(DATABASE, "max_allocated_storage")],
  [
    "target-group-checks-a-page",
    `${API}.aws_lb_target_group.this`,
    set(`${API}.aws_lb_target_group.this`, "health_check.0.path", "/"),
  ],
  [
    "targets-by-address",
    `${API}.aws_lb_target_group.this`,
    set(`${API}.aws_lb_target_group.this`, "target_type", "instance"),
  ],
]);
