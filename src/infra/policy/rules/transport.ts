import {
  all,
  attribute,
  AWS,
  broken,
  companion,
  eachBlock,
  firstOf,
  isOneOf,
  isSet,
  isTrue,
  notKnown,
  type Rule,
} from "../rule.ts";
import { conditionOn, isEveryone, statementsOf } from "../policy-document.ts";
import { countAt, known } from "../value-at.ts";

const BEHAVIOURS = ["default_cache_behavior", "ordered_cache_behavior"];

/** What is under way is encrypted, with protocols that are not broken. */
export const transportRules: Rule[] = [
  {
    id: "listener-https",
    severity: "high",
    title: "A listener speaks HTTPS, or sends people there.",
    why: "Whoever listens between reads sessions and passwords.",
    reference: `${AWS}/elasticloadbalancing/latest/application/create-https-listener.html`,
    types: ["aws_lb_listener"],
    when: (resource) => ["HTTP", "HTTPS"].includes(String(known(resource, "protocol"))),
    check: (resource) => {
      if (known(resource, "protocol") === "HTTPS") return [];
      const type = known(resource, "default_action.0.type");
      return type === "redirect" && known(resource, "default_action.0.redirect.0.protocol") === "HTTPS"
        ? []
        : [broken("protocol", `HTTP with ${String(type)}`, "HTTPS, or a redirect to HTTPS")];
    },
  },
  {
    id: "listener-redirects-for-good",
    severity: "low",
    title: "The redirect to HTTPS is permanent.",
    why: "Browsers ask once; with another status each visit begins in the clear.",
    reference: `${AWS}/elasticloadbalancing/latest/application/rule-action-types.html`,
    types: ["aws_lb_listener"],
    when: (resource) => known(resource, "default_action.0.type") === "redirect",
    check: isOneOf("default_action.0.redirect.0.status_code", "HTTP_301"),
  },
  {
    id: "listener-protocol-policy",
    severity: "high",
    title: "A listener offers TLS 1.2 and 1.3 only.",
    why: "Older versions are broken, and the default policy still offers them.",
    reference: `${AWS}/elasticloadbalancing/latest/application/describe-ssl-policies.html`,
    types: ["aws_lb_listener"],
    when: (resource) => ["HTTPS", "TLS"].includes(String(known(resource, "protocol"))),
    check: attribute("ssl_policy", {
      shouldBe: "ELBSecurityPolicy-TLS13-1-2-…",
      holds: (value) => /^ELBSecurityPolicy-TLS13-1-[23]-/.test(String(value)) && !/Ext0/.test(String(value)),
    }),
  },
  {
    id: "distribution-protocol-policy",
    severity: "high",
    title: "A distribution offers TLS 1.2 and newer only.",
    why: "Older versions are broken; a distribution on its own cloudfront.net name offers them.",
    reference: `${AWS}/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html`,
    types: ["aws_cloudfront_distribution"],
    check: attribute("viewer_certificate.0.minimum_protocol_version", {
      shouldBe: "TLSv1.2_2021 or newer",
      holds: (value) => /^TLSv1\.(2_20(2[1-9]|[3-9]\d)|3_)/.test(String(value)),
    }),
  },
  {
    id: "distribution-viewer-https",
    severity: "high",
    title: "Every path of a distribution is served by HTTPS.",
    why: "One path in the clear is enough to read a cookie.",
    reference: `${AWS}/AmazonCloudFront/latest/DeveloperGuide/using-https-viewers-to-cloudfront.html`,
    types: ["aws_cloudfront_distribution"],
    check: eachBlock(BEHAVIOURS, (path) =>
      isOneOf(`${path}.viewer_protocol_policy`, "redirect-to-https", "https-only"),
    ),
  },
  {
    id: "distribution-origin-https",
    severity: "high",
    title: "A distribution reaches the load balancer by HTTPS.",
    why: "The way from the edge to the region is the open internet.",
    reference: `${AWS}/AmazonCloudFront/latest/DeveloperGuide/using-https-cloudfront-to-custom-origin.html`,
    types: ["aws_cloudfront_distribution"],
    check: (resource, world) =>
      Array.from({ length: countAt(resource, "origin") ?? 0 }, (_, at) => `origin.${at}.custom_origin_config`)
        .filter((path) => (countAt(resource, path) ?? 0) > 0)
        .flatMap((path) => isOneOf(`${path}.0.origin_protocol_policy`, "https-only")(resource, world)),
  },
  {
    id: "distribution-origin-protocols",
    severity: "medium",
    title: "A distribution speaks TLS 1.2 to the load balancer.",
    why: "It would otherwise agree on a version that is broken.",
    reference: `${AWS}/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html`,
    types: ["aws_cloudfront_distribution"],
    check: (resource) =>
      Array.from({ length: countAt(resource, "origin") ?? 0 }, (_, at) => `origin.${at}.custom_origin_config`)
        .filter((path) => (countAt(resource, path) ?? 0) > 0)
        .flatMap((path) => {
          const protocols = known(resource, `${path}.0.origin_ssl_protocols`);
          const old = Array.isArray(protocols) ? protocols.filter((one) => one !== "TLSv1.2") : [];
          return old.length === 0
            ? []
            : [broken(`${path}.0.origin_ssl_protocols`, old.join(", "), "TLSv1.2")];
        }),
  },
  {
    id: "database-forces-tls",
    severity: "high",
    title: "A PostgreSQL database refuses connections without TLS.",
    why: "A client that is set up wrongly would send its password in the clear.",
    reference: `${AWS}/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html`,
    types: ["aws_db_parameter_group"],
    when: (resource) => String(known(resource, "family")).startsWith("postgres"),
    check: (resource) => {
      const parameters = known(resource, "parameter");
      if (parameters === null) return [broken("parameter", "no rds.force_ssl", "rds.force_ssl = 1")];
      const forced = (Array.isArray(parameters) ? parameters : []).find(
        (one) =>
          typeof one === "object" && one !== null && !Array.isArray(one) && one["name"] === "rds.force_ssl",
      ) as { value?: unknown } | undefined;
      return String(forced?.value) === "1"
        ? []
        : [
            broken(
              "parameter",
              forced === undefined ? "no rds.force_ssl" : `rds.force_ssl = ${String(forced.value)}`,
              "rds.force_ssl = 1",
            ),
          ];
    },
  },
  {
    id: "database-own-parameters",
    severity: "medium",
    title: "A database has a parameter group of its own.",
    why: "The default group cannot be changed, and a later one restarts the database.",
    reference: `${AWS}/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html`,
    types: ["aws_db_instance"],
    check: (resource, world) => {
      const own = isSet("parameter_group_name", "a group of its own")(resource, world);
      const name = known(resource, "parameter_group_name");
      return typeof name === "string" && name.startsWith("default.")
        ? [broken("parameter_group_name", name, "a group of its own")]
        : own;
    },
  },
  {
    id: "proxy-requires-tls",
    severity: "high",
    title: "A database proxy refuses connections without TLS.",
    why: "The database's own rule does not hold for clients of the proxy.",
    reference: `${AWS}/AmazonRDS/latest/UserGuide/rds-proxy.howitworks.html`,
    types: ["aws_db_proxy"],
    check: isTrue("require_tls"),
  },
  {
    id: "cache-encrypted-in-transit",
    severity: "high",
    title: "A cache speaks TLS.",
    why: "Sessions cross the network in the clear otherwise, and no password can be asked for.",
    reference: `${AWS}/AmazonElastiCache/latest/dg/in-transit-encryption.html`,
    types: ["aws_elasticache_replication_group"],
    check: isTrue("transit_encryption_enabled"),
  },
  {
    id: "cache-requires-tls",
    severity: "medium",
    title: "A cache refuses connections without TLS.",
    why: "The preferred mode is for the days of a migration and lets both in.",
    reference: `${AWS}/AmazonElastiCache/latest/dg/in-transit-encryption-enable.html`,
    types: ["aws_elasticache_replication_group"],
    check: attribute("transit_encryption_mode", {
      ...{ shouldBe: "required", holds: (value) => value === "required" },
      ...{ absent: "holds", later: "holds" },
    }),
  },
  {
    id: "cache-asks-who",
    severity: "high",
    title: "A cache asks for a password or a user.",
    why: "Whatever runs in the network could read and change every session.",
    reference: `${AWS}/AmazonElastiCache/latest/dg/auth.html`,
    types: ["aws_elasticache_replication_group"],
    check: firstOf(isSet("user_group_ids", "a user group or a password"), isSet("auth_token")),
  },
  {
    id: "bucket-denies-plain-http",
    severity: "medium",
    title: "A bucket refuses requests without TLS.",
    why: "S3 answers by plain HTTP too, and a signed address then shows what it opens.",
    reference: `${AWS}/AmazonS3/latest/userguide/security-best-practices.html#transit`,
    types: ["aws_s3_bucket"],
    check: companion("aws_s3_bucket_policy", "bucket", (policy, world) => {
      const statements = statementsOf(policy, "policy", world);
      if (statements === null) return [notKnown("policy", "denies aws:SecureTransport = false")];
      const denies = statements.some(
        (one) =>
          one.effect === "Deny" &&
          one.principals.some(({ identifiers }) => isEveryone(identifiers)) &&
          one.actions.some((action) => action === "s3:*" || action === "*") &&
          conditionOn(one, "aws:SecureTransport").some(({ values }) => values.includes("false")),
      );
      return denies
        ? []
        : [broken("policy", "plain HTTP is not denied", "denies aws:SecureTransport = false")];
    }),
  },
  {
    id: "certificate-renews-itself",
    severity: "medium",
    title: "A certificate is validated by DNS.",
    why: "One that is validated by e-mail runs out unless somebody reads a mail in time.",
    reference: `${AWS}/acm/latest/userguide/dns-validation.html`,
    types: ["aws_acm_certificate"],
    // An imported certificate has no validation.
    when: (resource) =>
      known(resource, "certificate_body") === null && known(resource, "domain_name") !== null,
    check: all(isOneOf("validation_method", "DNS")),
  },
];
