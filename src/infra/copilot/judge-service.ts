import { isMachinery, takeDistribution } from "./judge-environment.ts";
import { ownResource } from "./own-resources.ts";
import { adopt, byHand, drop, keep, replace, type Judgement } from "./outcome.ts";
import type { CopilotStack, StackResource } from "./stack.ts";

export interface ServiceFacts {
  /** The host name that people type; null: not known. */
  domain: string | null;
  zone: string | null;
  /** The type in the manifest; null without one. */
  manifestType: string | null;
}

const MESSAGES = "Queues and topics are not in the module; messages stay where they are.";

const records = ({ domain, zone }: ServiceFacts): Judgement =>
  domain === null || zone === null
    ? byHand(
        "Which names the record has is not in the stack.",
        "point them to the distribution when users are moved",
      )
    : {
        outcome: "import-at-cut-over",
        why: "It leads people to Copilot's load balancer; taken over, it leads them to the distribution.",
        todo: "import it in the apply that moves users, when the services and sites have been deployed",
        import: {
          root: "environment",
          to: `module.app.module.site[0].aws_route53_record.alias[${JSON.stringify(`${domain} A`)}]`,
          id: `${zone}_${domain}_A`,
        },
      };

/** A service's or a job's stack: `APP-ENV-SERVICE`. */
export const judgeService = (resource: StackResource, facts: ServiceFacts): Judgement => {
  const { logicalId, type } = resource;
  switch (type) {
    case "AWS::ECS::Service":
      return replace(
        "A service's name cannot be changed.",
        "the new one runs beside it until users are moved; then: copilot svc delete",
      );
    case "AWS::ECS::TaskDefinition":
      return replace("Every deployment registers a task definition of its own.");
    case "AWS::Logs::LogGroup":
      return keep("Old lines stay until they expire; the module has a log group of its own for new ones.");
    case "AWS::ApplicationAutoScaling::ScalableTarget":
    case "AWS::ApplicationAutoScaling::ScalingPolicy":
      return replace("The bounds are in the draft of the configuration.");
    case "AWS::ElasticLoadBalancingV2::TargetGroup":
    case "AWS::ElasticLoadBalancingV2::ListenerRule":
      return replace("The module has two target groups and two rules for each service, for blue-green.");
    case "AWS::Route53::RecordSetGroup":
      return records(facts);
    case "AWS::Route53::RecordSet":
      return byHand(
        "Which name the record has is not in the stack.",
        "point it to the new place when users are moved",
      );
    case "AWS::CloudFront::Distribution":
      return takeDistribution(resource);
    case "AWS::CloudFront::Function":
    case "AWS::CloudFront::OriginAccessControl":
      return replace("The module makes its own.");
    case "AWS::S3::Bucket":
    case "AWS::S3::BucketPolicy":
      return replace("The first deployment uploads the site's files anew.");
    case "AWS::ServiceDiscovery::Service":
      return byHand(
        "Service discovery has no counterpart.",
        "give services that call this one its public route, by an environment variable",
      );
    case "AWS::SQS::Queue":
    case "AWS::SNS::Topic":
    case "AWS::SNS::Subscription":
    case "AWS::KMS::Key":
      return ownResource(resource, MESSAGES, "give the service's task role a policy for it")!;
    case "AWS::SQS::QueuePolicy":
    case "AWS::SNS::TopicPolicy":
      return keep(MESSAGES);
    case "AWS::AppRunner::Service":
    case "AWS::AppRunner::AutoScalingConfiguration":
      return byHand("App Runner has no counterpart.", "run the service on Fargate; its image is the same");
    case "AWS::Events::Rule":
    case "AWS::StepFunctions::StateMachine":
      return facts.manifestType === "Scheduled Job" || type === "AWS::Events::Rule"
        ? byHand(
            "Scheduled jobs have no counterpart yet.",
            "let EventBridge Scheduler start a task, in a module of your own",
          )
        : drop();
    case "AWS::CloudFormation::Stack":
      return keep("What is in it is judged one by one.");
    case "AWS::IAM::Role":
      return logicalId === "TaskRole" || logicalId === "ExecutionRole"
        ? replace(
            "The module has roles of its own.",
            "what an addon's policy allowed has to be given to the new task role",
          )
        : drop();
    case "AWS::EC2::SecurityGroup":
    case "AWS::EC2::SecurityGroupIngress":
      return replace("Each service of the module has a security group of its own.");
    default:
      if (type.startsWith("AWS::ElasticLoadBalancingV2::")) {
        return byHand(
          "There is no network load balancer in the module.",
          "put one into a module of your own",
        );
      }
      if (type === "AWS::EFS::AccessPoint") {
        return byHand("The module has no file system.", "move the files into a bucket");
      }
      if (type.startsWith("AWS::CloudWatch::")) return replace("The module has alarms of its own.");
      if (isMachinery(type)) return drop();
      return byHand(`Copilot's own templates have no ${type} here.`, "look whether something still uses it");
  }
};

/** `UploadsBucket` → `uploads`, a name as the configuration has it. */
export const bucketNameOf = (logicalId: string): string =>
  logicalId
    .replace(/Bucket$/, "")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase() || "files";

/** A stack of addons, of a service or of the environment. */
export const judgeAddons = (resource: StackResource, { resources }: CopilotStack): Judgement => {
  const { logicalId, physicalId, type } = resource;
  const isAurora = resources.some((one) => one.type === "AWS::RDS::DBCluster");
  switch (type) {
    case "AWS::S3::Bucket":
      return adopt(
        `buckets.${bucketNameOf(logicalId)}`,
        physicalId,
        "A bucket's name cannot be changed, and its objects stay.",
      );
    case "AWS::S3::BucketPolicy":
      return keep("Belongs to the bucket, which is used as it is.");
    case "AWS::RDS::DBInstance":
      if (!isAurora) return adopt("database", physicalId, "The data stay; the two roles are made in it.");
      return ownResource(resource, "The module's database is RDS PostgreSQL, this one is Aurora.")!;
    case "AWS::RDS::DBCluster":
      return ownResource(
        resource,
        "The module's database is RDS PostgreSQL, this one is Aurora.",
        "keep it beside the module and give services its address as a secret, or move the data with pg_dump or DMS",
      )!;
    case "AWS::SecretsManager::SecretTargetAttachment":
      return keep("Belongs to the secret.");
    case "AWS::EC2::SecurityGroup":
      return ownResource(
        resource,
        "It lets in Copilot's tasks.",
        "let in the module's security group of the services too",
      )!;
    case "AWS::IAM::ManagedPolicy":
      return ownResource(
        resource,
        "It was attached to Copilot's task role.",
        "attach it to the service's new task role",
      )!;
    case "AWS::ElastiCache::ReplicationGroup":
    case "AWS::ElastiCache::CacheCluster":
      return ownResource(
        resource,
        "A cache's name cannot be changed, and the module's is called after the environment.",
        "a cache can be filled anew: let the module make one, and delete this one after users are moved",
      )!;
    default:
      return (
        ownResource(resource, "The module has nothing of this kind.") ??
        (isMachinery(type)
          ? drop()
          : byHand(
              `The module has nothing of the kind ${type}.`,
              "describe it in a module of your own beside the app's",
            ))
      );
  }
};
