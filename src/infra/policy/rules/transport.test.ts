import { remove, set, testViolations, unset } from "../testbed.ts";
import { transportRules } from "./transport.ts";

const HTTP = "aws_lb_listener.http";
const HTTPS = "aws_lb_listener.https";
const SITE = "module.site.aws_cloudfront_distribution.this";
const CACHE = "aws_elasticache_replication_group.this";
const UPLOADS = 'module.site.data.aws_iam_policy_document.this["uploads"]';

testViolations(transportRules, [
  ["listener-https", HTTP, set(HTTP, "default_action", [{ type: "forward" }])],
  ["listener-https", HTTP, set(HTTP, "default_action.0.redirect.0.protocol", "HTTP")],
  ["listener-redirects-for-good", HTTP, set(HTTP, "default_action.0.redirect.0.status_code", "HTTP_302")],
  ["listener-protocol-policy", HTTPS, set(HTTPS, "ssl_policy", "ELBSecurityPolicy-2016-08")],
  ["listener-protocol-policy", HTTPS, set(HTTPS, "ssl_policy", "ELBSecurityPolicy-TLS13-1-0-2021-06")],
  [
    "distribution-protocol-policy",
    SITE,
    set(SITE, "viewer_certificate.0.minimum_protocol_version", "TLSv1.1_2016"),
  ],
  [
    "distribution-viewer-https",
    SITE,
    set(SITE, "ordered_cache_behavior.0.viewer_protocol_policy", "allow-all"),
  ],
  [
    "distribution-origin-https",
    SITE,
    set(SITE, "origin.0.custom_origin_config", [
      { origin_protocol_policy: "match-viewer", origin_ssl_protocols: ["TLSv1.2"] },
    ]),
  ],
  [
    "distribution-origin-protocols",
    SITE,
    set(SITE, "origin.0.custom_origin_config", [
      { origin_protocol_policy: "https-only", origin_ssl_protocols: ["TLSv1", "TLSv1.2"] },
    ]),
  ],
  [
    "database-forces-tls",
    "aws_db_parameter_group.this",
    set("aws_db_parameter_group.this", "parameter", [{ name: "rds.force_ssl", value: "0" }]),
  ],
  [
    "database-forces-tls",
    "aws_db_parameter_group.this",
    set("aws_db_parameter_group.this", "parameter", [{ name: "log_lock_waits", value: "1" }]),
  ],
  [
    "database-own-parameters",
    "aws_db_instance.this",
    set("aws_db_instance.this", "parameter_group_name", "default.postgres18"),
  ],
  ["proxy-requires-tls", "aws_db_proxy.this", set("aws_db_proxy.this", "require_tls", false)],
  ["cache-encrypted-in-transit", CACHE, set(CACHE, "transit_encryption_enabled", false)],
  ["cache-requires-tls", CACHE, set(CACHE, "transit_encryption_mode", "preferred")],
  ["cache-asks-who", CACHE, unset(CACHE, "user_group_ids")],
  ["bucket-denies-plain-http", "aws_s3_bucket.logs", remove("aws_s3_bucket_policy.logs")],
  [
    "bucket-denies-plain-http",
    'module.site.aws_s3_bucket.this["uploads"]',
    set(UPLOADS, "statement.0.condition.0.values", ["true"]),
  ],
  [
    "certificate-renews-itself",
    "aws_acm_certificate.this",
    set("aws_acm_certificate.this", "validation_method", "EMAIL"),
  ],
]);
