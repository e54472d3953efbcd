import { Refused } from "../answers.ts";
import type { MakeGap } from "../gap.ts";
import { text } from "../params.ts";
import { makeTags, tagKeysOf, tagListXml, tagsOf } from "../tags.ts";
import { makeClusters, makeClusterShelf } from "./elasticache/clusters.ts";
import { makeParameterGroups, makeSubnetGroups } from "./elasticache/groups.ts";
import { makeReplicationGroups } from "./elasticache/replication-groups.ts";
import { makeServerless } from "./elasticache/serverless.ts";
import { action, type KindContext } from "./elasticache/shared.ts";
import { makeUsers } from "./elasticache/users.ts";

/**
 * All of ElastiCache but snapshots: moto has no way to delete a subnet group, no parameter and user groups, no members of a
 * replication group, and never ends deleting a cluster. Source: Amazon ElastiCache API reference, version 2015-02-02
 * (https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/).
 */
export const makeElasticache: MakeGap = (context) => {
  const tags = makeTags();
  const shared: KindContext = {
    ...context,
    tags,
    arn: ({ region }, kind, name) => `arn:aws:elasticache:${region}:${context.account}:${kind}:${name}`,
  };
  const clusters = makeClusterShelf();
  const kinds = [
    makeSubnetGroups(shared),
    makeParameterGroups(shared),
    makeUsers(shared),
    makeClusters(shared, clusters),
    makeReplicationGroups(shared, clusters),
    makeServerless(shared),
  ];
  const tagged = (params: Parameters<typeof tagsOf>[0]) => {
    const arn = text(params["ResourceName"]);
    if (!tags.has(arn)) throw new Refused("InvalidARN", `${arn} is no resource.`);
    return arn;
  };
  return {
    service: "elasticache",
    reset: () => {
      tags.clear();
      for (const kind of kinds) kind.clear();
    },
    actions: {
      ...Object.assign({}, ...kinds.map(({ actions }) => actions)),
      ListTagsForResource: action((params) => ({ TagList: tagListXml(tags.of(tagged(params))) })),
      AddTagsToResource: action((params) => {
        const arn = tagged(params);
        tags.add(arn, tagsOf(params));
        return { TagList: tagListXml(tags.of(arn)) };
      }),
      RemoveTagsFromResource: action((params) => {
        const arn = tagged(params);
        tags.remove(arn, tagKeysOf(params));
        return { TagList: tagListXml(tags.of(arn)) };
      }),
    },
  };
};
