import { isLogBucket } from "../log-bucket.ts";
import {
  atLeast,
  AWS,
  companion,
  firstOf,
  isFalse,
  isOneOf,
  isSet,
  isTrue,
  type Check,
  type Rule,
} from "../rule.ts";
import { countAt, known } from "../value-at.ts";

/** Holds when one of the blocks does. */
const someBlock =
  (name: string, check: (path: string) => Check): Check =>
  (resource, world) => {
    const count = countAt(resource, name) ?? 0;
    const checks = Array.from({ length: Math.max(1, count) }, (_, at) => check(`${name}.${at}`));
    return firstOf(...checks)(resource, world);
  };

/** What is lost can be brought back. */
export const backupRules: Rule[] = [
  {
    id: "database-backed-up",
    severity: "high",
    title: "A database is backed up every day and can be restored to any second.",
    why: "With a retention of 0 there are neither backups nor a point in time.",
    reference: `${AWS}/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html`,
    types: ["aws_db_instance", "aws_rds_cluster"],
    when: (resource) => known(resource, "replicate_source_db") === null,
    check: atLeast("backup_retention_period", 1),
  },
  {
    id: "database-backups-kept-a-week",
    severity: "high",
    title: "A database of production is backed up for a week at least.",
    why: "Damage that is noticed after a long weekend can then be undone.",
    reference: `${AWS}/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.BackupRetention.html`,
    types: ["aws_db_instance", "aws_rds_cluster"],
    only: "production",
    when: (resource) =>
      known(resource, "replicate_source_db") === null && known(resource, "backup_retention_period") !== 0,
    check: atLeast("backup_retention_period", 7),
  },
  {
    id: "database-final-snapshot",
    severity: "high",
    title: "A database that is destroyed leaves a snapshot.",
    why: "Its automatic backups may go with it.",
    reference: `${AWS}/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html`,
    types: ["aws_db_instance", "aws_rds_cluster"],
    only: "protected",
    when: (resource) => known(resource, "replicate_source_db") === null,
    check: isFalse("skip_final_snapshot"),
  },
  {
    id: "database-final-snapshot-named",
    severity: "medium",
    title: "The last snapshot of a database has a name.",
    why: "Without one Terraform stops in the middle of the destruction.",
    reference: `${AWS}/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html`,
    types: ["aws_db_instance", "aws_rds_cluster"],
    only: "protected",
    when: (resource) =>
      known(resource, "skip_final_snapshot") !== true && known(resource, "replicate_source_db") === null,
    check: isSet("final_snapshot_identifier", "a name"),
  },
  {
    id: "database-backups-outlive-it",
    severity: "medium",
    title: "The backups of a database of production stay when it is destroyed.",
    why: "They are the only way back to a moment before the last snapshot.",
    reference: `${AWS}/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.Retaining.html`,
    types: ["aws_db_instance"],
    only: "production",
    when: (resource) => known(resource, "replicate_source_db") === null,
    check: (resource) =>
      known(resource, "delete_automated_backups") === false
        ? []
        : [
            {
              ...{ state: "broken", attribute: "delete_automated_backups" },
              ...{ is: String(known(resource, "delete_automated_backups") ?? "not set"), shouldBe: "false" },
            },
          ],
  },
  {
    id: "database-snapshots-tagged",
    severity: "low",
    title: "A database's snapshots carry its tags.",
    why: "Otherwise nobody knows later whose they are and what they cost.",
    reference: `${AWS}/AmazonRDS/latest/UserGuide/USER_Tagging.html`,
    types: ["aws_db_instance", "aws_rds_cluster"],
    check: isTrue("copy_tags_to_snapshot"),
  },
  {
    id: "bucket-versioned",
    severity: "medium",
    title: "A bucket keeps earlier versions of its objects.",
    why: "What is overwritten or deleted by mistake can be brought back.",
    reference: `${AWS}/AmazonS3/latest/userguide/Versioning.html`,
    types: ["aws_s3_bucket"],
    when: (bucket, world) => !isLogBucket(bucket, world),
    check: companion(
      "aws_s3_bucket_versioning",
      "bucket",
      isOneOf("versioning_configuration.0.status", "Enabled"),
    ),
  },
  {
    id: "bucket-old-versions-expire",
    severity: "low",
    title: "Earlier versions in a bucket expire.",
    why: "They are paid for as long as they are there.",
    reference: `${AWS}/AmazonS3/latest/userguide/object-lifecycle-mgmt.html`,
    types: ["aws_s3_bucket"],
    when: (bucket, world) => !isLogBucket(bucket, world),
    check: companion(
      "aws_s3_bucket_lifecycle_configuration",
      "bucket",
      someBlock("rule", (path) =>
        firstOf(
          atLeast(`${path}.noncurrent_version_expiration.0.noncurrent_days`, 1),
          atLeast(`${path}.noncurrent_version_expiration.0.newer_noncurrent_versions`, 1),
        ),
      ),
    ),
  },
  {
    id: "bucket-logs-expire",
    severity: "low",
    title: "Logs in a bucket expire.",
    why: "They hold addresses of people and are paid for as long as they are there.",
    reference: `${AWS}/AmazonS3/latest/userguide/object-lifecycle-mgmt.html`,
    types: ["aws_s3_bucket"],
    when: isLogBucket,
    check: companion(
      "aws_s3_bucket_lifecycle_configuration",
      "bucket",
      someBlock("rule", (path) => atLeast(`${path}.expiration.0.days`, 1)),
    ),
  },
  {
    id: "bucket-uploads-abort",
    severity: "low",
    title: "Uploads that were never finished are thrown away.",
    why: "No listing shows them, and they are paid for.",
    reference: `${AWS}/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html`,
    types: ["aws_s3_bucket_lifecycle_configuration"],
    check: someBlock("rule", (path) =>
      atLeast(`${path}.abort_incomplete_multipart_upload.0.days_after_initiation`, 1),
    ),
  },
  {
    id: "cache-backed-up",
    severity: "medium",
    title: "A cache of production is backed up.",
    why: "A cold cache sends every request to the database at once.",
    reference: `${AWS}/AmazonElastiCache/latest/dg/backups-automatic.html`,
    types: ["aws_elasticache_replication_group"],
    only: "production",
    check: atLeast("snapshot_retention_limit", 1),
  },
  {
    id: "table-point-in-time",
    severity: "high",
    title: "A table can be restored to any second.",
    why: "It has no other backup unless somebody makes one.",
    reference: `${AWS}/amazondynamodb/latest/developerguide/Point-in-time-recovery.html`,
    types: ["aws_dynamodb_table"],
    check: firstOf(isTrue("point_in_time_recovery.0.enabled"), () => [
      { state: "broken", attribute: "point_in_time_recovery", is: "off", shouldBe: "on" },
    ]),
  },
  {
    id: "secret-not-in-plan",
    severity: "high",
    title: "A database's password is not in the plan.",
    why: "Whatever is in a plan is in the state too, and everybody who plans may read it.",
    reference: `${AWS}/AmazonRDS/latest/UserGuide/rds-secrets-manager.html`,
    types: ["aws_db_instance", "aws_rds_cluster"],
    when: (resource) => known(resource, "replicate_source_db") === null,
    check: (resource) => [
      ...["password", "master_password"]
        .filter((name) => known(resource, name) !== null)
        .map((name) => ({
          ...{ state: "broken" as const, attribute: name, is: "(sensitive)" },
          shouldBe: "manage_master_user_password, or a write-only argument",
        })),
    ],
  },
  {
    id: "secret-version-not-in-plan",
    severity: "high",
    title: "A secret's value is not in the plan.",
    why: "Whatever is in a plan is in the state too, and everybody who plans may read it.",
    reference: `${AWS}/secretsmanager/latest/userguide/best-practices.html`,
    types: ["aws_secretsmanager_secret_version"],
    check: (resource) =>
      ["secret_string", "secret_binary"]
        // Of a write-only value the state holds an empty text.
        .filter(
          (name) =>
            resource.expressions?.[name] !== undefined ||
            ![null, ""].includes(known(resource, name) as string | null),
        )
        .map((name) => ({
          ...{ state: "broken" as const, attribute: name, is: "(sensitive)" },
          shouldBe: "secret_string_wo",
        })),
  },
];
