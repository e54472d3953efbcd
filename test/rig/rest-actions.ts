export interface RestRequest {
  service: string;
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
}

/** Sub-resources of S3 (`?versioning`) and the API's word for them. */
const SUB_RESOURCES: Record<string, string> = {
  accelerate: "AccelerateConfiguration",
  acl: "Acl",
  cors: "Cors",
  encryption: "Encryption",
  "intelligent-tiering": "IntelligentTieringConfiguration",
  inventory: "InventoryConfiguration",
  lifecycle: "LifecycleConfiguration",
  location: "Location",
  logging: "Logging",
  metrics: "MetricsConfiguration",
  notification: "NotificationConfiguration",
  "object-lock": "ObjectLockConfiguration",
  ownershipControls: "OwnershipControls",
  policy: "Policy",
  policyStatus: "PolicyStatus",
  publicAccessBlock: "PublicAccessBlock",
  replication: "Replication",
  requestPayment: "RequestPayment",
  tagging: "Tagging",
  versioning: "Versioning",
  website: "Website",
};

const VERBS: Record<string, string> = {
  GET: "Get",
  HEAD: "Head",
  PUT: "Put",
  POST: "Post",
  DELETE: "Delete",
};

const s3Action = ({ method, path, query, headers }: RestRequest): string => {
  const [bucket = "", ...key] = path.split("/").slice(1);
  if (bucket === "") return "ListBuckets";
  const ofObject = key.join("/") !== "";
  const sub = Object.keys(SUB_RESOURCES).find((name) => query.has(name));
  if (sub !== undefined) return `${VERBS[method]}${ofObject ? "Object" : "Bucket"}${SUB_RESOURCES[sub]}`;
  if (!ofObject) {
    if (method === "GET" && query.has("versions")) return "ListObjectVersions";
    if (method === "GET" && query.has("uploads")) return "ListMultipartUploads";
    if (method === "GET") return query.get("list-type") === "2" ? "ListObjectsV2" : "ListObjects";
    if (method === "POST" && query.has("delete")) return "DeleteObjects";
    return method === "PUT" ? "CreateBucket" : `${VERBS[method]}Bucket`;
  }
  if (method === "POST" && query.has("uploads")) return "CreateMultipartUpload";
  if (method === "POST" && query.has("uploadId")) return "CompleteMultipartUpload";
  if (method === "PUT" && query.has("partNumber")) return "UploadPart";
  if (method === "DELETE" && query.has("uploadId")) return "AbortMultipartUpload";
  if (method === "PUT" && "x-amz-copy-source" in headers) return "CopyObject";
  return `${VERBS[method]}Object`;
};

const pascal = (word: string) =>
  word
    .split("-")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("");

const CLOUDFRONT_VERBS: Record<string, string> = {
  GET: "Get",
  PUT: "Update",
  DELETE: "Delete",
  POST: "Create",
};

/** `/2020-05-31/cache-policy/ID/config` → GetCachePolicyConfig. */
const cloudfrontAction = ({ method, path, query }: RestRequest): string => {
  const [kind = "", id = "", part = "", nested = ""] = path.split("/").slice(2);
  const name = pascal(kind);
  if (kind === "tagging") {
    if (method === "GET") return "ListTagsForResource";
    return query.get("Operation") === "Untag" ? "UntagResource" : "TagResource";
  }
  if (part === "monitoring-subscription") return `${CLOUDFRONT_VERBS[method]}MonitoringSubscription`;
  if (id === "") {
    if (method === "GET") return `List${name.endsWith("y") ? `${name.slice(0, -1)}ies` : `${name}s`}`;
    return `Create${name}${query.has("WithTags") ? "WithTags" : ""}`;
  }
  if (part === "invalidation") {
    if (method === "POST") return "CreateInvalidation";
    return nested === "" ? "ListInvalidations" : "GetInvalidation";
  }
  if (kind === "function" && part === "describe") return "DescribeFunction";
  if (kind === "function" && part === "publish") return "PublishFunction";
  if (kind === "function" && part === "test") return "TestFunction";
  if (kind === "key-value-store" && method === "GET") return "DescribeKeyValueStore";
  return `${CLOUDFRONT_VERBS[method]}${name}${part === "config" && method === "GET" ? "Config" : ""}`;
};

/** X-Ray's paths are its actions, but for these. */
const XRAY: Record<string, string> = {
  EncryptionConfig: "GetEncryptionConfig",
  Groups: "GetGroups",
  SamplingRules: "GetSamplingRules",
  GetSamplingRules: "GetSamplingRules",
  TraceSegments: "PutTraceSegments",
  TraceSummaries: "GetTraceSummaries",
  Traces: "BatchGetTraces",
};

/** The API's name for a REST request. */
export const restAction = (request: RestRequest): string => {
  if (request.service === "s3") return s3Action(request);
  if (request.service === "cloudfront") return cloudfrontAction(request);
  if (request.service === "xray") {
    const name = request.path.slice(1);
    return XRAY[name] ?? name;
  }
  return `${request.method} ${request.path}`;
};
