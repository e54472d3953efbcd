import type { InfraProject } from "./project.ts";

/** Things that somebody else has made, and that an environment uses. */
export interface ExistingThings {
  /** `existing` of the environment, as it stands in the configuration. */
  settings: Record<string, unknown>;
  /** What the API says of them. */
  look(): Promise<unknown>;
}

/** Where two looks differ: `path: was → is`; empty: nothing was changed. */
export const differences = (was: unknown, is: unknown, path = ""): string[] => {
  if (typeof was !== "object" || was === null || typeof is !== "object" || is === null)
    return was === is ? [] : [`${path}: ${JSON.stringify(was)} → ${JSON.stringify(is)}`];
  const [before, after] = [was as Record<string, unknown>, is as Record<string, unknown>];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => !IN_USE.has(key))
    .flatMap((key) => differences(before[key], after[key], `${path}.${key}`));
};

const DOMAIN = "adopted.rideshare.example";
const REGION = "eu-north-1";

type Told = Record<string, never>;

/** Network, zone, certificates, cluster, database and bucket, made with Amazon's own command line. */
export const makeExistingThings = async ({ aws }: InfraProject): Promise<ExistingThings> => {
  const ask = async <T>(...args: string[]) => (await aws(args)) as T;
  const { Vpc } = await ask<{ Vpc: { VpcId: string } }>("ec2", "create-vpc", "--cidr-block", "10.7.0.0/16");
  const subnets: string[] = [];
  for (const index of [0, 1, 2, 3, 4, 5]) {
    const { Subnet } = await ask<{ Subnet: { SubnetId: string } }>(
      ...["ec2", "create-subnet", "--vpc-id", Vpc.VpcId, "--cidr-block", `10.7.${index}.0/24`],
      ...["--availability-zone", `${REGION}${index % 2 === 0 ? "a" : "b"}`],
    );
    subnets.push(Subnet.SubnetId);
  }
  const [publicSubnets, privateSubnets, dataSubnets] = [0, 2, 4].map((at) => subnets.slice(at, at + 2));
  const { HostedZone } = await ask<{ HostedZone: { Id: string } }>(
    ...["route53", "create-hosted-zone", "--name", DOMAIN, "--caller-reference", "adopted"],
  );
  const certify = async (name: string, region: string) => {
    const args = ["--domain-name", name, "--validation-method", "DNS", "--region", region];
    return (await ask<{ CertificateArn: string }>("acm", "request-certificate", ...args)).CertificateArn;
  };
  const certificate = await certify(DOMAIN, "us-east-1");
  const regionalCertificate = await certify(`origin.${DOMAIN}`, REGION);
  await ask("ecs", "create-cluster", "--cluster-name", "shared");
  await ask("s3", "mb", "s3://old-uploads").catch(ignoreNoJson);
  const { GroupId } = await ask<{ GroupId: string }>(
    ...[
      "ec2",
      "create-security-group",
      "--group-name",
      "old-database",
      "--description",
      "old",
      "--vpc-id",
      Vpc.VpcId,
    ],
  );
  const subnetGroup = ["--db-subnet-group-name", "old", "--db-subnet-group-description", "old"];
  await ask("rds", "create-db-subnet-group", ...subnetGroup, "--subnet-ids", ...dataSubnets!);
  await ask(
    ...["rds", "create-db-instance", "--db-instance-identifier", "old-database", "--db-name", "rides"],
    ...["--engine", "postgres", "--engine-version", "18", "--db-instance-class", "db.t4g.micro"],
    ...["--allocated-storage", "20", "--master-username", "owner", "--manage-master-user-password"],
    ...["--vpc-security-group-ids", GroupId, "--db-subnet-group-name", "old"],
  );
  const zone = HostedZone.Id.replace("/hostedzone/", "");
  return {
    settings: {
      vpc: { id: Vpc.VpcId, publicSubnets, privateSubnets, dataSubnets },
      ...{ zone, certificate, regionalCertificate },
      ...{ cluster: "shared", database: "old-database", buckets: { uploads: "old-uploads" } },
    },
    look: async () => {
      const told = [
        await ask<Told>("ec2", "describe-vpcs", "--vpc-ids", Vpc.VpcId),
        await ask<Told>("ec2", "describe-subnets", "--subnet-ids", ...subnets),
        await ask<Told>("ec2", "describe-security-groups", "--group-ids", GroupId),
        await ask<Told>("route53", "get-hosted-zone", "--id", zone),
        await ask<Told>(
          "acm",
          "describe-certificate",
          "--certificate-arn",
          certificate,
          "--region",
          "us-east-1",
        ),
        await ask<Told>("acm", "describe-certificate", "--certificate-arn", regionalCertificate),
        await ask<Told>("ecs", "describe-clusters", "--clusters", "shared", "--include", "SETTINGS", "TAGS"),
        await ask<Told>("rds", "describe-db-instances", "--db-instance-identifier", "old-database"),
        await ask<Told>("s3api", "get-bucket-location", "--bucket", "old-uploads"),
        await ask<Told>("s3api", "get-bucket-versioning", "--bucket", "old-uploads"),
      ];
      return told;
    },
  };
};

/** What tells who uses a thing, counts what is in it, or moves by itself. */
const IN_USE = new Set([
  "LatestRestorableTime",
  "InUseBy",
  "ResourceRecordSetCount",
  "registeredContainerInstancesCount",
  "activeServicesCount",
]);

/** `aws s3` prints no JSON. */
const ignoreNoJson = (error: unknown): void => {
  if (!(error instanceof SyntaxError)) throw error;
};

/** The environment in the text of a configuration. */
export const environmentText = (settings: Record<string, unknown>): string =>
  `    adopted: {
      platform: "aws",
      domain: "${DOMAIN}",
      aws: { protect: false, existing: ${JSON.stringify(settings)} },
    },
`;
