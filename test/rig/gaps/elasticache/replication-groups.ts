import type { Call } from "../../call.ts";
import { text, texts, type Params } from "../../params.ts";
import { makeShelf } from "../../shelf.ts";
import { tagsOf } from "../../tags.ts";
import type { XmlObject } from "../../xml.ts";
import { clusterAfter, logsXml, type Cluster, type Clusters } from "./clusters.ts";
import { action, type Kind, type KindContext } from "./shared.ts";

interface Group {
  id: string;
  description: string;
  failover: string;
  multiAz: string;
  shards: number;
  clusterMode: boolean;
  /** Of the members, by shard. */
  members: string[][];
  kmsKey: string;
  userGroups: string[];
  dataTiering: string;
  createdAt: string;
  arn: string;
}

const enabled = (value: string) => (value === "true" ? "enabled" : "disabled");

/** How many shards, and nodes in each. */
const sizeOf = (params: Params) => {
  const shards = Number(text(params["NumNodeGroups"], "1"));
  const replicas = text(params["ReplicasPerNodeGroup"]);
  const perShard = replicas === "" ? Number(text(params["NumCacheClusters"], "1")) : Number(replicas) + 1;
  return { shards, perShard, clusterMode: params["NumNodeGroups"] !== undefined && shards > 1 };
};

export const makeReplicationGroups = ({ arn, tags, now }: KindContext, clusters: Clusters): Kind => {
  const groups = makeShelf<Group>({
    missing: "ReplicationGroupNotFoundFault",
    exists: "ReplicationGroupAlreadyExists",
  });

  const memberName = (group: Group, shard: number, at: number) =>
    [
      group.id,
      ...(group.clusterMode ? [String(shard + 1).padStart(4, "0")] : []),
      String(at + 1).padStart(3, "0"),
    ].join("-");
  const addMember = (
    call: Call,
    group: Group,
    shard: number,
    like: (fixed: Parameters<typeof clusterAfter>[2]) => Cluster,
  ) => {
    const at = group.members[shard]!.length;
    const id = memberName(group, shard, at);
    const zone = `${call.region}${"abc"[at % 3]}`;
    const fixed = {
      id,
      arn: arn(call, "cluster", id),
      replicationGroup: group.id,
      createdAt: now().toISOString(),
    };
    clusters.put(call, id, { ...like(fixed), zone, nodes: 1 });
    group.members[shard]!.push(id);
  };
  const membersOf = (call: Call, group: Group) => group.members.flat().map((id) => clusters.get(call, id));

  const groupXml = (call: Call, group: Group): XmlObject => {
    const members = membersOf(call, group);
    const one = members[0]!;
    const host = (place: string) => `${place}.${group.id}.rig.${call.region}.cache.amazonaws.com`;
    const endpoint = (place: string) => ({ Address: host(place), Port: one.port });
    return {
      ReplicationGroupId: group.id,
      Description: group.description,
      Status: "available",
      PendingModifiedValues: "",
      MemberClusters: { ClusterId: members.map(({ id }) => id) },
      NodeGroups: {
        NodeGroup: group.members.map((ids, shard) => ({
          NodeGroupId: String(shard + 1).padStart(4, "0"),
          Status: "available",
          ...(!group.clusterMode && {
            PrimaryEndpoint: endpoint("master"),
            ReaderEndpoint: endpoint("replica"),
          }),
          ...(group.clusterMode && { Slots: "0-16383" }),
          NodeGroupMembers: {
            NodeGroupMember: ids.map((id, at) => ({
              CacheClusterId: id,
              CacheNodeId: "0001",
              PreferredAvailabilityZone: clusters.get(call, id).zone,
              ...(!group.clusterMode && {
                CurrentRole: at === 0 ? "primary" : "replica",
                ReadEndpoint: endpoint(id),
              }),
            })),
          },
        })),
      },
      AutomaticFailover: enabled(group.failover),
      MultiAZ: enabled(group.multiAz),
      ...(group.clusterMode && { ConfigurationEndpoint: endpoint("clustercfg") }),
      SnapshotRetentionLimit: one.snapshotDays,
      SnapshotWindow: one.snapshotWindow,
      ClusterEnabled: String(group.clusterMode),
      ClusterMode: enabled(String(group.clusterMode)),
      CacheNodeType: one.nodeType,
      AuthTokenEnabled: one.encryption.authToken,
      TransitEncryptionEnabled: one.encryption.transit,
      ...(one.encryption.mode !== "" && { TransitEncryptionMode: one.encryption.mode }),
      AtRestEncryptionEnabled: one.encryption.atRest,
      ...(group.kmsKey !== "" && { KmsKeyId: group.kmsKey }),
      ARN: group.arn,
      UserGroupIds: { member: group.userGroups },
      LogDeliveryConfigurations: logsXml(one.logs),
      ReplicationGroupCreateTime: group.createdAt,
      DataTiering: enabled(group.dataTiering),
      AutoMinorVersionUpgrade: one.minorUpgrades,
      NetworkType: one.network,
      IpDiscovery: one.discovery,
      Engine: one.engine,
    };
  };
  const drop = (call: Call, id: string) => {
    tags.drop(clusters.remove(call, id).arn);
  };
  const resize = action((params, call) => {
    const group = groups.get(call, text(params["ReplicationGroupId"]));
    const wanted = Number(text(params["NewReplicaCount"])) + 1;
    for (const [shard, ids] of group.members.entries()) {
      while (ids.length > wanted) drop(call, ids.pop()!);
      while (ids.length < wanted)
        addMember(call, group, shard, (fixed) => ({ ...clusters.get(call, ids[0]!), ...fixed }));
    }
    return { ReplicationGroup: groupXml(call, group) };
  });
  return {
    clear: groups.clear,
    actions: {
      CreateReplicationGroup: action((params, call) => {
        const id = text(params["ReplicationGroupId"]).toLowerCase();
        const { shards, perShard, clusterMode } = sizeOf(params);
        const group = groups.add(call, id, {
          id,
          description: text(params["ReplicationGroupDescription"]),
          failover: text(params["AutomaticFailoverEnabled"], "false"),
          multiAz: text(params["MultiAZEnabled"], "false"),
          shards,
          clusterMode,
          members: Array.from({ length: shards }, () => []),
          kmsKey: text(params["KmsKeyId"]),
          userGroups: texts(params["UserGroupIds"]),
          dataTiering: text(params["DataTieringEnabled"], "false"),
          createdAt: now().toISOString(),
          arn: arn(call, "replicationgroup", id),
        });
        for (let shard = 0; shard < shards; shard += 1)
          for (let at = 0; at < perShard; at += 1)
            addMember(call, group, shard, (fixed) => clusterAfter(params, null, fixed));
        tags.set(group.arn, tagsOf(params));
        return { ReplicationGroup: { ...groupXml(call, group), Status: "creating" } };
      }),
      ModifyReplicationGroup: action((params, call) => {
        const group = groups.get(call, text(params["ReplicationGroupId"]));
        group.description = text(params["ReplicationGroupDescription"], group.description);
        group.failover = text(params["AutomaticFailoverEnabled"], group.failover);
        group.multiAz = text(params["MultiAZEnabled"], group.multiAz);
        const without = texts(params["UserGroupIdsToRemove"]);
        const kept = text(params["RemoveUserGroups"]) === "true" ? [] : group.userGroups;
        group.userGroups = [
          ...kept.filter((one) => !without.includes(one)),
          ...texts(params["UserGroupIdsToAdd"]),
        ];
        for (const member of membersOf(call, group))
          clusters.put(call, member.id, clusterAfter(params, member, member));
        return { ReplicationGroup: groupXml(call, group) };
      }),
      DescribeReplicationGroups: action((params, call) => ({
        ReplicationGroups: {
          ReplicationGroup: groups
            .select(call, text(params["ReplicationGroupId"]))
            .map((group) => groupXml(call, group)),
        },
      })),
      IncreaseReplicaCount: resize,
      DecreaseReplicaCount: resize,
      DeleteReplicationGroup: action((params, call) => {
        const group = groups.get(call, text(params["ReplicationGroupId"]));
        const last = { ...groupXml(call, group), Status: "deleting" };
        for (const id of group.members.flat()) drop(call, id);
        groups.remove(call, group.id);
        tags.drop(group.arn);
        return { ReplicationGroup: last };
      }),
    },
  };
};
