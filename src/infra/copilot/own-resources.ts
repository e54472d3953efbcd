import type { Judgement } from "./outcome.ts";
import type { StackResource } from "./stack.ts";

/**
 * Types of AWS that Terraform takes over by the very id that CloudFormation has, as the provider's pages say under
 * "Import": https://registry.terraform.io/providers/hashicorp/aws/latest/docs
 */
const TYPES: Record<string, { type: string; what: string }> = {
  "AWS::DynamoDB::Table": { type: "aws_dynamodb_table", what: "name" },
  "AWS::SQS::Queue": { type: "aws_sqs_queue", what: "URL" },
  "AWS::SNS::Topic": { type: "aws_sns_topic", what: "ARN" },
  "AWS::SNS::Subscription": { type: "aws_sns_topic_subscription", what: "ARN" },
  "AWS::EFS::FileSystem": { type: "aws_efs_file_system", what: "id" },
  "AWS::RDS::DBCluster": { type: "aws_rds_cluster", what: "identifier" },
  "AWS::RDS::DBInstance": { type: "aws_rds_cluster_instance", what: "identifier" },
  "AWS::RDS::DBSubnetGroup": { type: "aws_db_subnet_group", what: "name" },
  "AWS::RDS::DBClusterParameterGroup": { type: "aws_rds_cluster_parameter_group", what: "name" },
  "AWS::EC2::SecurityGroup": { type: "aws_security_group", what: "id" },
  "AWS::SecretsManager::Secret": { type: "aws_secretsmanager_secret", what: "ARN" },
  "AWS::IAM::ManagedPolicy": { type: "aws_iam_policy", what: "ARN" },
  "AWS::KMS::Key": { type: "aws_kms_key", what: "id" },
  "AWS::S3::Bucket": { type: "aws_s3_bucket", what: "name" },
  "AWS::ECR::Repository": { type: "aws_ecr_repository", what: "name" },
  "AWS::ElastiCache::ReplicationGroup": { type: "aws_elasticache_replication_group", what: "id" },
  "AWS::ElastiCache::CacheCluster": { type: "aws_elasticache_cluster", what: "id" },
  "AWS::ElastiCache::SubnetGroup": { type: "aws_elasticache_subnet_group", what: "name" },
  "AWS::Logs::LogGroup": { type: "aws_cloudwatch_log_group", what: "name" },
};

/** `MyTable` → `my_table`, as Terraform's names are written. */
export const terraformName = (logicalId: string): string =>
  logicalId
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();

/** A resource beside the module, when Terraform can take it over by the id that is known; null otherwise. */
export const ownResource = (
  { logicalId, physicalId, type }: StackResource,
  why: string,
  todo: string | null = null,
): Judgement | null => {
  const known = TYPES[type];
  if (known === undefined) return null;
  return {
    outcome: "own",
    why,
    todo,
    import: { root: "environment", to: `${known.type}.${terraformName(logicalId)}`, id: physicalId },
  };
};
