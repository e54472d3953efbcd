import { plant, set, testViolations, write } from "../testbed.ts";
import { successorRules } from "./successors.ts";

const SITE = "module.site.aws_cloudfront_distribution.this";

testViolations(successorRules, [
  [
    "no-superseded-types",
    "aws_cloudfront_origin_access_identity.planted",
    plant("aws_cloudfront_origin_access_identity", {}),
  ],
  ["no-superseded-types", "aws_s3_bucket_acl.planted", plant("aws_s3_bucket_acl", { acl: "private" })],
  [
    "no-superseded-arguments",
    "aws_s3_bucket.logs",
    write("aws_s3_bucket.logs", "acl", { constant_value: "private" }),
  ],
  [
    "no-superseded-arguments",
    "aws_iam_role.deployer",
    write("aws_iam_role.deployer", "inline_policy", [{ name: { constant_value: "planted" } }]),
  ],
  [
    "no-forwarded-values",
    SITE,
    set(SITE, "default_cache_behavior.0.forwarded_values", [{ query_string: true }]),
  ],
  [
    "no-origin-access-identity",
    SITE,
    set(SITE, "origin.1.s3_origin_config", [
      { origin_access_identity: "origin-access-identity/cloudfront/E1" },
    ]),
  ],
]);
