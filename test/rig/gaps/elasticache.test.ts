import { describe, expect, test } from "vitest";
import { codeOf, query, useRig } from "./wire.ts";

useRig();

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
