import { emptyAnswer, Refused } from "../answers.ts";
import type { MakeGap } from "../gap.ts";
import { makeTags } from "../tags.ts";
import { listOf, objectOf, objectsOf, readXml, textOf } from "../xml.ts";
import { makeConfigured } from "./cloudfront/configured.ts";
import { makeDistributions, type Distributions } from "./cloudfront/distributions.ts";
import { makeFunctions } from "./cloudfront/functions.ts";
import { makeInvalidations } from "./cloudfront/invalidations.ts";
import { makeKeyValueStores } from "./cloudfront/key-value-stores.ts";
import { answer, type KindContext } from "./cloudfront/shared.ts";

/**
 * All of CloudFront that is used here: moto loses origin access control, functions and certificates of a distribution, and has
 * neither policies, functions nor key value stores. What is sent is what is told; the edges are not played. Source: Amazon
 * CloudFront API reference (https://docs.aws.amazon.com/cloudfront/latest/APIReference/)
 */
export const makeCloudfront: MakeGap = (context) => {
  const tags = makeTags();
  const distributions: Distributions = new Map();
  let changes = 0;
  const shared: KindContext = {
    ...context,
    tags,
    etag: () => `E${(changes += 1).toString(36).toUpperCase().padStart(13, "0")}`,
    inUse: (word) =>
      JSON.stringify([...distributions.values()].map(({ config }) => config)).includes(`"${word}"`),
    arn: (kind, id) => `arn:aws:cloudfront::${context.account}:${kind}/${id}`,
  };
  const kinds = [
    makeDistributions(shared, distributions),
    makeInvalidations(shared, distributions),
    makeFunctions(shared),
    makeKeyValueStores(shared),
    ...makeConfigured(shared),
  ];
  const tagged = (query: URLSearchParams) => {
    const arn = query.get("Resource") ?? "";
    if (!tags.has(arn)) throw new Refused("NoSuchResource", `There is no ${arn}.`, 404);
    return arn;
  };
  return {
    service: "cloudfront",
    reset: () => {
      tags.clear();
      changes = 0;
      for (const kind of kinds) kind.clear();
    },
    actions: {
      ...Object.assign({}, ...kinds.map(({ actions }) => actions)),
      ListTagsForResource: ({ query }) => {
        const Tag = Object.entries(tags.of(tagged(query))).map(([Key, Value]) => ({ Key, Value }));
        return answer("Tags", { Items: Tag.length === 0 ? "" : { Tag } });
      },
      TagResource: ({ query, body }) => {
        const given = objectsOf(objectOf(objectOf(readXml(body)["Tags"])["Items"])["Tag"]);
        tags.add(
          tagged(query),
          Object.fromEntries(given.map((tag) => [textOf(tag["Key"]), textOf(tag["Value"])])),
        );
        return emptyAnswer();
      },
      UntagResource: ({ query, body }) => {
        const keys = listOf(objectOf(objectOf(readXml(body)["TagKeys"])["Items"])["Key"]).map(textOf);
        tags.remove(tagged(query), keys);
        return emptyAnswer();
      },
    },
  };
};
