import { describe, expect, test } from "vitest";
import { query, useRig } from "./wire.ts";

useRig();

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

  test("an event subscription changes what is sent, and keeps the rest", async () => {
    await query("sns", "2010-03-31", { Action: "CreateTopic", Name: "shop" });
    await rds({
      Action: "CreateEventSubscription",
      SubscriptionName: "shop",
      SnsTopicArn: "arn:aws:sns:eu-north-1:123456789012:shop",
      SourceType: "db-instance",
      "EventCategories.EventCategory.1": "failover",
    });
    const changed = await rds({
      Action: "ModifyEventSubscription",
      SubscriptionName: "shop",
      "EventCategories.EventCategory.1": "deletion",
    });
    expect(changed.status).toBe(200);
    const text = JSON.stringify((await rds({ Action: "DescribeEventSubscriptions" })).content);
    expect(text).toContain('"EventCategory":"deletion"');
    expect(text).toContain('"SourceType":"db-instance"');
    expect((await rds({ Action: "ModifyEventSubscription", SubscriptionName: "other" })).status).toBe(404);
  });
});
