import { atLeast, AWS, blocksAt, broken, eachBlock, isOneOf, isSet, isTrue, type Rule } from "../rule.ts";
import { countAt, known, shown, valueAt } from "../value-at.ts";

const BEHAVIOURS = ["default_cache_behavior", "ordered_cache_behavior"];
const HEADERS = "security_headers_config.0";

/** What visitors get from the edge. */
export const distributionRules: Rule[] = [
  {
    id: "distribution-signs-for-buckets",
    severity: "high",
    title: "A distribution reaches its buckets through an origin access control.",
    why: "The bucket would have to be public otherwise.",
    reference: `${AWS}/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html`,
    types: ["aws_cloudfront_distribution"],
    check: (resource, world) =>
      (blocksAt(resource, "origin") ?? [])
        .filter((path) => (countAt(resource, `${path}.custom_origin_config`) ?? 0) === 0)
        .filter((path) => (countAt(resource, `${path}.vpc_origin_config`) ?? 0) === 0)
        .flatMap((path) => {
          const control = valueAt(resource, `${path}.origin_access_control_id`);
          if (control.state === "known" && control.value !== "") return [];
          // An origin is a member of a set: who made its control is seen by who is there to be named.
          const made = world.ofType("aws_cloudfront_origin_access_control").length > 0;
          return control.state === "unknown" && made
            ? []
            : [
                broken(
                  `${path}.origin_access_control_id`,
                  shown(resource, `${path}.origin_access_control_id`),
                  "set",
                ),
              ];
        }),
  },
  {
    id: "origin-access-always-signed",
    severity: "high",
    title: "An origin access control signs every request.",
    why: "A visitor's own header would otherwise decide what the bucket sees.",
    reference: `${AWS}/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html`,
    types: ["aws_cloudfront_origin_access_control"],
    check: isOneOf("signing_behavior", "always"),
  },
  {
    id: "distribution-response-headers",
    severity: "medium",
    title: "Every path of a distribution answers with security headers.",
    why: "One page without them can be framed, sniffed or downgraded.",
    reference: `${AWS}/AmazonCloudFront/latest/DeveloperGuide/adding-response-headers.html`,
    types: ["aws_cloudfront_distribution"],
    check: eachBlock(BEHAVIOURS, (path) =>
      isSet(`${path}.response_headers_policy_id`, "a policy", { optional: true }),
    ),
  },
  {
    id: "headers-strict-transport",
    severity: "medium",
    title: "Browsers are told for a year to use HTTPS only.",
    why: "The first request of each visit could otherwise be caught.",
    reference: `${AWS}/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html`,
    types: ["aws_cloudfront_response_headers_policy"],
    check: atLeast(`${HEADERS}.strict_transport_security.0.access_control_max_age_sec`, 31_536_000),
  },
  {
    id: "headers-no-sniffing",
    severity: "low",
    title: "Browsers are told not to guess what a file is.",
    why: "An upload could otherwise be run as a script.",
    reference: `${AWS}/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html`,
    types: ["aws_cloudfront_response_headers_policy"],
    check: (resource) =>
      (countAt(resource, `${HEADERS}.content_type_options`) ?? 1) > 0
        ? []
        : [broken(`${HEADERS}.content_type_options`, "none", "there")],
  },
  {
    id: "headers-no-framing",
    severity: "low",
    title: "Other sites may not show the app in a frame.",
    why: "They could have visitors click on what they do not see.",
    reference: `${AWS}/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html`,
    types: ["aws_cloudfront_response_headers_policy"],
    check: (resource) => {
      const framing = known(resource, `${HEADERS}.frame_options.0.frame_option`);
      const policy = String(known(resource, `${HEADERS}.content_security_policy.0.content_security_policy`));
      return framing !== null || policy.includes("frame-ancestors")
        ? []
        : [broken(`${HEADERS}.frame_options`, "none", "DENY, SAMEORIGIN or frame-ancestors")];
    },
  },
  {
    id: "headers-short-referrer",
    severity: "low",
    title: "Other sites do not learn which page a visitor comes from.",
    why: "Addresses hold ids and tokens.",
    reference: `${AWS}/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html`,
    types: ["aws_cloudfront_response_headers_policy"],
    check: isOneOf(
      `${HEADERS}.referrer_policy.0.referrer_policy`,
      ...["strict-origin-when-cross-origin", "same-origin", "no-referrer", "strict-origin", "origin"],
    ),
  },
  {
    id: "distribution-http-3",
    severity: "low",
    title: "A distribution speaks HTTP/2 and HTTP/3.",
    why: "Pages come sooner over a bad connection.",
    reference: `${AWS}/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesGeneral.html#DownloadDistValuesSupportedHTTPVersions`,
    types: ["aws_cloudfront_distribution"],
    check: isOneOf("http_version", "http2and3"),
  },
  {
    id: "distribution-over-ipv6",
    severity: "low",
    title: "A distribution is reached by IPv6.",
    why: "Phones reach it by a detour otherwise.",
    reference: `${AWS}/AmazonCloudFront/latest/DeveloperGuide/cloudfront-enable-ipv6.html`,
    types: ["aws_cloudfront_distribution"],
    check: isTrue("is_ipv6_enabled"),
  },
  {
    id: "distribution-compresses",
    severity: "low",
    title: "A distribution compresses what it sends.",
    why: "Scripts are four times as large otherwise.",
    reference: `${AWS}/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html`,
    types: ["aws_cloudfront_distribution"],
    check: eachBlock(BEHAVIOURS, (path) => isTrue(`${path}.compress`)),
  },
  {
    id: "distribution-cache-policy",
    severity: "medium",
    title: "Every path of a distribution has a cache policy.",
    why: "The way before, forwarded_values, is deprecated, and easily caches one visitor's answer for another.",
    reference: `${AWS}/AmazonCloudFront/latest/DeveloperGuide/controlling-the-cache-key.html`,
    types: ["aws_cloudfront_distribution"],
    check: eachBlock(BEHAVIOURS, (path) => isSet(`${path}.cache_policy_id`, "a policy")),
  },
  {
    id: "distribution-start-page",
    severity: "low",
    title: "A distribution knows its start page, or has a function that does.",
    why: "The bare address would otherwise list, or refuse, the bucket.",
    reference: `${AWS}/AmazonCloudFront/latest/DeveloperGuide/DefaultRootObject.html`,
    types: ["aws_cloudfront_distribution"],
    when: (resource) =>
      ["function_association", "lambda_function_association"].every(
        (name) => countAt(resource, `default_cache_behavior.0.${name}`) === 0,
      ),
    check: isSet("default_root_object", "a page"),
  },
  {
    id: "distribution-own-certificate",
    severity: "medium",
    title: "A distribution has a certificate of the app's own name.",
    why: "On cloudfront.net's certificate the minimum TLS version cannot be set.",
    reference: `${AWS}/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html`,
    types: ["aws_cloudfront_distribution"],
    check: isSet("viewer_certificate.0.acm_certificate_arn", "a certificate"),
  },
  {
    id: "distribution-errors-stay-errors",
    severity: "medium",
    title: "A distribution does not turn errors into pages.",
    why: "An API's 404 would be answered with the start page and 200.",
    reference: `${AWS}/AmazonCloudFront/latest/DeveloperGuide/GeneratingCustomErrorResponses.html`,
    types: ["aws_cloudfront_distribution"],
    check: eachBlock(
      ["custom_error_response"],
      (path) => (resource) =>
        Number(known(resource, `${path}.response_code`) ?? 0) === 200
          ? [broken(`${path}.response_code`, "200", "the error's own code, or no custom response")]
          : [],
    ),
  },
];
