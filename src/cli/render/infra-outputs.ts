import type { Contract } from "../../domain/contract.ts";
import { count } from "../../domain/count.ts";
import { field } from "./field.ts";
import type { Look } from "./look.ts";
import { clean } from "./text-width.ts";

/** What the deployer reads of an environment, for people; `--json` has all of it. */
export const renderContract = (look: Look, contract: Contract): string[] => {
  const { database, cache, dns, loadBalancer, network } = contract;
  const rows: [string, string | string[]][] = [
    ...(contract.url === null ? [] : [["url", contract.url] as [string, string]]),
    ...(dns === null || dns.nameServers.length === 0
      ? []
      : [["zone", [dns.zone, ...dns.nameServers]] as [string, string[]]]),
    ["account", `${contract.account} · ${contract.region}`],
    ["network", `${network.vpc} · ${count(network.privateSubnets.length, "subnet")} for services`],
    ["cluster", contract.cluster.name],
    ...(loadBalancer === null ? [] : [["balancer", loadBalancer.originDomain] as [string, string]]),
    ...Object.entries(contract.services).map(([name, { kind, port, repository }]): [string, string[]] => [
      name,
      [kind, ...(port === null ? [] : [`port ${port}`]), repository],
    ]),
    ...Object.entries(contract.sites).map(([name, site]): [string, string[]] => [
      name,
      ["site", site.route, `s3://${site.bucket}/${site.prefix}`, site.distribution],
    ]),
    ...(database === null
      ? []
      : [["database", `${database.name} on ${database.host}:${database.port}`] as [string, string]]),
    ...(cache === null
      ? []
      : [["cache", `${cache.host}:${cache.port}${cache.tls ? ", TLS" : ""}`] as [string, string]]),
    ...Object.entries(contract.buckets).map(([name, bucket]): [string, string] => [
      name,
      `s3://${bucket.name}`,
    ]),
    ["secrets", contract.secretsPrefix],
  ];
  return rows.flatMap(([label, value]) =>
    field(look, clean(label), typeof value === "string" ? clean(value) : value.map(clean), {
      indent: 0,
      labelWidth: 11,
    }),
  );
};
