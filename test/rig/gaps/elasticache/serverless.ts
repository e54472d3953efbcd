import { text, texts, type Params } from "../../params.ts";
import { makeShelf } from "../../shelf.ts";
import { tagsOf } from "../../tags.ts";
import type { XmlObject } from "../../xml.ts";
import { action, taken, type Kind, type KindContext } from "./shared.ts";

type Cache = XmlObject & { ServerlessCacheName: string; ARN: string };

const SENT = [
  "Description",
  "UserGroupId",
  "SnapshotRetentionLimit",
  "DailySnapshotTime",
  "Engine",
  "MajorEngineVersion",
];

const changed = (params: Params): XmlObject => {
  const groups = texts(params["SecurityGroupIds"]);
  const limits = params["CacheUsageLimits"];
  return {
    ...taken(params, SENT),
    ...(groups.length > 0 && { SecurityGroupIds: { SecurityGroupId: groups } }),
    ...(limits !== undefined && { CacheUsageLimits: limits as XmlObject }),
  };
};

export const makeServerless = ({ arn, tags, now }: KindContext): Kind => {
  const caches = makeShelf<Cache>({
    missing: "ServerlessCacheNotFoundFault",
    exists: "ServerlessCacheAlreadyExistsFault",
  });
  return {
    clear: caches.clear,
    actions: {
      CreateServerlessCache: action((params, call) => {
        const name = text(params["ServerlessCacheName"]).toLowerCase();
        const version = text(params["MajorEngineVersion"], "8");
        const cache: Cache = {
          ServerlessCacheName: name,
          CreateTime: now().toISOString(),
          Status: "available",
          MajorEngineVersion: version,
          FullEngineVersion: `${version}.0`,
          SnapshotRetentionLimit: "0",
          DailySnapshotTime: "03:00",
          NetworkType: text(params["NetworkType"], "ipv4"),
          ...taken(params, ["KmsKeyId"]),
          ...changed(params),
          SubnetIds: { SubnetId: texts(params["SubnetIds"]) },
          Endpoint: { Address: `${name}-rig.serverless.${call.region}.cache.amazonaws.com`, Port: "6379" },
          ReaderEndpoint: {
            Address: `${name}-rig.serverless.${call.region}.cache.amazonaws.com`,
            Port: "6380",
          },
          ARN: arn(call, "serverlesscache", name),
        };
        tags.set(caches.add(call, name, cache).ARN, tagsOf(params));
        return { ServerlessCache: { ...cache, Status: "creating" } };
      }),
      ModifyServerlessCache: action((params, call) => {
        const cache = caches.get(call, text(params["ServerlessCacheName"]));
        Object.assign(cache, changed(params));
        if (text(params["RemoveUserGroup"]) === "true") delete cache["UserGroupId"];
        return { ServerlessCache: cache };
      }),
      DescribeServerlessCaches: action((params, call) => ({
        ServerlessCaches: { member: caches.select(call, text(params["ServerlessCacheName"])) },
      })),
      DeleteServerlessCache: action((params, call) => {
        const cache = caches.remove(call, text(params["ServerlessCacheName"]));
        tags.drop(cache.ARN);
        return { ServerlessCache: { ...cache, Status: "deleting" } };
      }),
    },
  };
};
