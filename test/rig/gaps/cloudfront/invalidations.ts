import { Refused } from "../../answers.ts";
import type { XmlObject } from "../../xml.ts";
import type { Distributions, Invalidation } from "./distributions.ts";
import { answer, bodyOf, idOf, list, type Kind, type KindContext } from "./shared.ts";

/**
 * In progress when it is made, completed when it is asked for. The same caller reference with the same paths is the same
 * invalidation, with others it is refused. Source:
 * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_InvalidationBatch.html
 */
export const makeInvalidations = ({ now, nextId }: KindContext, distributions: Distributions): Kind => {
  const of = (id: string) => {
    const found = distributions.get(id);
    if (found === undefined) throw new Refused("NoSuchDistribution", `There is no distribution ${id}.`, 404);
    return found.invalidations;
  };
  const xml = ({ id, batch, createdAt }: Invalidation, status: "InProgress" | "Completed"): XmlObject => ({
    Id: id,
    Status: status,
    CreateTime: createdAt,
    InvalidationBatch: batch,
  });
  return {
    clear: () => undefined,
    actions: {
      CreateInvalidation: (call) => {
        const invalidations = of(idOf(call));
        const batch = bodyOf(call);
        const before = invalidations.find((one) => one.batch["CallerReference"] === batch["CallerReference"]);
        if (before !== undefined && JSON.stringify(before.batch["Paths"]) !== JSON.stringify(batch["Paths"]))
          throw new Refused(
            "InvalidationBatchAlreadyExists",
            "The caller reference was used for other paths.",
            400,
          );
        if (before !== undefined) return answer("Invalidation", xml(before, "Completed"), { status: 201 });
        const one = { id: `I${String(nextId()).padStart(12, "0")}`, batch, createdAt: now().toISOString() };
        invalidations.push(one);
        return answer("Invalidation", xml(one, "InProgress"), { status: 201 });
      },
      GetInvalidation: (call) => {
        const id = call.path.split("/")[5];
        const found = of(idOf(call)).find((one) => one.id === id);
        if (found === undefined)
          throw new Refused("NoSuchInvalidation", `There is no invalidation ${id}.`, 404);
        return answer("Invalidation", xml(found, "Completed"));
      },
      ListInvalidations: (call) =>
        list(
          "InvalidationList",
          "InvalidationSummary",
          of(idOf(call)).map(({ id, createdAt }) => ({ Id: id, CreateTime: createdAt, Status: "Completed" })),
        ),
    },
  };
};
