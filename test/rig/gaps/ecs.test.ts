import type { Json } from "../call.ts";
import { beforeEach, describe, expect, test } from "vitest";
import { json, useRig } from "./wire.ts";

useRig();

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

  test("a service on Fargate runs on the newest platform unless it names another; one on EC2 has none", async () => {
    const made = async (serviceName: string, more: Json) => {
      const asked = { cluster: "shop", serviceName, taskDefinition: "api", desiredCount: 0, ...more };
      return ((await ecs("CreateService", asked)).content["service"] as Json)["platformVersion"];
    };
    expect(await made("fargate", { launchType: "FARGATE" })).toBe("LATEST");
    const spot = [{ capacityProvider: "FARGATE_SPOT", weight: 1 }];
    expect(await made("spot", { capacityProviderStrategy: spot })).toBe("LATEST");
    expect(await made("old", { launchType: "FARGATE", platformVersion: "1.4.0" })).toBe("1.4.0");
    expect((await serviceOf())["platformVersion"]).toBeUndefined();
  });

  test("a family without a revision is its newest one", async () => {
    await ecs("RegisterTaskDefinition", {
      family: "api",
      containerDefinitions: [{ name: "api", image: "api:2", memory: 128 }],
    });
    expect((await serviceOf())["taskDefinition"]).toMatch(/task-definition\/api:1$/);
    await ecs("UpdateService", { cluster: "shop", service: "api", taskDefinition: "api" });
    expect((await serviceOf())["taskDefinition"]).toMatch(/task-definition\/api:2$/);
  });
});
