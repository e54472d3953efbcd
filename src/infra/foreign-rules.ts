import type { Drift } from "./drift.ts";
import { fieldsIn, isFields, listIn, textIn, type Fields } from "./plain-json.ts";

/** A rule as it is on AWS. */
export interface RuleThere {
  id: string;
  group: string;
  direction: "ingress" | "egress";
  protocol: string;
  fromPort: number | null;
  toPort: number | null;
  peer: string;
}

/** The security groups of a state, and the rules that Terraform made for each. */
export interface DeclaredRules {
  /** Group id → address of its resource. */
  groups: Map<string, string>;
  /** Ids of the rules (`sgr-…`) that a resource stands for → its address. */
  rules: Map<string, string>;
  /** Groups (by id) whose rules are resources of their own, which is what Terraform cannot see past. */
  apart: Set<string>;
}

const STANDALONE = ["aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"];

/** Reads `terraform show -json` of a state. Pure; what it does not know it leaves out. */
export const declaredRules = (state: unknown): DeclaredRules => {
  const found: DeclaredRules = { groups: new Map(), rules: new Map(), apart: new Set() };
  for (const { address, type, values } of resourcesOf(state)) {
    const id = textIn(values["id"]);
    if (id === null) continue;
    if (type === "aws_security_group") found.groups.set(id, address);
    if (!STANDALONE.includes(type)) continue;
    found.rules.set(textIn(values["security_group_rule_id"]) ?? id, address);
    found.apart.add(textIn(values["security_group_id"]) ?? "");
  }
  return found;
};

interface StateResource {
  address: string;
  type: string;
  values: Fields;
}

const resourcesOf = (state: unknown): StateResource[] => {
  const root = fieldsIn(fieldsIn(fieldsIn(state)?.["values"])?.["root_module"]);
  const found: StateResource[] = [];
  const modules: Fields[] = root === null ? [] : [root];
  for (let module = modules.pop(); module !== undefined; module = modules.pop()) {
    for (const entry of listIn(module["resources"])) {
      const resource = fieldsIn(entry);
      const values = fieldsIn(resource?.["values"]);
      if (resource === null || values === null || resource["mode"] === "data") continue;
      found.push({
        address: textIn(resource["address"]) ?? "",
        type: textIn(resource["type"]) ?? "",
        values,
      });
    }
    for (const child of listIn(module["child_modules"])) if (isFields(child)) modules.push(child);
  }
  return found;
};

/**
 * Rules that no resource stands for, in groups whose rules are resources of their own. Terraform cannot see them: a rule
 * knows itself only, and the group leaves its list alone. A group without such rules is Terraform's to look at (`driftOf`).
 */
export const foreignRules = (declared: DeclaredRules, there: readonly RuleThere[]): Drift[] =>
  there
    .filter(
      ({ id, group }) => declared.groups.has(group) && declared.apart.has(group) && !declared.rules.has(id),
    )
    .map((rule) => ({
      address: declared.groups.get(rule.group) ?? rule.group,
      attribute: rule.direction,
      was: "(no such rule)",
      is: `${ruleText(rule)} (${rule.id})`,
    }));

/** Addresses of the groups that `foreignRules` looks at. */
export const groupsApart = ({ groups, apart }: DeclaredRules): Set<string> =>
  new Set([...apart].flatMap((id) => groups.get(id) ?? []));

/** `tcp 22 from 0.0.0.0/0` */
const ruleText = ({ protocol, fromPort, toPort, direction, peer }: RuleThere): string => {
  const what =
    protocol === "-1"
      ? "all traffic"
      : fromPort === null || fromPort < 0
        ? protocol
        : `${protocol} ${fromPort === toPort ? fromPort : `${fromPort}-${toPort}`}`;
  return `${what} ${direction === "ingress" ? "from" : "to"} ${peer}`;
};
