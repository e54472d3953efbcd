import {
  attribute,
  AWS,
  broken,
  companion,
  eachBlock,
  isFalse,
  isOneOf,
  isTrue,
  never,
  type Rule,
} from "../rule.ts";
import { INGRESS_TYPES, ingressOf, isWorld } from "../ingress.ts";
import { isAllow, isEveryone, statementsOf } from "../policy-document.ts";
import { countAt, known } from "../value-at.ts";

const FLAGS = [
  [
    "block_public_acls",
    "A bucket refuses access lists that make it public.",
    "One upload with a public access list is enough to publish a file.",
  ],
  [
    "ignore_public_acls",
    "A bucket ignores access lists that make it public.",
    "Access lists that are there already would go on to count.",
  ],
  [
    "block_public_policy",
    "A bucket refuses a policy that makes it public.",
    "One wrong principal in a policy would publish the whole bucket.",
  ],
  [
    "restrict_public_buckets",
    "A bucket with a public policy answers only to the account and to AWS services.",
    "A public policy that is there already would go on to count.",
  ],
] as const;

/** The outside reaches what is meant for it, and nothing else. */
export const publicAccessRules: Rule[] = [
  {
    id: "bucket-public-access-blocked",
    severity: "high",
    title: "A bucket has a public access block.",
    why: "The account's own block can be lifted by somebody who does not know of this bucket.",
    reference: `${AWS}/AmazonS3/latest/userguide/access-control-block-public-access.html`,
    types: ["aws_s3_bucket"],
    check: companion("aws_s3_bucket_public_access_block", "bucket"),
  },
  ...FLAGS.map(([flag, title, why]): Rule => ({
    id: `bucket-${flag.replaceAll("_", "-")}`,
    severity: "high",
    title,
    why,
    reference: `${AWS}/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-options`,
    types: ["aws_s3_bucket_public_access_block"],
    check: isTrue(flag),
  })),
  {
    id: "bucket-access-lists-off",
    severity: "medium",
    title: "A bucket's objects belong to its owner, and access lists count for nothing.",
    why: "Access lists are a second way to give access that no policy shows.",
    reference: `${AWS}/AmazonS3/latest/userguide/about-object-ownership.html`,
    types: ["aws_s3_bucket"],
    // CloudFront's standard logs are delivered with an access list.
    when: (bucket, world) =>
      world.pointingAt(bucket, "aws_cloudfront_distribution", "logging_config.0.bucket").found.length === 0,
    check: companion(
      "aws_s3_bucket_ownership_controls",
      "bucket",
      isOneOf("rule.0.object_ownership", "BucketOwnerEnforced"),
    ),
  },
  {
    id: "bucket-policy-not-public",
    severity: "high",
    title: "A bucket's policy gives nothing to everybody.",
    why: "Files are served by the distribution; the bucket itself is nobody's address.",
    reference: `${AWS}/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status`,
    types: ["aws_s3_bucket_policy"],
    check: (resource, world) =>
      (statementsOf(resource, "policy", world) ?? [])
        .filter((one) => isAllow(one) && one.principals.some(({ identifiers }) => isEveryone(identifiers)))
        .map(({ actions }) => broken("policy", `everybody may ${actions.join(", ")}`, "named principals")),
  },
  {
    id: "database-not-public",
    severity: "high",
    title: "A database has no public address.",
    why: "A password is then all that stands between it and everybody.",
    reference: `${AWS}/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html`,
    types: ["aws_db_instance", "aws_rds_cluster_instance"],
    check: isFalse("publicly_accessible"),
  },
  {
    id: "ingress-from-world-only-web",
    severity: "high",
    title: "Only a load balancer is open to the world, and only at 80 and 443.",
    why: "Every other open port is found by scanners within minutes.",
    reference: `${AWS}/vpc/latest/userguide/security-group-rules.html`,
    types: INGRESS_TYPES,
    check: (resource, world) =>
      ingressOf(resource).flatMap(({ path, cidrs, from, to, protocol, groupPath }) => {
        const open = cidrs.filter(isWorld);
        if (open.length === 0) return [];
        const groups =
          resource.type === "aws_security_group" ? [resource] : world.linked(resource, groupPath);
        const onLoadBalancer =
          groups?.some((group) => world.pointingAt(group, "aws_lb", "security_groups").found.length > 0) ??
          false;
        const web = protocol === "tcp" && from === to && (from === 443 || from === 80);
        if (web && onLoadBalancer) return [];
        const ports =
          protocol === "-1" ? "every port" : from === to ? `port ${from}` : `ports ${from} to ${to}`;
        return [
          broken(
            path,
            `${open.join(", ")} to ${ports}`,
            web ? "on a load balancer only" : "80 or 443 of a load balancer",
          ),
        ];
      }),
  },
  {
    id: "ingress-data-ports-from-groups",
    severity: "high",
    title: "Ports of databases and caches are open to security groups, not to addresses.",
    why: "An address range lets in whatever is started there later.",
    reference: `${AWS}/AmazonRDS/latest/UserGuide/Overview.RDSSecurityGroups.html`,
    types: INGRESS_TYPES,
    check: (resource) =>
      ingressOf(resource).flatMap(({ path, cidrs, from, to, protocol }) => {
        const ports = [3306, 5432, 6379, 11211].filter(
          (port) => protocol !== "-1" && from <= port && port <= to,
        );
        const some = cidrs.filter((cidr) => !isWorld(cidr));
        return ports.length === 0 || some.length === 0
          ? []
          : [broken(path, `${some.join(", ")} to port ${ports.join(", ")}`, "a security group")];
      }),
  },
  {
    id: "ingress-names-ports",
    severity: "medium",
    title: "What comes in is limited to named ports.",
    why: "A rule for every protocol also opens what is started tomorrow.",
    reference: `${AWS}/vpc/latest/userguide/security-group-rules.html`,
    types: INGRESS_TYPES,
    check: (resource) =>
      ingressOf(resource).flatMap(({ path, cidrs, protocol, isSelf }) =>
        protocol === "-1" && !isSelf && cidrs.every((cidr) => !isWorld(cidr))
          ? [broken(path, "every port", "named ports")]
          : [],
      ),
  },
  {
    id: "security-rule-described",
    severity: "low",
    title: "A rule of a security group says what it is for.",
    why: "Rules that nobody understands are never taken away.",
    reference: `${AWS}/vpc/latest/userguide/security-group-rules.html`,
    types: [
      "aws_vpc_security_group_ingress_rule",
      "aws_vpc_security_group_egress_rule",
      "aws_security_group_rule",
    ],
    check: attribute("description", { shouldBe: "a sentence", holds: (value) => value !== "" }),
  },
  {
    id: "default-security-group-closed",
    severity: "medium",
    title: "A network's default security group lets nothing through.",
    why: "What is started without a group of its own gets this one.",
    reference: `${AWS}/vpc/latest/userguide/default-security-group.html`,
    types: ["aws_vpc"],
    check: companion("aws_default_security_group", "vpc_id", (group) =>
      ["ingress", "egress"].flatMap((side) =>
        known(group, side) !== null && (countAt(group, side) ?? 0) > 0
          ? [broken(`aws_default_security_group.${side}`, "open", "no rules")]
          : [],
      ),
    ),
  },
  {
    id: "tasks-without-public-address",
    severity: "high",
    title: "Tasks have no public address.",
    why: "They are reached through the load balancer; every other way past it is unwatched.",
    reference: `${AWS}/AmazonECS/latest/developerguide/fargate-task-networking.html`,
    types: ["aws_ecs_service"],
    check: eachBlock(["network_configuration"], (path) => isFalse(`${path}.assign_public_ip`)),
  },
  {
    id: "subnet-gives-no-public-address",
    severity: "medium",
    title: "A subnet gives no public address by itself.",
    why: "A machine that is started there by mistake would be on the internet.",
    reference: `${AWS}/vpc/latest/userguide/subnet-public-ip.html`,
    types: ["aws_subnet"],
    check: isFalse("map_public_ip_on_launch"),
  },
  {
    id: "instance-without-public-address",
    severity: "high",
    title: "A machine has no public address.",
    why: "Session Manager reaches it without one.",
    reference: `${AWS}/systems-manager/latest/userguide/session-manager.html`,
    types: ["aws_instance"],
    check: attribute("associate_public_ip_address", {
      ...{ shouldBe: "false", holds: (value) => value === false },
      ...{ absent: "holds", later: "holds" },
    }),
  },
  {
    id: "instance-metadata-needs-token",
    severity: "high",
    title: "A machine's metadata is given only for a token.",
    why: "Otherwise one forged request of an app gives away the machine's role.",
    reference: `${AWS}/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html`,
    types: ["aws_instance"],
    check: isOneOf("metadata_options.0.http_tokens", "required"),
  },
  {
    id: "load-balancer-drops-invalid-headers",
    severity: "medium",
    title: "A load balancer drops headers that are not valid.",
    why: "They are how requests are smuggled past it.",
    reference: `${AWS}/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html`,
    types: ["aws_lb"],
    when: (resource) => known(resource, "load_balancer_type") === "application",
    check: isTrue("drop_invalid_header_fields"),
  },
  {
    id: "function-address-not-public",
    severity: "high",
    title: "A function's own address asks for credentials.",
    why: "Whoever knows it may otherwise call it, at the account's cost.",
    reference: `${AWS}/lambda/latest/dg/urls-auth.html`,
    types: ["aws_lambda_function_url"],
    check: isOneOf("authorization_type", "AWS_IAM"),
  },
  {
    id: "no-machine-key-pairs",
    severity: "low",
    title: "There is no SSH key pair.",
    why: "Session Manager and ECS Exec let people in by their role, and record it.",
    reference: `${AWS}/systems-manager/latest/userguide/session-manager.html`,
    types: ["aws_key_pair"],
    check: never("there", "Session Manager or ECS Exec"),
  },
];
