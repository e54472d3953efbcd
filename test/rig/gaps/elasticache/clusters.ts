import type { Call } from "../../call.ts";
import { objects, text, texts, type Params } from "../../params.ts";
import { makeShelf, type Shelf } from "../../shelf.ts";
import { tagsOf } from "../../tags.ts";
import type { XmlObject } from "../../xml.ts";
import { action, type Kind, type KindContext } from "./shared.ts";

/** What a node group's members and a cluster of its own have in common. */
export interface Cluster {
  id: string;
  engine: string;
  version: string;
  nodeType: string;
  nodes: number;
  port: string;
  subnetGroup: string;
  parameterGroup: string;
  securityGroups: string[];
  maintenance: string;
  snapshotDays: string;
  snapshotWindow: string;
  topic: string;
  minorUpgrades: string;
  encryption: { atRest: string; transit: string; mode: string; authToken: string };
  network: string;
  discovery: string;
  logs: LogDelivery[];
  replicationGroup: string | null;
  zone: string;
  createdAt: string;
  arn: string;
}

interface LogDelivery {
  LogType: string;
  DestinationType: string;
  DestinationDetails: XmlObject;
  LogFormat: string;
}

const PATCH: Record<string, string> = { "valkey 7.2": "7.2.6", "valkey 8.0": "8.0.1", "redis 6.2": "6.2.6" };

/** AWS takes `7.1` and tells of `7.1.0`. */
const versionOf = (engine: string, asked: string): string => {
  if (asked === "") return engine === "memcached" ? "1.6.22" : engine === "valkey" ? "8.0.1" : "7.1.0";
  return PATCH[`${engine} ${asked}`] ?? (/^\d+\.\d+$/.test(asked) ? `${asked}.0` : asked);
};

const parameterGroupOf = (engine: string, version: string) => {
  const [major = "", minor = ""] = version.split(".");
  if (engine === "memcached") return `default.memcached${major}.${minor}`;
  return Number(major) >= 7 ? `default.${engine}${major}` : `default.${engine}${major}.x`;
};

/** Deliveries that are switched on; AWS leaves the others out. */
const logsOf = (params: Params, before: LogDelivery[]): LogDelivery[] => {
  const asked = objects(params["LogDeliveryConfigurations"]);
  const others = before.filter((one) => !asked.some((other) => text(other["LogType"]) === one.LogType));
  return [
    ...others,
    ...asked
      .filter((one) => text(one["Enabled"]) !== "false")
      .map((one) => ({
        LogType: text(one["LogType"]),
        DestinationType: text(one["DestinationType"]),
        DestinationDetails: one["DestinationDetails"] as XmlObject,
        LogFormat: text(one["LogFormat"]),
      })),
  ];
};

export const logsXml = (logs: LogDelivery[]): XmlObject => ({
  LogDeliveryConfiguration: logs.map((one) => ({ ...one, Status: "active" })),
});

/** The cluster as it is after a create or modify call: what was sent, else what it was, else AWS's default. */
export const clusterAfter = (
  params: Params,
  before: Cluster | null,
  fixed: Pick<Cluster, "id" | "arn" | "replicationGroup" | "createdAt">,
): Cluster => {
  const sent = (name: string, was: string | undefined, otherwise = "") =>
    text(params[name], was ?? otherwise);
  const engine = sent("Engine", before?.engine, "redis");
  const asked = text(params["EngineVersion"]);
  const version = asked === "" && before !== null ? before.version : versionOf(engine, asked);
  const groups = texts(params["SecurityGroupIds"]);
  const transit = sent("TransitEncryptionEnabled", before?.encryption.transit, "false");
  return {
    ...fixed,
    engine,
    version,
    nodeType: sent("CacheNodeType", before?.nodeType),
    nodes: Number(sent("NumCacheNodes", (before && String(before.nodes)) || undefined, "1")),
    port: sent("Port", before?.port, engine === "memcached" ? "11211" : "6379"),
    subnetGroup: sent("CacheSubnetGroupName", before?.subnetGroup, "default"),
    parameterGroup: sent(
      "CacheParameterGroupName",
      before?.parameterGroup,
      parameterGroupOf(engine, version),
    ),
    securityGroups: groups.length > 0 ? groups : (before?.securityGroups ?? []),
    maintenance: sent("PreferredMaintenanceWindow", before?.maintenance, "sun:05:00-sun:06:00"),
    snapshotDays: sent("SnapshotRetentionLimit", before?.snapshotDays, "0"),
    snapshotWindow: sent("SnapshotWindow", before?.snapshotWindow, "03:30-04:30"),
    topic: sent("NotificationTopicArn", before?.topic),
    minorUpgrades: sent("AutoMinorVersionUpgrade", before?.minorUpgrades, "true"),
    encryption: {
      atRest: sent("AtRestEncryptionEnabled", before?.encryption.atRest, "false"),
      transit,
      mode: sent("TransitEncryptionMode", before?.encryption.mode, transit === "true" ? "required" : ""),
      authToken: authTokenOf(params, before),
    },
    network: sent("NetworkType", before?.network, "ipv4"),
    discovery: sent("IpDiscovery", before?.discovery, "ipv4"),
    logs: logsOf(params, before?.logs ?? []),
    zone: text(params["PreferredAvailabilityZone"], before?.zone),
  };
};

/** Whether there is one; the token itself is not kept. */
const authTokenOf = (params: Params, before: Cluster | null) => {
  if (text(params["AuthTokenUpdateStrategy"]) === "DELETE") return "false";
  return text(params["AuthToken"]) === "" ? (before?.encryption.authToken ?? "false") : "true";
};

const endpointXml = (cluster: Cluster, place: string): XmlObject => ({
  Address: `${cluster.id}.rig.${place}.cache.amazonaws.com`,
  Port: cluster.port,
});

export const clusterXml = (call: Call, cluster: Cluster): XmlObject => {
  const zone = cluster.zone === "" ? `${call.region}a` : cluster.zone;
  return {
    CacheClusterId: cluster.id,
    ...(cluster.engine === "memcached" && { ConfigurationEndpoint: endpointXml(cluster, "cfg") }),
    CacheNodeType: cluster.nodeType,
    Engine: cluster.engine,
    EngineVersion: cluster.version,
    CacheClusterStatus: "available",
    NumCacheNodes: String(cluster.nodes),
    PreferredAvailabilityZone: zone,
    CacheClusterCreateTime: cluster.createdAt,
    PreferredMaintenanceWindow: cluster.maintenance,
    PendingModifiedValues: "",
    ...(cluster.topic !== "" && {
      NotificationConfiguration: { TopicArn: cluster.topic, TopicStatus: "active" },
    }),
    CacheParameterGroup: { CacheParameterGroupName: cluster.parameterGroup, ParameterApplyStatus: "in-sync" },
    CacheSubnetGroupName: cluster.subnetGroup,
    CacheNodes: {
      CacheNode: Array.from({ length: cluster.nodes }, (_, at) => ({
        CacheNodeId: String(at + 1).padStart(4, "0"),
        CacheNodeStatus: "available",
        CacheNodeCreateTime: cluster.createdAt,
        Endpoint: endpointXml(cluster, String(at + 1).padStart(4, "0")),
        ParameterGroupStatus: "in-sync",
        CustomerAvailabilityZone: zone,
      })),
    },
    AutoMinorVersionUpgrade: cluster.minorUpgrades,
    SecurityGroups: {
      member: cluster.securityGroups.map((SecurityGroupId) => ({ SecurityGroupId, Status: "active" })),
    },
    ...(cluster.replicationGroup !== null && { ReplicationGroupId: cluster.replicationGroup }),
    SnapshotRetentionLimit: cluster.snapshotDays,
    SnapshotWindow: cluster.snapshotWindow,
    AuthTokenEnabled: cluster.encryption.authToken,
    TransitEncryptionEnabled: cluster.encryption.transit,
    AtRestEncryptionEnabled: cluster.encryption.atRest,
    ...(cluster.encryption.mode !== "" && { TransitEncryptionMode: cluster.encryption.mode }),
    ARN: cluster.arn,
    ReplicationGroupLogDeliveryEnabled: "false",
    LogDeliveryConfigurations: logsXml(cluster.replicationGroup === null ? cluster.logs : []),
    NetworkType: cluster.network,
    IpDiscovery: cluster.discovery,
  };
};

export type Clusters = Shelf<Cluster>;
export const makeClusterShelf = (): Clusters =>
  makeShelf<Cluster>({ missing: "CacheClusterNotFound", exists: "CacheClusterAlreadyExists" });

export const makeClusters = ({ arn, tags, now }: KindContext, clusters: Clusters): Kind => ({
  clear: clusters.clear,
  actions: {
    CreateCacheCluster: action((params, call) => {
      const id = text(params["CacheClusterId"]).toLowerCase();
      const group = text(params["ReplicationGroupId"]);
      const fixed = {
        id,
        arn: arn(call, "cluster", id),
        replicationGroup: group === "" ? null : group,
        createdAt: now().toISOString(),
      };
      const cluster = clusters.add(call, id, clusterAfter(params, null, fixed));
      tags.set(cluster.arn, tagsOf(params));
      return { CacheCluster: { ...clusterXml(call, cluster), CacheClusterStatus: "creating" } };
    }),
    ModifyCacheCluster: action((params, call) => {
      const before = clusters.get(call, text(params["CacheClusterId"]));
      return {
        CacheCluster: clusterXml(call, clusters.put(call, before.id, clusterAfter(params, before, before))),
      };
    }),
    DescribeCacheClusters: action((params, call) => ({
      CacheClusters: {
        CacheCluster: clusters
          .select(call, text(params["CacheClusterId"]))
          .filter(
            (cluster) =>
              text(params["ShowCacheClustersNotInReplicationGroups"]) !== "true" ||
              cluster.replicationGroup === null,
          )
          .map((cluster) => clusterXml(call, cluster)),
      },
    })),
    DeleteCacheCluster: action((params, call) => {
      const cluster = clusters.remove(call, text(params["CacheClusterId"]));
      tags.drop(cluster.arn);
      return { CacheCluster: { ...clusterXml(call, cluster), CacheClusterStatus: "deleting" } };
    }),
  },
});
