import type { InfraProject } from "./project.ts";

/** Where to look for what an environment could have left, and the names in the answer. */
const PLACES: Record<string, { ask: string[]; names: (answer: never) => string[] }> = {
  VPCs: {
    ask: ["ec2", "describe-vpcs", "--filters", "Name=is-default,Values=false"],
    names: ({ Vpcs }: { Vpcs: { VpcId: string }[] }) => Vpcs.map(({ VpcId }) => VpcId),
  },
  "NAT gateways": {
    ask: ["ec2", "describe-nat-gateways", "--filter", "Name=state,Values=available,pending"],
    names: ({ NatGateways }: { NatGateways: { NatGatewayId: string }[] }) =>
      NatGateways.map(({ NatGatewayId }) => NatGatewayId),
  },
  databases: {
    ask: ["rds", "describe-db-instances"],
    names: ({ DBInstances }: { DBInstances: { DBInstanceIdentifier: string }[] }) =>
      DBInstances.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier),
  },
  caches: {
    ask: ["elasticache", "describe-replication-groups"],
    names: ({ ReplicationGroups }: { ReplicationGroups: { ReplicationGroupId: string }[] }) =>
      ReplicationGroups.map(({ ReplicationGroupId }) => ReplicationGroupId),
  },
  "load balancers": {
    ask: ["elbv2", "describe-load-balancers"],
    names: ({ LoadBalancers }: { LoadBalancers: { LoadBalancerName: string }[] }) =>
      LoadBalancers.map(({ LoadBalancerName }) => LoadBalancerName),
  },
  clusters: {
    // A cluster that was deleted is told for a while, as inactive.
    ask: ["ecs", "describe-clusters", "--clusters", "rideshare-staging", "rideshare-production"],
    names: ({ clusters }: { clusters: { clusterName: string; status: string }[] }) =>
      clusters.filter(({ status }) => status === "ACTIVE").map(({ clusterName }) => clusterName),
  },
  distributions: {
    ask: ["cloudfront", "list-distributions"],
    names: (answer: { DistributionList?: { Items?: { Id: string }[] } } | null) =>
      (answer?.DistributionList?.Items ?? []).map(({ Id }) => Id),
  },
  buckets: {
    ask: ["s3api", "list-buckets"],
    names: ({ Buckets }: { Buckets: { Name: string }[] }) => Buckets.map(({ Name }) => Name),
  },
  zones: {
    ask: ["route53", "list-hosted-zones"],
    names: ({ HostedZones }: { HostedZones: { Name: string }[] }) => HostedZones.map(({ Name }) => Name),
  },
  roles: {
    ask: ["iam", "list-roles"],
    names: ({ Roles }: { Roles: { RoleName: string }[] }) => Roles.map(({ RoleName }) => RoleName),
  },
  "log groups": {
    ask: ["logs", "describe-log-groups"],
    names: ({ logGroups }: { logGroups: { logGroupName: string }[] }) =>
      logGroups.map(({ logGroupName }) => logGroupName),
  },
  parameters: {
    ask: ["ssm", "describe-parameters"],
    names: ({ Parameters }: { Parameters: { Name: string }[] }) => Parameters.map(({ Name }) => Name),
  },
  alarms: {
    ask: ["cloudwatch", "describe-alarms"],
    names: ({ MetricAlarms }: { MetricAlarms: { AlarmName: string }[] }) =>
      MetricAlarms.map(({ AlarmName }) => AlarmName),
  },
};

/** Everything by kind and name, asked with Amazon's own command line. */
export const inventory = async ({ aws }: Pick<InfraProject, "aws">): Promise<string[]> => {
  const found: string[] = [];
  for (const [kind, { ask, names }] of Object.entries(PLACES))
    found.push(...names((await aws(ask)) as never).map((name) => `${kind}: ${name}`));
  return found.sort();
};
