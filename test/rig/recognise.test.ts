import { expect, test } from "vitest";
import { recognise, type Received } from "./recognise.ts";

const scope = (service: string, region: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=rig/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});
const form = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };

const of = (received: Partial<Received>) => {
  const { service, region, action, protocol } = recognise({
    method: "POST",
    url: "/",
    headers: {},
    body: Buffer.alloc(0),
    ...received,
  });
  return [service, region, action, protocol].join(" ");
};

test("the action of a query service is in its form", () => {
  const body = Buffer.from("Action=CreateDBInstance&Version=2014-10-31");
  expect(of({ headers: { ...scope("rds", "eu-north-1"), ...form }, body })).toBe(
    "rds eu-north-1 CreateDBInstance query",
  );
  expect(of({ headers: { ...scope("ec2", "eu-north-1"), ...form }, body })).toBe(
    "ec2 eu-north-1 CreateDBInstance ec2",
  );
});

test("the action of a JSON service is in its target", () => {
  const headers = {
    ...scope("ecs", "us-east-1"),
    "x-amz-target": "AmazonEC2ContainerServiceV20141113.UpdateService",
  };
  expect(of({ headers })).toBe("ecs us-east-1 UpdateService json");
});

test("CloudWatch is called so in each of its protocols", () => {
  const headers = scope("monitoring", "eu-north-1");
  const url = "/service/GraniteServiceVersion20100801/operation/PutMetricAlarm";
  expect(of({ url, headers })).toBe("cloudwatch eu-north-1 PutMetricAlarm cbor");
  const body = Buffer.from("Action=PutMetricAlarm");
  expect(of({ headers: { ...headers, ...form }, body })).toBe("cloudwatch eu-north-1 PutMetricAlarm query");
});

test("an unsigned AssumeRoleWithWebIdentity is for STS, a presigned request for its scope", () => {
  const body = Buffer.from("Action=AssumeRoleWithWebIdentity");
  expect(of({ headers: form, body })).toBe("sts us-east-1 AssumeRoleWithWebIdentity query");
  const url = "/shop/key?X-Amz-Credential=rig%2F20260101%2Feu-north-1%2Fs3%2Faws4_request&X-Amz-Signature=0";
  expect(of({ method: "GET", url })).toBe("s3 eu-north-1 GetObject s3");
});

test.each([
  ["GET", "/", "ListBuckets"],
  ["PUT", "/shop", "CreateBucket"],
  ["HEAD", "/shop", "HeadBucket"],
  ["GET", "/shop?list-type=2&prefix=a", "ListObjectsV2"],
  ["PUT", "/shop?versioning", "PutBucketVersioning"],
  ["GET", "/shop/?policy=", "GetBucketPolicy"],
  ["POST", "/shop?delete", "DeleteObjects"],
  ["PUT", "/shop/a/b?partNumber=1&uploadId=u", "UploadPart"],
  ["POST", "/shop/a?uploadId=u", "CompleteMultipartUpload"],
  ["PUT", "/shop/a?tagging", "PutObjectTagging"],
])("S3: %s %s is %s", (method, url, action) => {
  expect(of({ method, url, headers: scope("s3", "eu-north-1") })).toBe(`s3 eu-north-1 ${action} s3`);
});

test.each([
  ["POST", "/distribution?WithTags", "CreateDistributionWithTags"],
  ["PUT", "/distribution/E1/config", "UpdateDistribution"],
  ["GET", "/distribution/E1/config", "GetDistributionConfig"],
  ["POST", "/distribution/E1/invalidation", "CreateInvalidation"],
  ["GET", "/distribution/E1/invalidation/I1", "GetInvalidation"],
  ["GET", "/cache-policy?Type=managed", "ListCachePolicies"],
  ["GET", "/origin-access-control", "ListOriginAccessControls"],
  ["POST", "/function/shop/publish", "PublishFunction"],
  ["GET", "/key-value-store/shop", "DescribeKeyValueStore"],
  ["POST", "/distributions/E1/monitoring-subscription", "CreateMonitoringSubscription"],
  ["POST", "/tagging?Operation=Untag&Resource=a", "UntagResource"],
])("CloudFront: %s %s is %s", (method, path, action) => {
  const headers = scope("cloudfront", "us-east-1");
  expect(of({ method, url: `/2020-05-31${path}`, headers })).toBe(`cloudfront us-east-1 ${action} rest-xml`);
});
