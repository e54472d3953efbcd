import { errorAnswer, jsonAnswer } from "../answers.ts";
import { jsonOf, type Call } from "../call.ts";
import type { MakeGap } from "../gap.ts";
import { mendJson } from "../mend.ts";
import { makeTags } from "../tags.ts";

/**
 * Tags of scalable targets. Source:
 * https://docs.aws.amazon.com/autoscaling/application/APIReference/API_ListTagsForResource.html
 */
export const makeAutoscaling: MakeGap = () => {
  const tags = makeTags();
  const known = (call: Call) => {
    const arn = String(jsonOf(call)["ResourceARN"]);
    return tags.has(arn) ? arn : null;
  };
  const missing = (call: Call) =>
    errorAnswer(call, {
      status: 400,
      code: "ResourceNotFoundException",
      message: "No scalable target has this ARN.",
    });
  return {
    service: "application-autoscaling",
    reset: tags.clear,
    actions: {
      RegisterScalableTarget: (call, moto) =>
        mendJson(call, moto, (content) => {
          const arn = String(content["ScalableTargetARN"]);
          tags.add(arn, (jsonOf(call)["Tags"] as Record<string, string> | undefined) ?? {});
        }),
      ListTagsForResource: (call) => {
        const arn = known(call);
        return arn === null ? missing(call) : jsonAnswer({ Tags: tags.of(arn) });
      },
      TagResource: (call) => {
        const arn = known(call);
        if (arn === null) return missing(call);
        tags.add(arn, jsonOf(call)["Tags"] as Record<string, string>);
        return jsonAnswer({});
      },
      UntagResource: (call) => {
        const arn = known(call);
        if (arn === null) return missing(call);
        tags.remove(arn, jsonOf(call)["TagKeys"] as string[]);
        return jsonAnswer({});
      },
    },
  };
};
