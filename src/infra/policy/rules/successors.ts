import { AWS, broken, never, type Rule } from "../rule.ts";
import { known } from "../value-at.ts";

/** Arguments that are deprecated in version 5 of the provider, or gone in version 6, with what took their place. */
const ARGUMENTS: Record<string, Record<string, string>> = {
  aws_s3_bucket: {
    acl: "a bucket policy",
    website: "a distribution",
    policy: "aws_s3_bucket_policy",
    logging: "aws_s3_bucket_logging",
    versioning: "aws_s3_bucket_versioning",
    lifecycle_rule: "aws_s3_bucket_lifecycle_configuration",
    server_side_encryption_configuration: "aws_s3_bucket_server_side_encryption_configuration",
    cors_rule: "aws_s3_bucket_cors_configuration",
    grant: "a bucket policy",
    replication_configuration: "aws_s3_bucket_replication_configuration",
  },
  aws_iam_role: {
    inline_policy: "aws_iam_role_policy",
    managed_policy_arns: "aws_iam_role_policy_attachment",
  },
  aws_eip: { vpc: "domain" },
  aws_security_group: {
    ingress: "aws_vpc_security_group_ingress_rule",
    egress: "aws_vpc_security_group_egress_rule",
  },
  aws_flow_log: { log_group_name: "log_destination" },
  aws_ssm_parameter: { overwrite: "nothing" },
};

const TYPES: Record<string, string> = {
  aws_cloudfront_origin_access_identity: "aws_cloudfront_origin_access_control",
  aws_s3_bucket_object: "aws_s3_object",
  aws_s3_bucket_acl: "aws_s3_bucket_ownership_controls and a bucket policy",
  aws_s3_bucket_website_configuration: "aws_cloudfront_distribution",
  aws_elasticache_cluster: "aws_elasticache_replication_group",
  aws_elb: "aws_lb",
  aws_launch_configuration: "aws_launch_template",
  aws_waf_web_acl: "aws_wafv2_web_acl",
  aws_wafregional_web_acl: "aws_wafv2_web_acl",
  aws_db_security_group: "aws_security_group",
};

/** What has a successor is not used any more. */
export const successorRules: Rule[] = [
  {
    id: "no-superseded-types",
    severity: "medium",
    title: "No resource is of a type that has a successor.",
    why: "AWS or the provider will take it away.",
    reference: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-6-upgrade",
    types: Object.keys(TYPES),
    check: (resource, world) => never("there", TYPES[resource.type]!)(resource, world),
  },
  {
    id: "no-superseded-arguments",
    severity: "medium",
    title: "No argument is deprecated or gone in the provider's next version.",
    why: "An upgrade would stop the next apply.",
    reference: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-6-upgrade",
    types: Object.keys(ARGUMENTS),
    // What a bucket has of other resources is read back into its attributes; only what is written counts.
    check: ({ type, expressions }) =>
      Object.entries(ARGUMENTS[type]!)
        .filter(([name]) => expressions !== null && Object.hasOwn(expressions, name))
        .map(([name, successor]) => broken(name, "written", successor)),
  },
  {
    id: "no-forwarded-values",
    severity: "medium",
    title: "No path of a distribution forwards values the old way.",
    why: "Cache and origin request policies took its place.",
    reference: `${AWS}/AmazonCloudFront/latest/DeveloperGuide/controlling-the-cache-key.html`,
    types: ["aws_cloudfront_distribution"],
    check: (resource) =>
      ["default_cache_behavior", "ordered_cache_behavior"].flatMap((name) => {
        const behaviours = known(resource, name);
        return (Array.isArray(behaviours) ? behaviours : []).flatMap((one, at) => {
          const values = (one as { forwarded_values?: unknown } | null)?.forwarded_values;
          return Array.isArray(values) && values.length > 0
            ? [broken(`${name}.${at}.forwarded_values`, "there", "cache_policy_id")]
            : [];
        });
      }),
  },
  {
    id: "no-origin-access-identity",
    severity: "medium",
    title: "No origin of a distribution has an origin access identity.",
    why: "It does not work with KMS and not in newer regions; origin access control took its place.",
    reference: `${AWS}/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html`,
    types: ["aws_cloudfront_distribution"],
    check: (resource) => {
      const origins = known(resource, "origin");
      return (Array.isArray(origins) ? origins : []).flatMap((one, at) => {
        const [config] =
          (one as { s3_origin_config?: { origin_access_identity?: unknown }[] } | null)?.s3_origin_config ??
          [];
        return typeof config?.origin_access_identity === "string" && config.origin_access_identity !== ""
          ? [broken(`origin.${at}.s3_origin_config`, "an identity", "origin_access_control_id")]
          : [];
      });
    },
  },
];
