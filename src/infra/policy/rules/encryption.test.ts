import { plant, remove, set, testViolations, unset } from "../testbed.ts";
import { encryptionRules } from "./encryption.ts";

const DATABASE = "aws_db_instance.this";
const SITE = 'module.site.aws_s3_bucket_server_side_encryption_configuration.this["site"]';

testViolations(encryptionRules, [
  [
    "bucket-encryption-stated",
    "aws_s3_bucket.logs",
    remove("aws_s3_bucket_server_side_encryption_configuration.logs"),
  ],
  ["bucket-encryption-stated", 'module.site.aws_s3_bucket.this["site"]', remove(SITE)],
  ["bucket-key-used", SITE, set(SITE, "rule.0.bucket_key_enabled", false)],
  ["database-storage-encrypted", DATABASE, set(DATABASE, "storage_encrypted", false)],
  [
    "database-cluster-storage-encrypted",
    "aws_rds_cluster.reports",
    set("aws_rds_cluster.reports", "storage_encrypted", false),
  ],
  [
    "cache-encrypted-at-rest",
    "aws_elasticache_replication_group.this",
    set("aws_elasticache_replication_group.this", "at_rest_encryption_enabled", "false"),
  ],
  [
    "repository-encryption-stated",
    'module.service["api"].aws_ecr_repository.this',
    set('module.service["api"].aws_ecr_repository.this', "encryption_configuration", []),
  ],
  [
    "log-group-own-key",
    "aws_cloudwatch_log_group.planted",
    plant("aws_cloudwatch_log_group", { name: "planted", retention_in_days: 30 }),
  ],
  ["topic-encrypted", "aws_sns_topic.planted", plant("aws_sns_topic", { name: "planted" })],
  ["queue-encrypted", "aws_sqs_queue.jobs", set("aws_sqs_queue.jobs", "sqs_managed_sse_enabled", false)],
  [
    "secret-own-key",
    "aws_secretsmanager_secret.planted",
    plant("aws_secretsmanager_secret", { name: "planted" }),
  ],
  ["secret-parameter-encrypted", "aws_ssm_parameter.token", set("aws_ssm_parameter.token", "type", "String")],
  ["volume-encrypted", "aws_ebs_volume.scratch", set("aws_ebs_volume.scratch", "encrypted", false)],
  [
    "instance-volumes-encrypted",
    "aws_instance.planted",
    plant("aws_instance", {
      metadata_options: [{ http_tokens: "required" }],
      root_block_device: [{ encrypted: true }],
      ebs_block_device: [{ encrypted: true }, { encrypted: false }],
    }),
  ],
  [
    "file-system-encrypted",
    "aws_efs_file_system.shared",
    set("aws_efs_file_system.shared", "encrypted", false),
  ],
  ["key-rotates", "aws_kms_key.this", set("aws_kms_key.this", "enable_key_rotation", false)],
  ["database-insights-encrypted", DATABASE, unset(DATABASE, "performance_insights_kms_key_id")],
]);
