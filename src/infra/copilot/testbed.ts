import type { CopilotFile } from "../../domain/copilot-file.ts";
import { planImport, type CopilotImport, type ImportRequest } from "./plan-import.ts";

type Row = [logicalId: string, type: string, physicalId: string];

const ARN = "arn:aws:cloudformation:eu-north-1:123456789012:stack";

/** As `aws cloudformation describe-stack-resources` prints it. */
export const stackFile = (name: string, rows: Row[]): CopilotFile => ({
  path: `${name}.json`,
  text: JSON.stringify({
    StackResources: rows.map(([LogicalResourceId, ResourceType, PhysicalResourceId]) => ({
      StackName: name,
      StackId: `${ARN}/${name}/11111111-2222-3333-4444-555555555555`,
      ...{ LogicalResourceId, PhysicalResourceId, ResourceType },
      Timestamp: "2026-03-01T10:00:00.000Z",
      ResourceStatus: "CREATE_COMPLETE",
      DriftInformation: { StackResourceDriftStatus: "NOT_CHECKED" },
    })),
  }),
});

const ENVIRONMENT: Row[] = [
  ["CloudformationExecutionRole", "AWS::IAM::Role", "shop-test-CFNExecutionRole"],
  ["EnvironmentManagerRole", "AWS::IAM::Role", "shop-test-EnvManagerRole"],
  ["VPC", "AWS::EC2::VPC", "vpc-0a"],
  ["PublicRouteTable", "AWS::EC2::RouteTable", "rtb-0a"],
  ["DefaultPublicRoute", "AWS::EC2::Route", "shop-Defau-1A2B3C"],
  ["InternetGateway", "AWS::EC2::InternetGateway", "igw-0a"],
  ["InternetGatewayAttachment", "AWS::EC2::VPCGatewayAttachment", "IGW|vpc-0a"],
  ["PublicSubnet1", "AWS::EC2::Subnet", "subnet-0a"],
  ["PublicSubnet2", "AWS::EC2::Subnet", "subnet-0b"],
  ["PrivateSubnet1", "AWS::EC2::Subnet", "subnet-0c"],
  ["PrivateSubnet2", "AWS::EC2::Subnet", "subnet-0d"],
  ["PublicSubnet1RouteTableAssociation", "AWS::EC2::SubnetRouteTableAssociation", "rtbassoc-0a"],
  ["NatGateway1Attachment", "AWS::EC2::EIP", "192.0.2.1"],
  ["NatGateway1", "AWS::EC2::NatGateway", "nat-0a"],
  ["PrivateRouteTable1", "AWS::EC2::RouteTable", "rtb-0b"],
  ["PrivateRoute1", "AWS::EC2::Route", "shop-Priva-1A2B3C"],
  ["PrivateRouteTable1Association", "AWS::EC2::SubnetRouteTableAssociation", "rtbassoc-0b"],
  ["ServiceDiscoveryNamespace", "AWS::ServiceDiscovery::PrivateDnsNamespace", "ns-0a"],
  ["Cluster", "AWS::ECS::Cluster", "shop-test-Cluster-AbCdEfGh1234"],
  ["PublicHTTPLoadBalancerSecurityGroup", "AWS::EC2::SecurityGroup", "sg-0a"],
  ["EnvironmentSecurityGroup", "AWS::EC2::SecurityGroup", "sg-0b"],
  [
    "EnvironmentSecurityGroupIngressFromSelf",
    "AWS::EC2::SecurityGroupIngress",
    "EnvironmentSecurityGroupIngressFromSelf",
  ],
  [
    "PublicLoadBalancer",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "arn:aws:elasticloadbalancing:eu-north-1:123456789012:loadbalancer/app/shop-Publi-1A2B3C/1a2b",
  ],
  [
    "DefaultHTTPTargetGroup",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "arn:aws:elasticloadbalancing:eu-north-1:123456789012:targetgroup/shop-Defau-1A/1a",
  ],
  [
    "HTTPListener",
    "AWS::ElasticLoadBalancingV2::Listener",
    "arn:aws:elasticloadbalancing:eu-north-1:123456789012:listener/app/shop-Publi-1A2B3C/1a2b/1",
  ],
  [
    "HTTPSListener",
    "AWS::ElasticLoadBalancingV2::Listener",
    "arn:aws:elasticloadbalancing:eu-north-1:123456789012:listener/app/shop-Publi-1A2B3C/1a2b/2",
  ],
  ["HTTPSCert", "Custom::CertificateValidationFunction", "arn:aws:acm:eu-north-1:123456789012:certificate/1"],
  ["EnvironmentHostedZone", "AWS::Route53::HostedZone", "Z0123456789ABC"],
  ["CustomResourceRole", "AWS::IAM::Role", "shop-test-CustomResourceRole-1A"],
  ["CertificateValidationFunction", "AWS::Lambda::Function", "shop-test-CertificateValidationFunction-1A"],
  ["DelegateDNSAction", "Custom::DNSDelegationFunction", "copilot/apps/shop/envs/test"],
  ["CloudFrontDistribution", "AWS::CloudFront::Distribution", "E1A2B3C4D5E6F7"],
  ["FileSystem", "AWS::EFS::FileSystem", "fs-0a"],
  ["MountTarget1", "AWS::EFS::MountTarget", "fsmt-0a"],
  ["EFSSecurityGroup", "AWS::EC2::SecurityGroup", "sg-0c"],
  ["VpcFlowLogGroup", "AWS::Logs::LogGroup", "/copilot/shop-test-FlowLogs"],
  ["FlowLog", "AWS::EC2::FlowLog", "fl-0a"],
  ["LogResourcePolicy", "AWS::Logs::ResourcePolicy", "shop-test-LogResourcePolicy"],
];

const API: Row[] = [
  ["LogGroup", "AWS::Logs::LogGroup", "/copilot/shop-test-api"],
  [
    "TaskDefinition",
    "AWS::ECS::TaskDefinition",
    "arn:aws:ecs:eu-north-1:123456789012:task-definition/shop-test-api:7",
  ],
  ["ExecutionRole", "AWS::IAM::Role", "shop-test-api-ExecutionRole-1A"],
  ["TaskRole", "AWS::IAM::Role", "shop-test-api-TaskRole-1A"],
  ["DiscoveryService", "AWS::ServiceDiscovery::Service", "srv-0a"],
  [
    "DynamicDesiredCountAction",
    "Custom::DynamicDesiredCountFunction",
    "copilot/apps/shop/envs/test/services/api/autoscaling",
  ],
  ["AutoScalingRole", "AWS::IAM::Role", "shop-test-api-AutoScalingRole-1A"],
  [
    "AutoScalingTarget",
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "service/shop-test-Cluster-AbCdEfGh1234/shop-test-api-Service-1A|ecs:service:DesiredCount|ecs",
  ],
  [
    "AutoScalingPolicyECSServiceAverageCPUUtilization",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "arn:aws:autoscaling:eu-north-1:123456789012:scalingPolicy:1",
  ],
  ["EnvControllerAction", "Custom::EnvControllerFunction", "envcontoller/shop-test/api"],
  ["EnvControllerFunction", "AWS::Lambda::Function", "shop-test-api-EnvControllerFunction-1A"],
  [
    "Service",
    "AWS::ECS::Service",
    "arn:aws:ecs:eu-north-1:123456789012:service/shop-test-Cluster-AbCdEfGh1234/shop-test-api-Service-1A",
  ],
  [
    "TargetGroup",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "arn:aws:elasticloadbalancing:eu-north-1:123456789012:targetgroup/shop-Targe-1A/1a",
  ],
  [
    "HTTPSListenerRule",
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    "arn:aws:elasticloadbalancing:eu-north-1:123456789012:listener-rule/app/shop-Publi-1A/1a/2b/3c",
  ],
  ["RulePriorityFunction", "AWS::Lambda::Function", "shop-test-api-RulePriorityFunction-1A"],
  ["HTTPSRulePriorityAction", "Custom::RulePriorityFunction", "alb-rule-priority-HTTPSRulePriorityAction"],
  [
    "LoadBalancerDNSAliasZ0123456789ABC",
    "AWS::Route53::RecordSetGroup",
    "shop-test-api-LoadBalancerDNSAlias-1A",
  ],
  ["eventsSNSTopic", "AWS::SNS::Topic", "arn:aws:sns:eu-north-1:123456789012:shop-test-api-events"],
  ["eventsSNSTopicPolicy", "AWS::SNS::TopicPolicy", "shop-test-api-eventsSNSTopicPolicy-1A"],
  ["AddonsStack", "AWS::CloudFormation::Stack", `${ARN}/shop-test-api-AddonsStack-1A2B3C4D5E6F/1`],
];

const ADDONS: Row[] = [
  ["uploadsBucket", "AWS::S3::Bucket", "shop-test-api-addonsstack-uploadsbucket-1a2b"],
  ["uploadsBucketPolicy", "AWS::S3::BucketPolicy", "shop-test-api-addonsstack-uploadsbucket-1a2b"],
  ["uploadsAccessPolicy", "AWS::IAM::ManagedPolicy", "arn:aws:iam::123456789012:policy/shop-uploads"],
  ["cartTable", "AWS::DynamoDB::Table", "shop-test-api-cart"],
  ["mainDBSubnetGroup", "AWS::RDS::DBSubnetGroup", "shop-test-api-maindbsubnetgroup-1a"],
  ["mainSecurityGroup", "AWS::EC2::SecurityGroup", "sg-0d"],
  ["mainDBClusterSecurityGroup", "AWS::EC2::SecurityGroup", "sg-0e"],
  [
    "mainAuroraSecret",
    "AWS::SecretsManager::Secret",
    "arn:aws:secretsmanager:eu-north-1:123456789012:secret:mainAuroraSecret-1a",
  ],
  ["mainDBClusterParameterGroup", "AWS::RDS::DBClusterParameterGroup", "shop-test-api-main-1a"],
  ["mainDBCluster", "AWS::RDS::DBCluster", "shop-test-api-maindbcluster-1a"],
  ["mainDBWriterInstance", "AWS::RDS::DBInstance", "shop-test-api-maindbwriterinstance-1a"],
  [
    "mainSecretAuroraClusterAttachment",
    "AWS::SecretsManager::SecretTargetAttachment",
    "arn:aws:secretsmanager:eu-north-1:123456789012:secret:mainAuroraSecret-1a",
  ],
];

const WORKER: Row[] = [
  ["LogGroup", "AWS::Logs::LogGroup", "/copilot/shop-test-mailer"],
  [
    "Service",
    "AWS::ECS::Service",
    "arn:aws:ecs:eu-north-1:123456789012:service/shop-test-Cluster-AbCdEfGh1234/shop-test-mailer-Service-1A",
  ],
  ["EventsKMSKey", "AWS::KMS::Key", "11111111-2222-3333-4444-555555555555"],
  [
    "EventsQueue",
    "AWS::SQS::Queue",
    "https://sqs.eu-north-1.amazonaws.com/123456789012/shop-test-mailer-EventsQueue-1A",
  ],
  ["QueuePolicy", "AWS::SQS::QueuePolicy", "shop-test-mailer-QueuePolicy-1A"],
  [
    "apieventsSNSTopicSubscription",
    "AWS::SNS::Subscription",
    "arn:aws:sns:eu-north-1:123456789012:shop-test-api-events:1",
  ],
];

const SHARED: Row[] = [
  ["KMSKey", "AWS::KMS::Key", "22222222-3333-4444-5555-666666666666"],
  ["PipelineBuiltArtifactBucket", "AWS::S3::Bucket", "stackset-shop-infrastruc-pipelinebuiltartifactbuc-1a"],
  [
    "PipelineBuiltArtifactBucketPolicy",
    "AWS::S3::BucketPolicy",
    "StackSet-shop-PipelineBuiltArtifactBucketPolicy-1A",
  ],
  ["ECRRepoapi", "AWS::ECR::Repository", "shop/api"],
  ["ECRRepomailer", "AWS::ECR::Repository", "shop/mailer"],
  ["ECRRepoold", "AWS::ECR::Repository", "shop/old"],
];

const manifest = (name: string, text: string): CopilotFile => ({
  path: `copilot/${name}/manifest.yml`,
  text,
});

/** A Copilot app as it stands at a team: a web service with addons, a worker, and what all environments share. */
export const shop = (): CopilotFile[] => [
  stackFile("shop-test", ENVIRONMENT),
  stackFile("shop-test-api", API),
  stackFile("shop-test-api-AddonsStack-1A2B3C4D5E6F", ADDONS),
  stackFile("shop-test-mailer", WORKER),
  stackFile("StackSet-shop-infrastructure-0a1b2c3d", SHARED),
  manifest(
    "api",
    `name: api
type: Load Balanced Web Service
http:
  path: 'api'
  alias: shop.test.example.com
  healthcheck:
    path: /healthz
    interval: 15s
    timeout: 5s
    healthy_threshold: 3
    grace_period: 1m30s
image:
  build: services/api/Dockerfile
  port: 8080
cpu: 512
memory: 1024
count: 1
network:
  connect: true
variables:
  LOG_LEVEL: info
  TABLE:
    from_cfn: shop-table
secrets:
  STRIPE_KEY: /copilot/\${COPILOT_APPLICATION_NAME}/\${COPILOT_ENVIRONMENT_NAME}/secrets/STRIPE_KEY
  DB:
    secretsmanager: shop/db
environments:
  test:
    count:
      range: 2-6
      cpu_percentage: 70
    variables:
      LOG_LEVEL: debug
  prod:
    cpu: 2048
`,
  ),
  manifest(
    "mailer",
    "name: mailer\ntype: Worker Service\nimage:\n  build: ./mailer/Dockerfile\ncpu: 256\nmemory: 512\ncount: 1\nsubscribe:\n  topics:\n    - name: events\n      service: api\n",
  ),
  manifest("environments/test", "name: test\ntype: Environment\n"),
];

export const planned = (files = shop(), change: Partial<ImportRequest> = {}): CopilotImport =>
  planImport({ files, copilotEnvironment: "test", environment: "test", ...change });

export const without = (path: string): CopilotFile[] => shop().filter((file) => file.path !== path);

/** A file with a row more, or with those that fit taken away. */
export const changed = (
  path: string,
  change: { add?: Row[]; drop?: (logicalId: string) => boolean },
): CopilotFile[] =>
  shop().map((file) => {
    if (file.path !== path) return file;
    const { StackResources } = JSON.parse(file.text) as {
      StackResources: { LogicalResourceId: string; PhysicalResourceId: string; ResourceType: string }[];
    };
    const rows = StackResources.filter(
      ({ LogicalResourceId }) => !(change.drop?.(LogicalResourceId) ?? false),
    ).map((one): Row => [one.LogicalResourceId, one.ResourceType, one.PhysicalResourceId]);
    return stackFile(path.replace(/\.json$/, ""), [...rows, ...(change.add ?? [])]);
  });
