import { emptyAnswer, xmlAnswer } from "../../answers.ts";
import type { Call, Moto } from "../../call.ts";
import { objectOf, readXml, textOf, type XmlObject } from "../../xml.ts";

/**
 * moto cannot delete what has a delete marker once versioning is suspended, which is how Terraform destroys a bucket's versioning
 * before the bucket. Here suspending is told and not carried out: moto's bucket goes on keeping versions. On AWS what is written
 * then has no version:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VersioningWorkflows.html
 */
export const makeVersioning = () => {
  const enabled = new Map<string, XmlObject>();
  const bucketOf = ({ path }: Call) => path.split("/")[1] ?? "";
  return {
    clear: () => enabled.clear(),
    forget: (call: Call) => void enabled.delete(bucketOf(call)),
    actions: {
      PutBucketVersioning: async (call: Call, moto: Moto) => {
        const content = readXml(call.body);
        const status = textOf(objectOf(content["VersioningConfiguration"])["Status"]);
        if (status === "Suspended" && enabled.has(bucketOf(call))) {
          enabled.set(bucketOf(call), content);
          return emptyAnswer(200);
        }
        const answer = await moto(call);
        if (answer.status < 300 && status === "Enabled") enabled.set(bucketOf(call), content);
        return answer;
      },
      GetBucketVersioning: async (call: Call, moto: Moto) => {
        const answer = await moto(call);
        const content = enabled.get(bucketOf(call));
        return answer.status === 200 && content !== undefined ? xmlAnswer(content) : answer;
      },
    },
  };
};
