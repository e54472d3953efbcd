import { cbor } from "@smithy/core/cbor";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Json } from "../call.ts";
import { startRig, type Rig } from "../rig.ts";
import { objectOf, readXml, writeXml, type XmlObject } from "../xml.ts";

// What Terraform does not show: conditions, refusals and what is remembered. Requests are written as SDKs write them.
let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ managedPolicies: false });
});
beforeEach(() => rig.reset());
afterAll(() => rig.close());

const signed = (service: string, region = rig.region) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=rig/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});
const query = async (service: string, version: string, params: Record<string, string>) => {
  const answer = await fetch(rig.url, {
    method: "POST",
    headers: { ...signed(service), "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ Version: version, ...params }).toString(),
  });
  const [root] = Object.values(readXml(await answer.text()));
  return { status: answer.status, content: objectOf(root) };
};
const json = async (service: string, target: string, content: Json) => {
  const answer = await fetch(rig.url, {
    method: "POST",
    headers: { ...signed(service), "content-type": "application/x-amz-json-1.1", "x-amz-target": target },
    body: JSON.stringify(content),
  });
  return { status: answer.status, content: (await answer.json()) as Json };
};
const rest = async (
  method: string,
  path: string,
  content?: XmlObject,
  headers: Record<string, string> = {},
) => {
  const answer = await fetch(`${rig.url}/2020-05-31${path}`, {
    method,
    headers: { ...signed("cloudfront", "us-east-1"), ...headers },
    ...(content && { body: writeXml(content) }),
  });
  const text = await answer.text();
  const [root] = text === "" ? [{}] : Object.values(readXml(text));
  return { status: answer.status, etag: answer.headers.get("etag") ?? "", content: objectOf(root) };
};
const codeOf = (content: XmlObject) => objectOf(content["Error"])["Code"];

describe("CloudFront", () => {
  const config = (enabled: string): XmlObject => ({
    DistributionConfig: {
      CallerReference: "first",
      Enabled: enabled,
      Comment: "shop",
      Origins: { Quantity: "1", Items: { Origin: { Id: "site", DomainName: "shop.s3.amazonaws.com" } } },
      DefaultCacheBehavior: { TargetOriginId: "site", ViewerProtocolPolicy: "https-only" },
    },
  });
  const create = async () => {
    const made = await rest("POST", "/distribution", config("true"));
    return { id: String(made.content["Id"]), etag: made.etag };
  };
  const batch = (reference: string, path: string): XmlObject => ({
    InvalidationBatch: { CallerReference: reference, Paths: { Quantity: "1", Items: { Path: path } } },
  });

  test("a change without the ETag, or with an old one, is refused", async () => {
    const { id, etag } = await create();
    const without = await rest("PUT", `/distribution/${id}/config`, config("false"));
    expect([without.status, codeOf(without.content)]).toEqual([400, "InvalidIfMatchVersion"]);
    const changed = await rest("PUT", `/distribution/${id}/config`, config("false"), { "if-match": etag });
    expect(changed.status).toBe(200);
    const old = await rest("PUT", `/distribution/${id}/config`, config("true"), { "if-match": etag });
    expect([old.status, codeOf(old.content)]).toEqual([412, "PreconditionFailed"]);
  });

  test("an enabled distribution cannot be deleted", async () => {
    const { id, etag } = await create();
    const refused = await rest("DELETE", `/distribution/${id}`, undefined, { "if-match": etag });
    expect([refused.status, codeOf(refused.content)]).toEqual([409, "DistributionNotDisabled"]);
    const disabled = await rest("PUT", `/distribution/${id}/config`, config("false"), { "if-match": etag });
    expect(
      (await rest("DELETE", `/distribution/${id}`, undefined, { "if-match": disabled.etag })).status,
    ).toBe(204);
    expect(codeOf((await rest("GET", `/distribution/${id}`)).content)).toBe("NoSuchDistribution");
  });

  test("an invalidation is in progress first and completed later", async () => {
    const { id } = await create();
    const made = await rest("POST", `/distribution/${id}/invalidation`, batch("one", "/*"));
    expect(made.content["Status"]).toBe("InProgress");
    const later = await rest("GET", `/distribution/${id}/invalidation/${String(made.content["Id"])}`);
    expect(later.content["Status"]).toBe("Completed");
  });

  test("a caller reference stands for one invalidation", async () => {
    const { id } = await create();
    const first = await rest("POST", `/distribution/${id}/invalidation`, batch("one", "/*"));
    const again = await rest("POST", `/distribution/${id}/invalidation`, batch("one", "/*"));
    expect(again.content["Id"]).toBe(first.content["Id"]);
    const other = await rest("POST", `/distribution/${id}/invalidation`, batch("one", "/other"));
    expect(codeOf(other.content)).toBe("InvalidationBatchAlreadyExists");
  });

  test("a certificate of another region is refused", async () => {
    const { DistributionConfig } = config("true");
    const refused = await rest("POST", "/distribution", {
      DistributionConfig: {
        ...objectOf(DistributionConfig),
        ViewerCertificate: { ACMCertificateArn: "arn:aws:acm:eu-north-1:123456789012:certificate/1" },
      },
    });
    expect(codeOf(refused.content)).toBe("InvalidViewerCertificate");
  });
});

describe("ECS", () => {
  const ecs = (action: string, content: Json) =>
    json("ecs", `AmazonEC2ContainerServiceV20141113.${action}`, content);
  const serviceOf = async () => {
    const { content } = await ecs("DescribeServices", { cluster: "shop", services: ["api"] });
    return (content["services"] as Json[])[0]!;
  };
  beforeEach(async () => {
    await ecs("CreateCluster", { clusterName: "shop" });
    await ecs("RegisterTaskDefinition", {
      family: "api",
      containerDefinitions: [{ name: "api", image: "api", memory: 128 }],
    });
    await ecs("CreateService", {
      cluster: "shop",
      serviceName: "api",
      taskDefinition: "api",
      desiredCount: 0,
      healthCheckGracePeriodSeconds: 60,
      deploymentConfiguration: {
        maximumPercent: 150,
        alarms: { alarmNames: ["a"], enable: true, rollback: true },
      },
    });
  });

  test("a service keeps its grace period and deployment configuration", async () => {
    expect(await serviceOf()).toMatchObject({
      healthCheckGracePeriodSeconds: 60,
      deploymentConfiguration: { strategy: "ROLLING", maximumPercent: 150, alarms: { alarmNames: ["a"] } },
    });
  });

  test("an update changes what it names, and nothing else", async () => {
    await ecs("UpdateService", { cluster: "shop", service: "api", enableExecuteCommand: true });
    expect(await serviceOf()).toMatchObject({
      enableExecuteCommand: true,
      healthCheckGracePeriodSeconds: 60,
    });
  });
});

describe("ElastiCache", () => {
  const cache = (params: Record<string, string>) => query("elasticache", "2015-02-02", params);

  test("a replication group has members, and takes them with it", async () => {
    await cache({
      Action: "CreateReplicationGroup",
      ReplicationGroupId: "shop",
      NumCacheClusters: "2",
      Engine: "valkey",
    });
    const members = await cache({ Action: "DescribeCacheClusters" });
    expect(JSON.stringify(members.content)).toMatch(/shop-001.*shop-002/);
    await cache({ Action: "DeleteReplicationGroup", ReplicationGroupId: "shop" });
    const after = await cache({ Action: "DescribeCacheClusters", CacheClusterId: "shop-001" });
    expect([after.status, codeOf(after.content)]).toEqual([404, "CacheClusterNotFound"]);
  });

  test("no password and no token is kept", async () => {
    await cache({
      Action: "CreateUser",
      UserId: "app",
      UserName: "app",
      Engine: "valkey",
      "Passwords.member.1": "a-password-of-the-test",
    });
    const { content } = await cache({ Action: "DescribeUsers" });
    expect(JSON.stringify(content)).toContain('"PasswordCount":"1"');
    expect(JSON.stringify(content)).not.toContain("a-password-of-the-test");
  });
});

describe("RDS", () => {
  const rds = (params: Record<string, string>) => query("rds", "2014-10-31", params);
  const create = (name: string) =>
    rds({
      Action: "CreateDBInstance",
      DBInstanceIdentifier: name,
      DBInstanceClass: "db.t4g.micro",
      Engine: "postgres",
      AllocatedStorage: "20",
      MasterUsername: "shop",
      MasterUserPassword: "not-a-real-password",
      EnablePerformanceInsights: "true",
    });

  test("each instance has a resource id of its own and is found by it", async () => {
    await create("one");
    await create("two");
    const text = JSON.stringify((await rds({ Action: "DescribeDBInstances" })).content);
    const ids = [...text.matchAll(/"DbiResourceId":"([^"]+)"/g)].map(([, id]) => id!);
    expect(new Set(ids).size).toBe(2);
    const found = await rds({
      Action: "DescribeDBInstances",
      "Filters.Filter.1.Name": "dbi-resource-id",
      "Filters.Filter.1.Values.Value.1": ids[1]!,
    });
    expect(JSON.stringify(found.content)).toContain('"DBInstanceIdentifier":"two"');
    expect(JSON.stringify(found.content)).not.toContain('"DBInstanceIdentifier":"one"');
  });

  test("Performance Insights stays on through a change of something else", async () => {
    await create("one");
    await rds({ Action: "ModifyDBInstance", DBInstanceIdentifier: "one", MonitoringInterval: "60" });
    const text = JSON.stringify((await rds({ Action: "DescribeDBInstances" })).content);
    expect(text).toContain('"PerformanceInsightsEnabled":"true"');
    expect(text).toContain('"MonitoringInterval":"60"');
  });
});

test("a composite alarm is described with metric alarms only when it is asked for", async () => {
  const alarms = (params: Record<string, string>) => query("monitoring", "2010-08-01", params);
  await alarms({ Action: "PutCompositeAlarm", AlarmName: "both", AlarmRule: "ALARM(one) OR ALARM(two)" });
  const all = { "AlarmTypes.member.1": "CompositeAlarm", "AlarmTypes.member.2": "MetricAlarm" };
  expect(JSON.stringify((await alarms({ Action: "DescribeAlarms" })).content)).not.toContain("both");
  expect(JSON.stringify((await alarms({ Action: "DescribeAlarms", ...all })).content)).toContain(
    '"AlarmName":"both"',
  );
  await alarms({
    Action: "SetAlarmState",
    AlarmName: "both",
    StateValue: "ALARM",
    StateReason: "the test says so",
  });
  expect(JSON.stringify((await alarms({ Action: "DescribeAlarms", ...all })).content)).toContain(
    '"StateValue":"ALARM"',
  );
  await alarms({ Action: "DeleteAlarms", "AlarmNames.member.1": "both" });
  expect(JSON.stringify((await alarms({ Action: "DescribeAlarms", ...all })).content)).not.toContain("both");
});

test("a policy that denies access without TLS is told as it was sent, and denies nobody", async () => {
  const s3 = (method: string, path: string, body?: string) =>
    fetch(rig.url + path, { method, headers: signed("s3"), ...(body !== undefined && { body }) });
  await s3(
    "PUT",
    "/shop",
    "<CreateBucketConfiguration><LocationConstraint>eu-north-1</LocationConstraint></CreateBucketConfiguration>",
  );
  const policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: ["arn:aws:s3:::shop", "arn:aws:s3:::shop/*"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
  expect((await s3("PUT", "/shop?policy", policy)).status).toBe(200);
  expect(await (await s3("GET", "/shop?policy")).text()).toBe(policy);
  expect((await s3("PUT", "/shop/key", "text")).status).toBe(200);
  expect(await (await s3("GET", "/shop/key")).text()).toBe("text");
});

test("composite alarms are told in CBOR too, beside moto's metric alarms", async () => {
  const ask = async (action: string, content: Json) => {
    const answer = await fetch(`${rig.url}/service/GraniteServiceVersion20100801/operation/${action}`, {
      method: "POST",
      headers: {
        ...signed("monitoring"),
        "content-type": "application/cbor",
        "smithy-protocol": "rpc-v2-cbor",
      },
      body: cbor.serialize(content),
    });
    const body = new Uint8Array(await answer.arrayBuffer());
    return { status: answer.status, content: (body.length === 0 ? {} : cbor.deserialize(body)) as Json };
  };
  await ask("PutMetricAlarm", {
    AlarmName: "one",
    Namespace: "shop",
    MetricName: "errors",
    ComparisonOperator: "GreaterThanThreshold",
    EvaluationPeriods: 1,
    Period: 60,
    Statistic: "Sum",
    Threshold: 1,
  });
  await ask("PutCompositeAlarm", { AlarmName: "both", AlarmRule: "ALARM(one)", ActionsEnabled: false });
  const { content } = await ask("DescribeAlarms", { AlarmTypes: ["CompositeAlarm", "MetricAlarm"] });
  expect(content).toMatchObject({
    MetricAlarms: [{ AlarmName: "one" }],
    CompositeAlarms: [{ AlarmName: "both", ActionsEnabled: false, StateValue: "OK" }],
  });
  rig.faults.add({ service: "cloudwatch", fate: { type: "throttle" } });
  expect(await ask("DescribeAlarms", {})).toMatchObject({ status: 400, content: { __type: "Throttling" } });
});

test("a bucket whose versioning was suspended can be emptied, delete markers too", async () => {
  const s3 = async (method: string, path: string, content?: string) => {
    const headers = { ...signed("s3"), "content-type": "application/xml" };
    const answer = await fetch(rig.url + path, {
      method,
      headers,
      ...(content !== undefined && { body: content }),
    });
    return { status: answer.status, text: await answer.text() };
  };
  const versioning = (status: string) =>
    s3(
      "PUT",
      "/shop?versioning",
      `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`,
    );
  await s3(
    "PUT",
    "/shop",
    "<CreateBucketConfiguration><LocationConstraint>eu-north-1</LocationConstraint></CreateBucketConfiguration>",
  );
  await s3("PUT", "/shop/key", "before there were versions");
  await versioning("Enabled");
  await s3("DELETE", "/shop/key");
  await versioning("Suspended");
  expect((await s3("GET", "/shop?versioning")).text).toContain("<Status>Suspended</Status>");
  const { text } = await s3("GET", "/shop?versions");
  const ids = ["null", /<DeleteMarker>.*<VersionId>([^<]+)/s.exec(text)![1]!];
  for (const id of ids) {
    const one = `<Object><Key>key</Key><VersionId>${id}</VersionId></Object>`;
    expect((await s3("POST", "/shop?delete", `<Delete>${one}</Delete>`)).status).toBe(200);
  }
  expect((await s3("DELETE", "/shop")).status).toBe(204);
});
