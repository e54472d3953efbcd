import { plant, remove, set, testViolations, unset } from "../testbed.ts";
import { backupRules } from "./backups.ts";

const DATABASE = "aws_db_instance.this";
const UPLOADS = '["uploads"]';
const LIFECYCLE = `module.site.aws_s3_bucket_lifecycle_configuration.this${UPLOADS}`;

testViolations(backupRules, [
  ["database-backed-up", DATABASE, set(DATABASE, "backup_retention_period", 0)],
  ["database-backups-kept-a-week", DATABASE, set(DATABASE, "backup_retention_period", 3)],
  ["database-final-snapshot", DATABASE, set(DATABASE, "skip_final_snapshot", true)],
  ["database-final-snapshot-named", DATABASE, unset(DATABASE, "final_snapshot_identifier")],
  ["database-backups-outlive-it", DATABASE, set(DATABASE, "delete_automated_backups", true)],
  ["database-snapshots-tagged", DATABASE, set(DATABASE, "copy_tags_to_snapshot", false)],
  [
    "bucket-versioned",
    `module.site.aws_s3_bucket.this${UPLOADS}`,
    remove(`module.site.aws_s3_bucket_versioning.this${UPLOADS}`),
  ],
  [
    "bucket-versioned",
    `module.site.aws_s3_bucket.this${UPLOADS}`,
    set(
      `module.site.aws_s3_bucket_versioning.this${UPLOADS}`,
      "versioning_configuration.0.status",
      "Suspended",
    ),
  ],
  [
    "bucket-old-versions-expire",
    `module.site.aws_s3_bucket.this${UPLOADS}`,
    set(LIFECYCLE, "rule.0.noncurrent_version_expiration", []),
  ],
  [
    "bucket-logs-expire",
    "aws_s3_bucket.logs",
    set("aws_s3_bucket_lifecycle_configuration.logs", "rule.0.expiration", []),
  ],
  ["bucket-uploads-abort", LIFECYCLE, set(LIFECYCLE, "rule.0.abort_incomplete_multipart_upload", [])],
  [
    "cache-backed-up",
    "aws_elasticache_replication_group.this",
    set("aws_elasticache_replication_group.this", "snapshot_retention_limit", 0),
  ],
  [
    "table-point-in-time",
    "aws_dynamodb_table.sessions",
    set("aws_dynamodb_table.sessions", "point_in_time_recovery.0.enabled", false),
  ],
  ["secret-not-in-plan", DATABASE, set(DATABASE, "password", "swordfish")],
  [
    "secret-version-not-in-plan",
    "aws_secretsmanager_secret_version.planted",
    plant("aws_secretsmanager_secret_version", { secret_string: "swordfish" }),
  ],
]);
