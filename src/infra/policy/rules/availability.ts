import { all, atLeast, attribute, AWS, broken, isOneOf, isTrue, notKnown, type Rule } from "../rule.ts";
import type { PlannedResource } from "../planned-resource.ts";
import type { Json } from "../terraform-plan.ts";
import { known, valueAt } from "../value-at.ts";
import type { World } from "../world.ts";
import { inTwoZones } from "../zones.ts";

const member = (value: Json | undefined, key: string): Json | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value[key] : undefined;

/** The lower bound of a service's tasks: of its scaling, of its own count, or of the app's variable; null: not known. */
const instancesOf = (service: PlannedResource, world: World): number | null => {
  const name = String(known(service, "name"));
  const target = world
    .ofType("aws_appautoscaling_target")
    .find(
      (one) =>
        String(known(one, "resource_id")).endsWith(`/${name}`) ||
        (world.linked(one, "resource_id") ?? []).includes(service),
    );
  if (target !== undefined) {
    const least = valueAt(target, "min_capacity");
    return least.state === "unknown" ? null : Number(least.state === "known" ? least.value : 0);
  }
  const count = Number(known(service, "desired_count") ?? 0);
  if (count > 0) return count;
  const services = member(world.app, "services");
  const key = Object.keys(typeof services === "object" && services !== null ? services : {}).find((one) =>
    name.endsWith(`-${one}`),
  );
  return key === undefined ? 0 : Number(member(member(services, key), "instances") ?? 1);
};

/** One zone, or one task, may fail. */
export const availabilityRules: Rule[] = [
  {
    id: "load-balancer-in-two-zones",
    severity: "high",
    title: "A load balancer is in two zones at least.",
    why: "Nobody reaches the app when its only zone fails.",
    reference: `${AWS}/elasticloadbalancing/latest/application/application-load-balancers.html#availability-zones`,
    types: ["aws_lb"],
    check: inTwoZones("subnets"),
  },
  {
    id: "services-in-two-zones",
    severity: "high",
    title: "A service's tasks can run in two zones at least.",
    why: "They cannot move anywhere when their only zone fails.",
    reference: `${AWS}/AmazonECS/latest/developerguide/service-rebalancing.html`,
    types: ["aws_ecs_service"],
    check: inTwoZones("network_configuration.0.subnets"),
  },
  {
    id: "database-subnets-in-two-zones",
    severity: "high",
    title: "A database's subnets are in two zones at least.",
    why: "It could have no standby, and not be restored elsewhere.",
    reference: `${AWS}/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html#USER_VPC.Subnets`,
    types: ["aws_db_subnet_group"],
    check: inTwoZones("subnet_ids"),
  },
  {
    id: "cache-subnets-in-two-zones",
    severity: "medium",
    title: "A cache's subnets are in two zones at least.",
    why: "Its replica would fail together with its primary.",
    reference: `${AWS}/AmazonElastiCache/latest/dg/SubnetGroups.html`,
    types: ["aws_elasticache_subnet_group"],
    check: inTwoZones("subnet_ids"),
  },
  {
    id: "database-has-standby",
    severity: "high",
    title: "A database of production has a standby in another zone.",
    why: "Without it a failed zone is an outage until a backup is restored.",
    reference: `${AWS}/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html`,
    types: ["aws_db_instance"],
    only: "production",
    when: (resource) =>
      known(resource, "replicate_source_db") === null &&
      !String(known(resource, "engine")).startsWith("aurora"),
    check: isTrue("multi_az"),
  },
  {
    id: "cache-has-standby",
    severity: "medium",
    title: "A cache of production has a replica in another zone that takes over.",
    why: "Without it a failed node empties the cache.",
    reference: `${AWS}/AmazonElastiCache/latest/dg/AutoFailover.html`,
    types: ["aws_elasticache_replication_group"],
    only: "production",
    check: all(isTrue("automatic_failover_enabled"), isTrue("multi_az_enabled")),
  },
  {
    id: "service-two-tasks",
    severity: "high",
    title: "A service of production has two tasks at least.",
    why: "With one, each failure and each move of a task is an outage.",
    reference: `${AWS}/AmazonECS/latest/developerguide/deployment-type-ecs.html`,
    types: ["aws_ecs_service"],
    only: "production",
    check: (service, world) => {
      const count = instancesOf(service, world);
      if (count === null) return [notKnown("min_capacity", "at least 2")];
      return count >= 2 ? [] : [broken("min_capacity", String(count), "at least 2")];
    },
  },
  {
    id: "service-breaks-circuit",
    severity: "high",
    title: "A deployment that does not start is stopped and taken back by ECS.",
    why: "It would otherwise start tasks for ever, even when nobody watches any more.",
    reference: `${AWS}/AmazonECS/latest/developerguide/deployment-circuit-breaker.html`,
    types: ["aws_ecs_service"],
    check: all(
      isTrue("deployment_circuit_breaker.0.enable"),
      isTrue("deployment_circuit_breaker.0.rollback"),
    ),
  },
  {
    id: "service-keeps-capacity",
    severity: "medium",
    title: "A deployment stops no task before another one is healthy.",
    why: "Half of the tasks have to carry all of the traffic otherwise.",
    reference: `${AWS}/AmazonECS/latest/developerguide/deployment-type-ecs.html`,
    types: ["aws_ecs_service"],
    check: atLeast("deployment_minimum_healthy_percent", 100, "holds"),
  },
  {
    id: "service-newest-platform",
    severity: "low",
    title: "Tasks run on the newest Fargate platform.",
    why: "An older one gets no security fixes at some point.",
    reference: `${AWS}/AmazonECS/latest/developerguide/platform-fargate.html`,
    types: ["aws_ecs_service"],
    check: attribute("platform_version", {
      ...{ shouldBe: "LATEST", holds: (value) => value === "LATEST" },
      ...{ absent: "holds", later: "holds" },
    }),
  },
  {
    id: "database-takes-minor-versions",
    severity: "medium",
    title: "A database takes minor versions by itself.",
    why: "They carry the security fixes.",
    reference: `${AWS}/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html`,
    types: ["aws_db_instance"],
    check: isTrue("auto_minor_version_upgrade"),
  },
  {
    id: "database-storage-grows",
    severity: "medium",
    title: "A database's storage grows by itself.",
    why: "A full disk stops it.",
    reference: `${AWS}/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html`,
    types: ["aws_db_instance"],
    when: (resource) => known(resource, "allocated_storage") !== null,
    check: (resource) => {
      const most = valueAt(resource, "max_allocated_storage");
      if (most.state === "unknown") return [notKnown("max_allocated_storage", "more than allocated_storage")];
      const size = Number(known(resource, "allocated_storage"));
      return most.state === "known" && Number(most.value) > size
        ? []
        : [
            broken(
              "max_allocated_storage",
              most.state === "known" ? String(most.value as number) : "not set",
              `more than ${size}`,
            ),
          ];
    },
  },
  {
    id: "target-group-checks-a-page",
    severity: "medium",
    title: "A target group asks a path of the service's own whether it is healthy.",
    why: "The start page may answer when the database does not.",
    reference: `${AWS}/elasticloadbalancing/latest/application/target-group-health-checks.html`,
    types: ["aws_lb_target_group"],
    when: (resource) => ["HTTP", "HTTPS"].includes(String(known(resource, "protocol"))),
    check: attribute("health_check.0.path", {
      shouldBe: "a path",
      holds: (value) => value !== "/" && value !== "",
    }),
  },
  {
    id: "targets-by-address",
    severity: "medium",
    title: "A target group takes tasks by their address.",
    why: "Fargate's tasks have no machine that could be registered.",
    reference: `${AWS}/AmazonECS/latest/developerguide/alb.html`,
    types: ["aws_lb_target_group"],
    check: isOneOf("target_type", "ip"),
  },
];
