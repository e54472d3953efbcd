mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
}

variables {
  name = "rideshare-staging"
}

run "the_bucket_is_private_encrypted_and_expires" {
  assert {
    condition     = aws_s3_bucket.this.bucket == "rideshare-staging-access-logs-123456789012" && output.bucket == aws_s3_bucket.this.bucket && !aws_s3_bucket.this.force_destroy
    error_message = "The name holds the account, and a full bucket stays."
  }
  assert {
    condition     = aws_s3_bucket_public_access_block.this.block_public_acls && aws_s3_bucket_public_access_block.this.block_public_policy && aws_s3_bucket_public_access_block.this.ignore_public_acls && aws_s3_bucket_public_access_block.this.restrict_public_buckets
    error_message = "Nothing is public in any way."
  }
  assert {
    condition     = aws_s3_bucket_ownership_controls.this.rule[0].object_ownership == "BucketOwnerEnforced" && aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "There are no ACLs, and what is overwritten is kept."
  }
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "S3's own keys: it can't write access logs with another."
  }
  assert {
    condition     = one(one(aws_s3_bucket_lifecycle_configuration.this.rule).expiration).days == 30
    error_message = "Logs are kept for 30 days."
  }
}

run "only_s3_on_behalf_of_this_account_writes_and_only_over_tls" {
  assert {
    condition     = one([for it in jsondecode(aws_s3_bucket_policy.this.policy).Statement : it if it.Sid == "BucketsOfThisAccountLog"]) == { Sid = "BucketsOfThisAccountLog", Effect = "Allow", Principal = { Service = "logging.s3.amazonaws.com" }, Action = "s3:PutObject", Resource = "arn:aws:s3:::rideshare-staging-access-logs-123456789012/*", Condition = { StringEquals = { "aws:SourceAccount" = "123456789012" } } }
    error_message = "S3's log delivery adds objects for buckets of the account, and reads nothing."
  }
  assert {
    condition     = one([for it in jsondecode(aws_s3_bucket_policy.this.policy).Statement : it if it.Sid == "OnlyOverTls"]).Effect == "Deny" && length(jsondecode(aws_s3_bucket_policy.this.policy).Statement) == 2
    error_message = "Plain HTTP is refused, and nobody else is let in."
  }
}

run "everything_that_can_be_chosen" {
  variables {
    log_days = 365
    protect  = false
    tags     = { Team = "rides" }
  }
  assert {
    condition     = one(one(aws_s3_bucket_lifecycle_configuration.this.rule).expiration).days == 365
    error_message = "log_days is how long logs are kept."
  }
  assert {
    condition     = aws_s3_bucket.this.force_destroy && aws_s3_bucket.this.tags == tomap({ Team = "rides" })
    error_message = "Without protect a full bucket goes; tags are the bucket's."
  }
}

run "a_name_that_is_too_long_is_refused" {
  command = plan
  variables {
    name = "rideshare-staging-in-a-region-far-away-x"
  }
  expect_failures = [var.name]
}

run "less_than_a_day_is_refused" {
  command = plan
  variables {
    log_days = 0
  }
  expect_failures = [var.log_days]
}
