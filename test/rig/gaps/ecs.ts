import { askJson } from "../ask.ts";
import { jsonOf, withBody, type Call, type Json, type Moto } from "../call.ts";
import type { MakeGap } from "../gap.ts";
import { mendJson } from "../mend.ts";

/** What moto drops of a service. */
const KEPT = [
  "availabilityZoneRebalancing",
  "capacityProviderStrategy",
  "deploymentConfiguration",
  "enableECSManagedTags",
  "enableExecuteCommand",
  "healthCheckGracePeriodSeconds",
  "platformVersion",
  "volumeConfigurations",
] as const;

const DEPLOYMENT = {
  strategy: "ROLLING",
  bakeTimeInMinutes: 0,
  maximumPercent: 200,
  minimumHealthyPercent: 100,
  deploymentCircuitBreaker: { enable: false, rollback: false },
};

const DEFAULTS: Json = {
  availabilityZoneRebalancing: "DISABLED",
  enableECSManagedTags: false,
  enableExecuteCommand: false,
  healthCheckGracePeriodSeconds: 0,
};

const isOnFargate = (sent: Json): boolean =>
  sent["launchType"] === "FARGATE" ||
  ((sent["capacityProviderStrategy"] as Json[] | undefined) ?? []).some(({ capacityProvider }) =>
    String(capacityProvider).startsWith("FARGATE"),
  );

const last = (arnOrName: unknown) => String(arnOrName).split("/").at(-1)!;

const TARGET = "AmazonEC2ContainerServiceV20141113.DescribeTaskDefinition";

/** The call with the task definition's newest revision, where it names a family alone: moto keeps it as it is written. */
const withRevision = async (call: Call, moto: Moto): Promise<Call> => {
  const sent = jsonOf(call);
  const given = sent["taskDefinition"];
  if (typeof given !== "string" || /:\d+$/.test(last(given))) return call;
  const { region } = call;
  // A family that is not there is for moto to refuse.
  const found = await askJson(moto, {
    service: "ecs",
    region,
    target: TARGET,
    content: { taskDefinition: last(given) },
  }).catch(() => null);
  if (found === null) return call;
  const { taskDefinitionArn } = found["taskDefinition"] as Json;
  return withBody(call, JSON.stringify({ ...sent, taskDefinition: taskDefinitionArn }));
};

/**
 * Services keep what was sent for them; there are no tasks, rollouts or events here (a model of those takes the same actions
 * over before this gap). Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html
 */
export const makeEcs: MakeGap = () => {
  const services = new Map<string, Json>();
  const keyOf = ({ region }: Call, cluster: unknown, service: unknown) =>
    [region, last(cluster ?? "default"), last(service)].join(" ");

  const remember = (call: Call, service: unknown, before: Json) => {
    const sent = jsonOf(call);
    const kept = Object.fromEntries(
      KEPT.flatMap((name) => (sent[name] === undefined ? [] : [[name, sent[name]]])),
    );
    const deployment = {
      ...(before["deploymentConfiguration"] as Json | undefined),
      ...(kept["deploymentConfiguration"] as Json | undefined),
    };
    return services.set(keyOf(call, sent["cluster"], service), {
      ...before,
      ...kept,
      deploymentConfiguration: deployment,
    });
  };
  const complete = (call: Call, service: Json) => {
    const kept = services.get(keyOf(call, service["clusterArn"], service["serviceName"]));
    if (kept === undefined) return;
    Object.assign(service, kept);
    // A service has one or the other.
    if (((kept["capacityProviderStrategy"] as unknown[] | undefined) ?? []).length > 0)
      delete service["launchType"];
  };
  const ofOne = (content: Json, call: Call) => complete(call, content["service"] as Json);
  return {
    service: "ecs",
    reset: () => services.clear(),
    actions: {
      CreateService: async (call, moto) =>
        mendJson(await withRevision(call, moto), moto, (content) => {
          const sent = jsonOf(call);
          remember(call, sent["serviceName"], {
            ...DEFAULTS,
            ...(isOnFargate(sent) ? { platformVersion: "LATEST" } : {}),
            deploymentConfiguration: DEPLOYMENT,
          });
          ofOne(content, call);
        }),
      UpdateService: async (call, moto) =>
        mendJson(await withRevision(call, moto), moto, (content) => {
          const { cluster, service } = jsonOf(call);
          remember(call, service, services.get(keyOf(call, cluster, service)) ?? {});
          ofOne(content, call);
        }),
      DescribeServices: (call, moto) =>
        mendJson(call, moto, (content) => {
          for (const service of content["services"] as Json[]) complete(call, service);
        }),
      DeleteService: (call, moto) => mendJson(call, moto, (content) => ofOne(content, call)),
    },
  };
};
