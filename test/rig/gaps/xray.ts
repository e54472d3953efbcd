import { jsonAnswer, Refused } from "../answers.ts";
import { jsonOf, type Call, type Json } from "../call.ts";
import type { MakeGap } from "../gap.ts";
import { makeShelf } from "../shelf.ts";
import { makeTags } from "../tags.ts";

type Group = Json & { GroupName: string; GroupARN: string };
interface RuleRecord extends Json {
  SamplingRule: Json & { RuleName: string; RuleARN: string };
  CreatedAt: number;
  ModifiedAt: number;
}

const tagList = (list: unknown) =>
  Object.fromEntries(
    ((list as { Key: string; Value: string }[] | undefined) ?? []).map(({ Key, Value }) => [Key, Value]),
  );

const INSIGHTS = { InsightsEnabled: false, NotificationsEnabled: false };

/**
 * Groups, sampling rules, encryption and tags; segments and traces are moto's. Source: AWS X-Ray API reference
 * (https://docs.aws.amazon.com/xray/latest/api/API_CreateGroup.html, API_CreateSamplingRule.html, API_PutEncryptionConfig.html)
 */
export const makeXray: MakeGap = ({ account, now, nextId }) => {
  const groups = makeShelf<Group>({
    missing: "InvalidRequestException",
    exists: "InvalidRequestException",
    status: 400,
  });
  const rules = makeShelf<RuleRecord>({
    missing: "InvalidRequestException",
    exists: "InvalidRequestException",
    status: 400,
  });
  const encryption = makeShelf<Json>({ missing: "", exists: "" });
  const tags = makeTags();

  /** Groups and rules are named by name or by ARN. */
  const named = (sent: Json, name: string, arn: string) =>
    String(sent[name] ?? String(sent[arn]).split("/").at(1) ?? "");
  const seconds = () => Math.floor(now().getTime() / 1000);
  const encryptionOf = (call: Call) => encryption.find(call, "") ?? { Status: "ACTIVE", Type: "NONE" };
  const tagged = (sent: Json) => {
    const arn = String(sent["ResourceARN"]);
    if (!tags.has(arn)) throw new Refused("ResourceNotFoundException", `${arn} is no group or rule.`, 404);
    return arn;
  };
  return {
    service: "xray",
    reset: () => {
      for (const kept of [groups, rules, encryption, tags]) kept.clear();
    },
    actions: {
      CreateGroup: (call) => {
        const sent = jsonOf(call);
        const name = String(sent["GroupName"]);
        const id = String(nextId()).padStart(26, "A");
        const group = groups.add(call, name, {
          GroupName: name,
          GroupARN: `arn:aws:xray:${call.region}:${account}:group/${name}/${id}`,
          FilterExpression: sent["FilterExpression"] ?? "",
          InsightsConfiguration: { ...INSIGHTS, ...(sent["InsightsConfiguration"] as Json | undefined) },
        });
        tags.set(group.GroupARN, tagList(sent["Tags"]));
        return jsonAnswer({ Group: group });
      },
      GetGroup: (call) =>
        jsonAnswer({ Group: groups.get(call, named(jsonOf(call), "GroupName", "GroupARN")) }),
      GetGroups: (call) => jsonAnswer({ Groups: groups.all(call) }),
      UpdateGroup: (call) => {
        const sent = jsonOf(call);
        const group = groups.get(call, named(sent, "GroupName", "GroupARN"));
        if (sent["FilterExpression"] !== undefined) group["FilterExpression"] = sent["FilterExpression"];
        if (sent["InsightsConfiguration"] !== undefined)
          group["InsightsConfiguration"] = { ...INSIGHTS, ...(sent["InsightsConfiguration"] as Json) };
        return jsonAnswer({ Group: group });
      },
      DeleteGroup: (call) => {
        tags.drop(groups.remove(call, named(jsonOf(call), "GroupName", "GroupARN")).GroupARN);
        return jsonAnswer({});
      },
      CreateSamplingRule: (call) => {
        const sent = jsonOf(call);
        const rule = sent["SamplingRule"] as Json;
        const name = String(rule["RuleName"]);
        const RuleARN = `arn:aws:xray:${call.region}:${account}:sampling-rule/${name}`;
        const record = rules.add(call, name, {
          SamplingRule: { Attributes: {}, ...rule, RuleName: name, RuleARN },
          CreatedAt: seconds(),
          ModifiedAt: seconds(),
        });
        tags.set(RuleARN, tagList(sent["Tags"]));
        return jsonAnswer({ SamplingRuleRecord: record });
      },
      GetSamplingRules: (call) => jsonAnswer({ SamplingRuleRecords: rules.all(call) }),
      UpdateSamplingRule: (call) => {
        const update = jsonOf(call)["SamplingRuleUpdate"] as Json;
        const record = rules.get(call, named(update, "RuleName", "RuleARN"));
        Object.assign(record.SamplingRule, update);
        record.ModifiedAt = seconds();
        return jsonAnswer({ SamplingRuleRecord: record });
      },
      DeleteSamplingRule: (call) => {
        const record = rules.remove(call, named(jsonOf(call), "RuleName", "RuleARN"));
        tags.drop(record.SamplingRule.RuleARN);
        return jsonAnswer({ SamplingRuleRecord: record });
      },
      PutEncryptionConfig: (call) => {
        const { Type, KeyId } = jsonOf(call);
        return jsonAnswer({ EncryptionConfig: encryption.put(call, "", { Status: "ACTIVE", Type, KeyId }) });
      },
      GetEncryptionConfig: (call) => jsonAnswer({ EncryptionConfig: encryptionOf(call) }),
      ListTagsForResource: (call) => {
        const of = tags.of(tagged(jsonOf(call)));
        return jsonAnswer({ Tags: Object.entries(of).map(([Key, Value]) => ({ Key, Value })) });
      },
      TagResource: (call) => {
        const sent = jsonOf(call);
        tags.add(tagged(sent), tagList(sent["Tags"]));
        return jsonAnswer({});
      },
      UntagResource: (call) => {
        const sent = jsonOf(call);
        tags.remove(tagged(sent), sent["TagKeys"] as string[]);
        return jsonAnswer({});
      },
    },
  };
};
