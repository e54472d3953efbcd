import type { PlannedResource } from "./planned-resource.ts";
import type { Json } from "./terraform-plan.ts";
import { countAt, known, valueAt } from "./value-at.ts";

/** What may come in, as one of the three kinds of resources says it. */
export interface Ingress {
  path: string;
  cidrs: string[];
  from: number;
  to: number;
  /** `-1`: every one. */
  protocol: string;
  isSelf: boolean;
  /** The attribute that names the security group. */
  groupPath: string;
}

export const INGRESS_TYPES = [
  "aws_vpc_security_group_ingress_rule",
  "aws_security_group_rule",
  "aws_security_group",
];

export const isWorld = (cidr: string): boolean => /^(0\.0\.0\.0|::)\/0$/.test(cidr) || /\/0$/.test(cidr);

const texts = (...values: Json[]): string[] =>
  values
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .filter((value) => typeof value === "string");

export const ingressOf = (resource: PlannedResource): Ingress[] => {
  if (resource.type === "aws_vpc_security_group_ingress_rule") {
    const cidrs = texts(known(resource, "cidr_ipv4"), known(resource, "cidr_ipv6"));
    const referenced = valueAt(resource, "referenced_security_group_id");
    return [
      {
        path: known(resource, "cidr_ipv6") === null ? "cidr_ipv4" : "cidr_ipv6",
        ...{ cidrs, protocol: String(known(resource, "ip_protocol")), groupPath: "security_group_id" },
        ...{ from: Number(known(resource, "from_port") ?? -1), to: Number(known(resource, "to_port") ?? -1) },
        isSelf: referenced.state !== "absent",
      },
    ];
  }
  if (resource.type === "aws_security_group_rule") {
    if (known(resource, "type") !== "ingress") return [];
    return [ofBlock(resource, "", "security_group_id")];
  }
  return Array.from({ length: countAt(resource, "ingress") ?? 0 }, (_, index) =>
    ofBlock(resource, `ingress.${index}.`, "id"),
  );
};

const ofBlock = (resource: PlannedResource, at: string, groupPath: string): Ingress => {
  const own = (name: string): Json => known(resource, `${at}${name}`);
  return {
    path: at === "" ? "cidr_blocks" : at.slice(0, -1),
    cidrs: texts(own("cidr_blocks"), own("ipv6_cidr_blocks")),
    from: Number(own("from_port") ?? -1),
    to: Number(own("to_port") ?? -1),
    protocol: ["-1", "all"].includes(String(own("protocol"))) ? "-1" : String(own("protocol")),
    isSelf: own("self") === true,
    groupPath,
  };
};
