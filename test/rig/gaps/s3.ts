import { emptyAnswer, Refused, xmlAnswer } from "../answers.ts";
import type { Answer, Call, Moto } from "../call.ts";
import type { MakeGap } from "../gap.ts";
import { readXml, type XmlObject } from "../xml.ts";
import { makeVersioning } from "./s3/versioning.ts";
import { makeBucketPolicies, mayDeliver } from "./s3/bucket-policy.ts";

/** Of which sub-resources moto keeps only a part: it is asked, and what was sent is told. */
const PARTLY = ["LifecycleConfiguration", "Logging", "NotificationConfiguration"];

/** Which it does not know: it takes the request for another one. */
const UNKNOWN: Record<string, { missing: string | null; list?: string }> = {
  RequestPayment: { missing: null },
  IntelligentTieringConfiguration: {
    missing: "NoSuchConfiguration",
    list: "ListBucketIntelligentTieringConfigurationsOutput",
  },
  MetricsConfiguration: { missing: "NoSuchConfiguration", list: "ListMetricsConfigurationsResult" },
};

/** The one header that belongs to a lifecycle configuration. */
const MINIMUM_SIZE = "x-amz-transition-default-minimum-object-size";

const DEFAULT_PAYER = { RequestPaymentConfiguration: { Payer: "BucketOwner" } };

/**
 * Sub-resources of buckets. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html,
 * API_PutBucketLogging.html, API_PutBucketRequestPayment.html, API_PutBucketIntelligentTieringConfiguration.html,
 * API_PutBucketMetricsConfiguration.html
 */
export const makeS3: MakeGap = () => {
  const policies = makeBucketPolicies();
  const versioning = makeVersioning();
  const kept = new Map<string, { content: XmlObject; headers: Record<string, string> }>();
  const bucketOf = ({ path }: Call) => path.split("/")[1] ?? "";
  const keyOf = (call: Call, name: string) => `${bucketOf(call)}/${name}/${call.query.get("id") ?? ""}`;
  const keep = (call: Call, name: string) => {
    const size = call.headers[MINIMUM_SIZE];
    const headers = size === undefined ? {} : { [MINIMUM_SIZE]: size };
    kept.set(keyOf(call, name), { content: readXml(call.body), headers });
  };
  const told = (found: { content: XmlObject; headers: Record<string, string> }) =>
    xmlAnswer(found.content, { headers: found.headers });

  const partly = (name: string) => ({
    [`PutBucket${name}`]: async (call: Call, moto: Moto) => {
      let answer = await moto(call);
      if (name === "Logging" && answer.status === 500 && (await mayDeliver(call, moto)))
        answer = emptyAnswer(200);
      if (answer.status < 300) keep(call, name);
      return answer;
    },
    [`GetBucket${name}`]: async (call: Call, moto: Moto) => {
      const answer = await moto(call);
      const found = kept.get(keyOf(call, name));
      if (answer.status >= 300 || found === undefined) return answer;
      return { ...answer, headers: { ...answer.headers, ...found.headers }, body: told(found).body };
    },
  });
  /** Only of buckets that there are. */
  const checkBucket = async (call: Call, moto: Moto) => {
    const path = `/${bucketOf(call)}`;
    const head = {
      ...call,
      method: "HEAD",
      path,
      search: "",
      query: new URLSearchParams(),
      body: Buffer.alloc(0),
    };
    if ((await moto(head)).status === 404)
      throw new Refused("NoSuchBucket", "The specified bucket does not exist", 404);
  };
  const unknown = (name: string, { missing, list }: { missing: string | null; list?: string }) => ({
    [`PutBucket${name}`]: async (call: Call, moto: Moto) => {
      await checkBucket(call, moto);
      keep(call, name);
      return emptyAnswer(200);
    },
    [`GetBucket${name}`]: async (call: Call, moto: Moto): Promise<Answer> => {
      await checkBucket(call, moto);
      if (list !== undefined && !call.query.has("id")) {
        const of = [...kept].filter(([key]) => key.startsWith(keyOf(call, name)));
        return xmlAnswer({
          [list]: { IsTruncated: "false", [name]: of.map(([, one]) => Object.values(one.content)[0]) },
        });
      }
      const found = kept.get(keyOf(call, name));
      if (found !== undefined) return told(found);
      if (missing === null) return xmlAnswer(DEFAULT_PAYER);
      throw new Refused(missing, "The specified configuration does not exist.", 404);
    },
    [`DeleteBucket${name}`]: async (call: Call, moto: Moto) => {
      await checkBucket(call, moto);
      if (!kept.delete(keyOf(call, name)))
        throw new Refused("NoSuchConfiguration", "The specified configuration does not exist.", 404);
      return emptyAnswer();
    },
  });
  return {
    service: "s3",
    reset: () => {
      kept.clear();
      policies.clear();
      versioning.clear();
    },
    actions: {
      ...policies.actions,
      ...versioning.actions,
      ...Object.assign({}, ...PARTLY.map(partly)),
      ...Object.assign({}, ...Object.entries(UNKNOWN).map(([name, about]) => unknown(name, about))),
      DeleteBucket: async (call, moto) => {
        const answer = await moto(call);
        if (answer.status >= 300) return answer;
        versioning.forget(call);
        for (const key of kept.keys()) if (key.startsWith(`${bucketOf(call)}/`)) kept.delete(key);
        return answer;
      },
    },
  };
};
