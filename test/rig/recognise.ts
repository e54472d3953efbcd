import type { Call, Protocol } from "./call.ts";
import { restAction } from "./rest-actions.ts";

export interface Received {
  method: string;
  /** Path and query, as sent. */
  url: string;
  headers: Record<string, string>;
  body: Buffer;
}

const NAMES: Record<string, string> = { monitoring: "cloudwatch", "s3-control": "s3control" };
const REST_JSON = new Set([
  "xray",
  "lambda",
  "cloudfront-keyvaluestore",
  "apigateway",
  "scheduler",
  "eks",
  "efs",
]);

/** Service and region from the signature's credential scope; a SigV4A scope names no region. */
const scopeOf = (headers: Record<string, string>, query: URLSearchParams) => {
  const credential =
    /Credential=([^,\s]+)/.exec(headers["authorization"] ?? "")?.[1] ?? query.get("X-Amz-Credential") ?? "";
  const [, , ...rest] = credential.split("/");
  const scope = rest.slice(0, -1);
  if (scope.length === 0) return null;
  return {
    service: scope.at(-1)!,
    region: scope.length > 1 ? scope[0]! : (headers["x-amz-region-set"] ?? "aws-global"),
  };
};

/** For calls that nobody signed: `<service>.<region>.amazonaws.com`. */
const hostOf = (host: string) => {
  const found = /(?:^|\.)([a-z0-9-]+)(?:\.([a-z]{2}(?:-[a-z]+)+-\d))?\.amazonaws\.com/.exec(host);
  return found === null ? null : { service: found[1]!, region: found[2] ?? "us-east-1" };
};

const protocolOf = (
  service: string,
  call: { target: string | undefined; action: string | null; smithy: boolean },
): Protocol => {
  if (service === "s3" || service === "s3control") return "s3";
  if (call.smithy) return "cbor";
  if (call.target !== undefined) return "json";
  if (call.action !== null) return service === "ec2" ? "ec2" : "query";
  return REST_JSON.has(service) ? "rest-json" : "rest-xml";
};

/** Which service and action a request is for. Pure; a request that it does not know goes as S3, like in moto. */
export const recognise = ({ method, url, headers, body }: Received): Call => {
  // Not by URL, which would mend the path: keys may hold `//` and `..`.
  const at = url.indexOf("?");
  const path = at < 0 ? url : url.slice(0, at);
  const search = at < 0 ? "" : url.slice(at);
  const query = new URLSearchParams(search);
  const form = (headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
  const asked = (form ? new URLSearchParams(body.toString("utf8")) : query).get("Action");
  const unsigned = asked?.startsWith("AssumeRoleWith") ? { service: "sts", region: "us-east-1" } : null;
  const scope = scopeOf(headers, query) ??
    unsigned ??
    hostOf(headers["host"] ?? "") ?? { service: "s3", region: "us-east-1" };
  const service = NAMES[scope.service] ?? scope.service;
  const target = headers["x-amz-target"];
  const smithy = /^\/service\/[^/]+\/operation\/([^/]+)$/.exec(path)?.[1];
  return {
    service,
    region: scope.region,
    action:
      target?.split(".").at(-1) ?? asked ?? smithy ?? restAction({ service, method, path, query, headers }),
    protocol: protocolOf(service, { target, action: asked, smithy: smithy !== undefined }),
    method,
    path,
    search,
    query,
    headers,
    body,
  };
};
