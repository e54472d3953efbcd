import { plant, remove, set, testViolations } from "../testbed.ts";
import { publicAccessRules } from "./public-access.ts";

const BLOCK = "aws_s3_bucket_public_access_block.logs";
const GROUP = "module.network.aws_vpc_security_group_ingress_rule";
const API = 'module.service["api"].aws_ecs_service.this';
const SUBNET = 'module.network.aws_subnet.public["eu-north-1a"]';
const MACHINE = { metadata_options: [{ http_tokens: "required" }], root_block_device: [{ encrypted: true }] };
const RULE = { description: "planted", type: "ingress", protocol: "tcp", security_group_id: "sg-1" };

testViolations(publicAccessRules, [
  ["bucket-public-access-blocked", "aws_s3_bucket.logs", remove(BLOCK)],
  [
    "bucket-public-access-blocked",
    'module.site.aws_s3_bucket.this["uploads"]',
    remove('module.site.aws_s3_bucket_public_access_block.this["uploads"]'),
  ],
  ["bucket-block-public-acls", BLOCK, set(BLOCK, "block_public_acls", false)],
  ["bucket-ignore-public-acls", BLOCK, set(BLOCK, "ignore_public_acls", false)],
  ["bucket-block-public-policy", BLOCK, set(BLOCK, "block_public_policy", false)],
  ["bucket-restrict-public-buckets", BLOCK, set(BLOCK, "restrict_public_buckets", false)],
  [
    "bucket-access-lists-off",
    "aws_s3_bucket.logs",
    set("aws_s3_bucket_ownership_controls.logs", "rule.0.object_ownership", "ObjectWriter"),
  ],
  [
    "bucket-policy-not-public",
    "aws_s3_bucket_policy.logs",
    set("data.aws_iam_policy_document.logs", "statement.1.principals.0", { type: "*", identifiers: ["*"] }),
  ],
  ["database-not-public", "aws_db_instance.this", set("aws_db_instance.this", "publicly_accessible", true)],
  [
    "ingress-from-world-only-web",
    `${GROUP}.https`,
    set(`${GROUP}.https`, "from_port", 22),
    set(`${GROUP}.https`, "to_port", 22),
  ],
  ["ingress-from-world-only-web", `${GROUP}.https`, set(`${GROUP}.https`, "ip_protocol", "-1")],
  ["ingress-from-world-only-web", `${GROUP}.database`, set(`${GROUP}.database`, "cidr_ipv4", "0.0.0.0/0")],
  [
    "ingress-from-world-only-web",
    "aws_security_group_rule.planted",
    plant("aws_security_group_rule", { ...RULE, from_port: 443, to_port: 443, ipv6_cidr_blocks: ["::/0"] }),
  ],
  [
    "ingress-data-ports-from-groups",
    "aws_security_group_rule.planted",
    plant("aws_security_group_rule", {
      ...RULE,
      from_port: 5000,
      to_port: 6000,
      cidr_blocks: ["10.0.0.0/16"],
    }),
  ],
  [
    "ingress-names-ports",
    "aws_security_group_rule.planted",
    plant("aws_security_group_rule", { ...RULE, protocol: "all", cidr_blocks: ["10.0.0.0/16"] }),
  ],
  [
    "security-rule-described",
    "module.network.aws_vpc_security_group_egress_rule.services",
    set("module.network.aws_vpc_security_group_egress_rule.services", "description", ""),
  ],
  [
    "default-security-group-closed",
    "module.network.aws_vpc.this",
    remove("module.network.aws_default_security_group.this"),
  ],
  [
    "default-security-group-closed",
    "module.network.aws_vpc.this",
    set("module.network.aws_default_security_group.this", "ingress", [{ protocol: "-1", self: true }]),
  ],
  ["tasks-without-public-address", API, set(API, "network_configuration.0.assign_public_ip", true)],
  ["subnet-gives-no-public-address", SUBNET, set(SUBNET, "map_public_ip_on_launch", true)],
  [
    "instance-without-public-address",
    "aws_instance.planted",
    plant("aws_instance", { ...MACHINE, associate_public_ip_address: true }),
  ],
  [
    "instance-metadata-needs-token",
    "aws_instance.planted",
    plant("aws_instance", { ...MACHINE, metadata_options: [{ http_tokens: "optional" }] }),
  ],
  [
    "load-balancer-drops-invalid-headers",
    "aws_lb.this",
    set("aws_lb.this", "drop_invalid_header_fields", false),
  ],
  [
    "function-address-not-public",
    "aws_lambda_function_url.planted",
    plant("aws_lambda_function_url", { authorization_type: "NONE" }),
  ],
  ["no-machine-key-pairs", "aws_key_pair.planted", plant("aws_key_pair", { key_name: "planted" })],
]);
