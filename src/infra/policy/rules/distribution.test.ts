import { set, testViolations, unset } from "../testbed.ts";
import { distributionRules } from "./distribution.ts";

const SITE = "module.site.aws_cloudfront_distribution.this";
const HEADERS = "module.site.aws_cloudfront_response_headers_policy.this";
const CONTROL = "module.site.aws_cloudfront_origin_access_control.this";
const SECURITY = "security_headers_config.0";

testViolations(distributionRules, [
  [
    "distribution-signs-for-buckets",
    SITE,
    set(SITE, "origin", [{ origin_id: "site", domain_name: "site.s3.eu-north-1.amazonaws.com" }]),
  ],
  ["origin-access-always-signed", CONTROL, set(CONTROL, "signing_behavior", "no-override")],
  [
    "distribution-response-headers",
    SITE,
    set(SITE, "ordered_cache_behavior.0.response_headers_policy_id", ""),
  ],
  [
    "headers-strict-transport",
    HEADERS,
    set(HEADERS, `${SECURITY}.strict_transport_security.0.access_control_max_age_sec`, 300),
  ],
  ["headers-strict-transport", HEADERS, set(HEADERS, `${SECURITY}.strict_transport_security`, [])],
  ["headers-no-sniffing", HEADERS, set(HEADERS, `${SECURITY}.content_type_options`, [])],
  ["headers-no-framing", HEADERS, set(HEADERS, `${SECURITY}.frame_options`, [])],
  [
    "headers-short-referrer",
    HEADERS,
    set(HEADERS, `${SECURITY}.referrer_policy.0.referrer_policy`, "unsafe-url"),
  ],
  ["distribution-http-3", SITE, set(SITE, "http_version", "http2")],
  ["distribution-over-ipv6", SITE, set(SITE, "is_ipv6_enabled", false)],
  ["distribution-compresses", SITE, set(SITE, "default_cache_behavior.0.compress", false)],
  ["distribution-cache-policy", SITE, unset(SITE, "default_cache_behavior.0.cache_policy_id")],
  ["distribution-start-page", SITE, unset(SITE, "default_root_object")],
  ["distribution-own-certificate", SITE, unset(SITE, "viewer_certificate.0.acm_certificate_arn")],
  [
    "distribution-errors-stay-errors",
    SITE,
    set(SITE, "custom_error_response", [{ error_code: 404, response_code: 200, response_page_path: "/" }]),
  ],
]);
