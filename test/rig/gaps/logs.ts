import { jsonAnswer, Refused } from "../answers.ts";
import { jsonOf, type Json } from "../call.ts";
import type { MakeGap } from "../gap.ts";
import { makeShelf } from "../shelf.ts";

/**
 * Saved queries. Source:
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html
 */
export const makeLogs: MakeGap = ({ now, nextId }) => {
  const queries = makeShelf<Json>({ missing: "ResourceNotFoundException", exists: "", status: 400 });
  return {
    service: "logs",
    reset: queries.clear,
    actions: {
      PutQueryDefinition: (call) => {
        const { name, queryString, logGroupNames, queryDefinitionId } = jsonOf(call);
        const id = String(
          queryDefinitionId ?? `00000000-0000-4000-8000-${String(nextId()).padStart(12, "0")}`,
        );
        if (queryDefinitionId !== undefined) queries.get(call, id);
        if (name === undefined || queryString === undefined)
          throw new Refused("InvalidParameterException", "A query definition has a name and a queryString.");
        queries.put(call, id, {
          queryDefinitionId: id,
          name,
          queryString,
          logGroupNames,
          lastModified: now().getTime(),
        });
        return jsonAnswer({ queryDefinitionId: id });
      },
      DescribeQueryDefinitions: (call) => {
        const prefix = String(jsonOf(call)["queryDefinitionNamePrefix"] ?? "");
        return jsonAnswer({
          queryDefinitions: queries.all(call).filter(({ name }) => String(name).startsWith(prefix)),
        });
      },
      DeleteQueryDefinition: (call) => {
        queries.remove(call, String(jsonOf(call)["queryDefinitionId"]));
        return jsonAnswer({ success: true });
      },
    },
  };
};
