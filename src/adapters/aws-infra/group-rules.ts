import { DescribeSecurityGroupRulesCommand, EC2Client, type SecurityGroupRule } from "@aws-sdk/client-ec2";
import type { LiveRule } from "../../ports/infra.ts";
import { awsFault } from "./aws-fault.ts";

/** EC2 takes at most so many values in a filter. */
const GROUPS_A_CALL = 200;

/** Every rule of these groups. A failed call is AWS_CREDENTIALS or INFRA_FAILED. */
export const rulesOf = async (
  groups: string[],
  { region, signal }: { region: string; signal: AbortSignal },
): Promise<LiveRule[]> => {
  const client = new EC2Client({ region, maxAttempts: 5 });
  try {
    const found: LiveRule[] = [];
    for (let start = 0; start < groups.length; start += GROUPS_A_CALL) {
      const Filters = [{ Name: "group-id", Values: groups.slice(start, start + GROUPS_A_CALL) }];
      let NextToken: string | undefined;
      do {
        const page = await client.send(
          new DescribeSecurityGroupRulesCommand({ Filters, MaxResults: 1000, NextToken }),
          { abortSignal: signal },
        );
        found.push(...(page.SecurityGroupRules ?? []).map(liveRule));
        NextToken = page.NextToken;
      } while (NextToken);
    }
    return found;
  } catch (error) {
    throw awsFault(error, { action: "ec2:DescribeSecurityGroupRules", signal });
  } finally {
    client.destroy();
  }
};

const liveRule = (rule: SecurityGroupRule): LiveRule => ({
  id: rule.SecurityGroupRuleId ?? "",
  group: rule.GroupId ?? "",
  direction: rule.IsEgress === true ? "egress" : "ingress",
  protocol: rule.IpProtocol ?? "-1",
  fromPort: rule.FromPort ?? null,
  toPort: rule.ToPort ?? null,
  peer:
    rule.CidrIpv4 ??
    rule.CidrIpv6 ??
    rule.PrefixListId ??
    rule.ReferencedGroupInfo?.GroupId ??
    "an unknown peer",
  description: rule.Description ?? "",
});
