import { jsonOf, withBody, type Answer, type Call, type Moto } from "../../call.ts";
import { objectOf, readXml, textOf } from "../../xml.ts";

interface Statement {
  Effect: string;
  Principal?: unknown;
  Action?: unknown;
  Condition?: unknown;
}

const statementsOf = (policy: { Statement?: Statement | Statement[] }): Statement[] =>
  [policy.Statement ?? []].flat();

/**
 * moto carries out a bucket's policy and knows no conditions: "deny everybody without TLS" would deny everybody. It gets the
 * policy without what is denied on a condition; what was sent is told. Over HTTPS such a statement denies nothing:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
 */
export const makeBucketPolicies = () => {
  const sent = new Map<string, Buffer>();
  const bucketOf = ({ path }: Call) => path.split("/")[1] ?? "";
  return {
    clear: () => sent.clear(),
    actions: {
      PutBucketPolicy: async (call: Call, moto: Moto): Promise<Answer> => {
        let policy;
        try {
          policy = jsonOf(call) as { Statement?: Statement | Statement[] };
        } catch {
          return moto(call); // It refuses what is no JSON.
        }
        const Statement = statementsOf(policy).filter(
          ({ Effect, Condition }) => Effect !== "Deny" || Condition === undefined,
        );
        const answer = await moto(withBody(call, JSON.stringify({ ...policy, Statement })));
        if (answer.status < 300) sent.set(bucketOf(call), call.body);
        return answer;
      },
      GetBucketPolicy: async (call: Call, moto: Moto): Promise<Answer> => {
        const answer = await moto(call);
        const body = sent.get(bucketOf(call));
        return answer.status === 200 && body !== undefined ? { ...answer, body } : answer;
      },
    },
  };
};

/**
 * Whether the target's policy lets the logging service write: moto fails on a policy with a statement about everybody ("*").
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
export const mayDeliver = async (call: Call, moto: Moto): Promise<boolean> => {
  const enabled = objectOf(objectOf(readXml(call.body)["BucketLoggingStatus"])["LoggingEnabled"]);
  const search = "?policy";
  const path = `/${textOf(enabled["TargetBucket"])}`;
  const policy = await moto({ ...call, method: "GET", path, search, body: Buffer.alloc(0) });
  if (policy.status !== 200) return false;
  return statementsOf(jsonOf(policy) as { Statement?: Statement[] }).some(
    ({ Effect, Principal, Action }) =>
      Effect === "Allow" &&
      JSON.stringify(Principal).includes('"logging.s3.amazonaws.com"') &&
      JSON.stringify(Action).includes('"s3:PutObject"'),
  );
};
