import { set, testViolations } from "../testbed.ts";
import { deletionRules } from "./deletion.ts";

const REPOSITORY = 'module.service["api"].aws_ecr_repository.this';

testViolations(deletionRules, [
  [
    "database-deletion-protected",
    "aws_db_instance.this",
    set("aws_db_instance.this", "deletion_protection", false),
  ],
  [
    "load-balancer-deletion-protected",
    "aws_lb.this",
    set("aws_lb.this", "enable_deletion_protection", false),
  ],
  [
    "table-deletion-protected",
    "aws_dynamodb_table.sessions",
    set("aws_dynamodb_table.sessions", "deletion_protection_enabled", false),
  ],
  ["bucket-kept-when-full", "aws_s3_bucket.logs", set("aws_s3_bucket.logs", "force_destroy", true)],
  ["repository-kept-when-full", REPOSITORY, set(REPOSITORY, "force_delete", true)],
  ["zone-kept-when-full", "aws_route53_zone.this", set("aws_route53_zone.this", "force_destroy", true)],
  [
    "secret-recoverable",
    "aws_secretsmanager_secret.app",
    set("aws_secretsmanager_secret.app", "recovery_window_in_days", 0),
  ],
  ["key-deletion-waits", "aws_kms_key.this", set("aws_kms_key.this", "deletion_window_in_days", 7)],
  ["database-changes-wait", "aws_db_instance.this", set("aws_db_instance.this", "apply_immediately", true)],
  [
    "database-major-upgrade-asked-for",
    "aws_db_instance.this",
    set("aws_db_instance.this", "allow_major_version_upgrade", true),
  ],
]);
