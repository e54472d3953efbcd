import { ownResource } from "./own-resources.ts";
import { adopt, byHand, drop, keep, replace, type Judgement } from "./outcome.ts";
import type { CopilotStack, StackResource } from "./stack.ts";

const NETWORK = "Part of the network that is used as it is.";
const DISTRIBUTION = "module.app.module.site[0].aws_cloudfront_distribution.this";

/** Which distribution the module's takes the place of: it keeps its domain name and aliases. */
export const takeDistribution = ({ physicalId }: StackResource): Judgement => ({
  outcome: "import-at-cut-over",
  why: "CloudFront lets one distribution have an alias; taken over, it keeps its aliases and changes its origins.",
  todo: "import it in the apply that moves users, when the services and sites have been deployed",
  import: { root: "environment", to: DISTRIBUTION, id: physicalId },
});

const BY_ID: Record<string, (resource: StackResource) => Judgement> = {
  VPC: ({ physicalId }) =>
    adopt("vpc.id", physicalId, "Its subnets have other sizes than the module's, so it is not made anew."),
  Cluster: ({ physicalId }) => adopt("cluster", physicalId, "A cluster's name cannot be changed."),
  EnvironmentHostedZone: ({ physicalId }) =>
    adopt("zone", physicalId, "Other names of the environment are in it too."),
  InternalWorkloadsHostedZone: () =>
    byHand(
      "There is no internal load balancer in the module.",
      "let services reach each other by their public route",
    ),
  CloudFrontDistribution: takeDistribution,
  CloudFrontOriginAccessControl: () => replace("The module makes one for its own bucket."),
  FileSystem: (resource) =>
    ownResource(
      resource,
      "The module has no file system; the files stay where they are.",
      "move the files into a bucket, or mount it in a module of your own",
    )!,
  ServiceDiscoveryNamespace: () =>
    byHand(
      "Service discovery and Service Connect have no counterpart: names such as api.ENV.APP.local go away.",
      "give services that call each other the public route, by an environment variable",
    ),
  AppRunnerVpcEndpoint: () => byHand("App Runner has no counterpart.", "run the service on Fargate"),
  LogResourcePolicy: () => drop(),
  AddonsStack: () => keep("What is in it is judged one by one."),
  VpcFlowLogGroup: () => keep("The log of the network that is used as it is."),
  FlowLog: () => keep("The log of the network that is used as it is."),
  FlowLogRole: () => keep("The log of the network that is used as it is."),
};

const NETWORK_TYPES = new Set(
  [
    "InternetGateway",
    "VPCGatewayAttachment",
    "RouteTable",
    "Route",
    "SubnetRouteTableAssociation",
    "NatGateway",
    "EIP",
  ].map((type) => `AWS::EC2::${type}`),
);

/** The environment's own stack: `APP-ENV`. */
export const judgeEnvironment = (resource: StackResource): Judgement => {
  const { logicalId, physicalId, type } = resource;
  const named = Object.hasOwn(BY_ID, logicalId) ? BY_ID[logicalId] : undefined;
  if (named !== undefined) return named(resource);
  if (/^PublicSubnet\d+$/.test(logicalId)) return adopt("vpc.publicSubnets", physicalId, NETWORK);
  if (/^PrivateSubnet\d+$/.test(logicalId)) return adopt("vpc.privateSubnets", physicalId, NETWORK);
  if (NETWORK_TYPES.has(type)) return keep(NETWORK);
  if (logicalId.startsWith("Internal")) {
    return byHand(
      "There is no internal load balancer in the module.",
      "give the service a route, or let it be a worker",
    );
  }
  if (type === "AWS::EFS::MountTarget" || logicalId.startsWith("EFSSecurityGroup")) {
    return byHand("It belongs to the file system.", "decide about it with the file system");
  }
  if (type.startsWith("AWS::ElasticLoadBalancingV2::")) {
    return replace(
      "A load balancer's name and security groups are the module's own.",
      "users are moved by DNS; both run until then",
    );
  }
  if (type === "AWS::EC2::SecurityGroup" || type === "AWS::EC2::SecurityGroupIngress") {
    return replace("Each service of the module has a security group of its own.");
  }
  if (logicalId.startsWith("ELBAccessLogsBucket")) {
    return keep("The old access logs; the module has a bucket of its own for new ones.");
  }
  if (/Cert(ificate)?/.test(logicalId) && type.startsWith("Custom::")) {
    return replace("The module asks for certificates of its own, in both regions.");
  }
  if (/^AppRunner/.test(logicalId))
    return byHand("App Runner has no counterpart.", "run the service on Fargate");
  if (isMachinery(type)) return drop();
  return byHand(
    `Copilot's own templates have no ${logicalId} of ${type}.`,
    "look whether something still uses it",
  );
};

export const isMachinery = (type: string): boolean =>
  type.startsWith("Custom::") ||
  type.startsWith("AWS::Lambda::") ||
  type.startsWith("AWS::CloudFormation::") ||
  ["AWS::IAM::Role", "AWS::IAM::Policy", "AWS::Logs::ResourcePolicy"].includes(type);

/** What is shared by all environments: `StackSet-APP-infrastructure-…`, and `APP-infrastructure-roles`. */
export const judgeShared = (app: string, services: ReadonlySet<string>) => {
  const repository = (resource: StackResource): Judgement => {
    const service = resource.physicalId.startsWith(`${app}/`)
      ? resource.physicalId.slice(app.length + 1)
      : null;
    if (service === null || !services.has(service)) {
      return ownResource(
        resource,
        "No service of that name is taken over.",
        "delete it when nothing runs its images",
      )!;
    }
    return {
      outcome: "import",
      why: "The module's repositories have the same names; images stay.",
      todo: "from this apply on Copilot cannot push: tags become immutable, and it moves the tag latest",
      import: {
        root: "bootstrap",
        to: `module.bootstrap.module.registry.aws_ecr_repository.this[${JSON.stringify(service)}]`,
        id: resource.physicalId,
      },
    };
  };
  return ({ kind }: CopilotStack, resource: StackResource): Judgement => {
    const { type } = resource;
    if (type === "AWS::ECR::Repository") return repository(resource);
    if (type === "AWS::Route53::HostedZone" || type === "AWS::Route53::RecordSet") {
      return keep(
        "The app's zone delegates to those of the environments, and must outlive Copilot's stacks.",
      );
    }
    if (type === "AWS::KMS::Key" || type.startsWith("AWS::S3::"))
      return drop("Artefacts of Copilot's pipelines.");
    if (isMachinery(type)) return drop();
    return byHand(
      `Copilot's own templates have no ${type} in its ${kind} stack.`,
      "look whether something still uses it",
    );
  };
};
