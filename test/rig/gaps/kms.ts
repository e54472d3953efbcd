import { jsonOf } from "../call.ts";
import type { MakeGap } from "../gap.ts";
import { mendJson } from "../mend.ts";

/** AWS's own: a year. */
const DEFAULT_DAYS = 365;

/**
 * How often a key is rotated, which moto forgets. Source:
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html
 */
export const makeKms: MakeGap = () => {
  const days = new Map<string, number>();
  const keyOf = (id: unknown) => String(id).split("/").at(-1)!;
  return {
    service: "kms",
    reset: () => days.clear(),
    actions: {
      EnableKeyRotation: async (call, moto) => {
        const answer = await moto(call);
        const { KeyId, RotationPeriodInDays } = jsonOf(call);
        if (answer.status === 200)
          days.set(keyOf(KeyId), Number(RotationPeriodInDays ?? days.get(keyOf(KeyId)) ?? DEFAULT_DAYS));
        return answer;
      },
      GetKeyRotationStatus: (call, moto) =>
        mendJson(call, moto, (content) => {
          if (content["KeyRotationEnabled"] === true)
            content["RotationPeriodInDays"] = days.get(keyOf(jsonOf(call)["KeyId"])) ?? DEFAULT_DAYS;
        }),
    },
  };
};
