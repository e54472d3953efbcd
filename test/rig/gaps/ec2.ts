import type { Call } from "../call.ts";
import type { MakeGap } from "../gap.ts";
import { everyXml, mendXml } from "../mend.ts";
import { formOf } from "../call.ts";
import { textOf, type XmlObject } from "../xml.ts";

/** `IpPermissions.1.PrefixListIds.1.Description` and the like: the first there is. */
const descriptionOf = (call: Call): string => {
  const found = [...formOf(call)].find(([name]) => /^IpPermissions\.1\..*Description$/.test(name));
  return found?.[1] ?? "";
};

/**
 * Descriptions of security-group rules that name a prefix list or another group: moto keeps those of address ranges only.
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html
 */
export const makeEc2: MakeGap = () => {
  const descriptions = new Map<string, string>();
  const rulesOf = (content: XmlObject) =>
    everyXml(content, "item").filter((item) => textOf(item["securityGroupRuleId"]) !== "");
  const complete = (content: XmlObject) => {
    for (const rule of rulesOf(content)) {
      const description = descriptions.get(textOf(rule["securityGroupRuleId"]));
      if (description !== undefined) rule["description"] = description;
    }
  };
  const authorize = (call: Call, moto: Parameters<typeof mendXml>[1]) =>
    mendXml(call, moto, (content) => {
      const description = descriptionOf(call);
      const rules = rulesOf(content);
      // One rule a call is what can be told apart; with several, moto's own descriptions stay.
      if (description !== "" && rules.length === 1)
        descriptions.set(textOf(rules[0]!["securityGroupRuleId"]), description);
      complete(content);
    });
  return {
    service: "ec2",
    reset: () => descriptions.clear(),
    actions: {
      AuthorizeSecurityGroupIngress: authorize,
      AuthorizeSecurityGroupEgress: authorize,
      ModifySecurityGroupRules: async (call, moto) => {
        const answer = await moto(call);
        if (answer.status !== 200) return answer;
        const form = formOf(call);
        for (const [name, id] of form) {
          const at = /^SecurityGroupRule\.(\d+)\.SecurityGroupRuleId$/.exec(name)?.[1];
          const description = form.get(`SecurityGroupRule.${at}.SecurityGroupRule.Description`);
          if (at !== undefined && description !== null) descriptions.set(id, description);
        }
        return answer;
      },
      DescribeSecurityGroupRules: (call, moto) => mendXml(call, moto, complete),
    },
  };
};
