mock_provider "aws" {
  override_during = plan

  mock_data "aws_region" {
    defaults = { id = "eu-north-1" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}", minified_json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-north-1:123456789012:key/made", key_id = "made" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { id = "made", arn = "arn:aws:s3:::made", bucket_regional_domain_name = "made.s3.eu-north-1.amazonaws.com" }
  }
}

variables {
  name    = "rideshare-staging"
  buckets = { uploads = {} }
}

run "a_bucket_is_private_encrypted_and_versioned" {
  command = plan
  assert {
    condition     = aws_s3_bucket.this["uploads"].bucket == "rideshare-staging-uploads-123456789012" && aws_s3_bucket.this["uploads"].force_destroy == false
    error_message = "The name holds the account, and a full bucket stays."
  }
  assert {
    condition     = aws_s3_bucket_public_access_block.this["uploads"].block_public_acls && aws_s3_bucket_public_access_block.this["uploads"].block_public_policy && aws_s3_bucket_public_access_block.this["uploads"].ignore_public_acls && aws_s3_bucket_public_access_block.this["uploads"].restrict_public_buckets
    error_message = "Nothing is public in any way."
  }
  assert {
    condition     = aws_s3_bucket_ownership_controls.this["uploads"].rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "There are no ACLs."
  }
  assert {
    condition     = aws_s3_bucket_versioning.this["uploads"].versioning_configuration[0].status == "Enabled"
    error_message = "Old versions are kept."
  }
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this["uploads"].rule).apply_server_side_encryption_by_default).sse_algorithm == "aws:kms" && one(one(aws_s3_bucket_server_side_encryption_configuration.this["uploads"].rule).apply_server_side_encryption_by_default).kms_master_key_id == "arn:aws:kms:eu-north-1:123456789012:key/made" && one(aws_s3_bucket_server_side_encryption_configuration.this["uploads"].rule).bucket_key_enabled
    error_message = "Objects are encrypted with a key of one's own, through a bucket key."
  }
  assert {
    condition     = aws_kms_key.this[0].enable_key_rotation && aws_kms_alias.this[0].name == "alias/rideshare-staging-buckets" && length(aws_kms_key_policy.this) == 1
    error_message = "The key rotates."
  }
  assert {
    condition     = { for rule in aws_s3_bucket_lifecycle_configuration.this["uploads"].rule : rule.id => rule.status } == { unfinished-uploads = "Enabled", old-versions = "Enabled" }
    error_message = "Unfinished uploads and old versions go; objects stay."
  }
  assert {
    condition     = one(aws_s3_bucket_lifecycle_configuration.this["uploads"].rule[0].abort_incomplete_multipart_upload).days_after_initiation == 7 && one(aws_s3_bucket_lifecycle_configuration.this["uploads"].rule[1].noncurrent_version_expiration).noncurrent_days == 30
    error_message = "After 7 and 30 days."
  }
  assert {
    condition     = length(aws_s3_bucket_cors_configuration.this) == 0 && length(aws_s3_bucket_logging.this) == 0
    error_message = "No other site's pages reach it, and nothing is logged unless it is asked for."
  }
  assert {
    condition     = output.buckets["uploads"].name == "rideshare-staging-uploads-123456789012" && output.buckets["uploads"].arn == "arn:aws:s3:::made" && output.buckets["uploads"].domain == "made.s3.eu-north-1.amazonaws.com"
    error_message = "Outputs name the bucket."
  }
  assert {
    condition     = length(aws_s3_bucket_policy.this) == 1
    error_message = "The bucket has a policy."
  }
}

run "everything_that_can_be_chosen" {
  command = plan
  variables {
    buckets = {
      uploads = {
        bucket           = "rides-pictures"
        cors             = { origins = ["https://staging.rideshare.example"] }
        old_version_days = 5
        expire_days      = 60
      }
      exports = {}
    }
    abort_upload_days = 2
    encryption        = "AES256"
    access_logs       = { bucket = "rideshare-logs" }
    protect           = false
    tags              = { Team = "rides" }
  }
  assert {
    condition     = aws_s3_bucket.this["uploads"].bucket == "rides-pictures" && aws_s3_bucket.this["exports"].bucket == "rideshare-staging-exports-123456789012"
    error_message = "bucket is the name."
  }
  assert {
    condition     = keys(aws_s3_bucket_cors_configuration.this) == ["uploads"] && one(aws_s3_bucket_cors_configuration.this["uploads"].cors_rule).allowed_origins == toset(["https://staging.rideshare.example"]) && one(aws_s3_bucket_cors_configuration.this["uploads"].cors_rule).allowed_methods == toset(["GET", "PUT", "POST"]) && one(aws_s3_bucket_cors_configuration.this["uploads"].cors_rule).allowed_headers == toset(["*"])
    error_message = "Browsers of the origin use signed URLs."
  }
  assert {
    condition     = [for rule in aws_s3_bucket_lifecycle_configuration.this["uploads"].rule : rule.id] == ["unfinished-uploads", "old-versions", "expire"] && one(aws_s3_bucket_lifecycle_configuration.this["uploads"].rule[2].expiration).days == 60
    error_message = "expire_days adds a rule."
  }
  assert {
    condition     = one(aws_s3_bucket_lifecycle_configuration.this["uploads"].rule[0].abort_incomplete_multipart_upload).days_after_initiation == 2 && one(aws_s3_bucket_lifecycle_configuration.this["uploads"].rule[1].noncurrent_version_expiration).noncurrent_days == 5 && one(aws_s3_bucket_lifecycle_configuration.this["exports"].rule[1].noncurrent_version_expiration).noncurrent_days == 30
    error_message = "Days are those that were given."
  }
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this["uploads"].rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256" && length(aws_kms_key.this) == 0 && length(aws_kms_key_policy.this) == 0 && output.kms_key_arn == null
    error_message = "AES256 needs no key."
  }
  assert {
    condition     = aws_s3_bucket_logging.this["uploads"].target_bucket == "rideshare-logs" && aws_s3_bucket_logging.this["uploads"].target_prefix == "rides-pictures/"
    error_message = "Access is logged below the bucket's name."
  }
  assert {
    condition     = aws_s3_bucket.this["exports"].force_destroy
    error_message = "Without protection a full bucket goes."
  }
  assert {
    condition     = aws_s3_bucket.this["exports"].tags == tomap({ Team = "rides" })
    error_message = "Tags are on everything."
  }
}

run "a_key_that_is_handed_in_is_used" {
  command = plan
  variables {
    kms_key = { arn = "arn:aws:kms:eu-north-1:123456789012:key/given" }
  }
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this["uploads"].rule).apply_server_side_encryption_by_default).kms_master_key_id == "arn:aws:kms:eu-north-1:123456789012:key/given" && length(aws_kms_key.this) == 0
    error_message = "No key is made beside one that is handed in."
  }
}

run "without_buckets_nothing_is_made" {
  command = plan
  variables {
    buckets = {}
  }
  assert {
    condition     = length(aws_s3_bucket.this) == 0 && length(aws_kms_key.this) == 0 && output.buckets == {}
    error_message = "Not even a key."
  }
}

run "a_name_with_capitals_is_refused" {
  command = plan
  variables {
    name = "Rideshare"
  }
  expect_failures = [var.name]
}

run "a_short_name_with_a_dot_is_refused" {
  command = plan
  variables {
    buckets = { "up.loads" = {} }
  }
  expect_failures = [var.buckets]
}

run "a_name_that_grows_too_long_is_refused" {
  command = plan
  variables {
    buckets = { uploads-of-everything-that-people-may-send-us-some-day = {} }
  }
  expect_failures = [var.buckets]
}

run "a_bucket_name_that_s3_does_not_take_is_refused" {
  command = plan
  variables {
    buckets = { uploads = { bucket = "Rides_Pictures" } }
  }
  expect_failures = [var.buckets]
}

run "a_wildcard_origin_is_refused" {
  command = plan
  variables {
    buckets = { uploads = { cors = { origins = ["https://*"] } } }
  }
  expect_failures = [var.buckets]
}

run "an_origin_without_tls_is_refused" {
  command = plan
  variables {
    buckets = { uploads = { cors = { origins = ["http://rideshare.example"] } } }
  }
  expect_failures = [var.buckets]
}

run "an_unknown_method_is_refused" {
  command = plan
  variables {
    buckets = { uploads = { cors = { origins = ["https://rideshare.example"], methods = ["PATCH"] } } }
  }
  expect_failures = [var.buckets]
}

run "old_versions_for_no_day_are_refused" {
  command = plan
  variables {
    buckets = { uploads = { old_version_days = 0 } }
  }
  expect_failures = [var.buckets]
}

run "objects_for_no_day_are_refused" {
  command = plan
  variables {
    buckets = { uploads = { expire_days = 0 } }
  }
  expect_failures = [var.buckets]
}

run "no_days_for_unfinished_uploads_are_refused" {
  command = plan
  variables {
    abort_upload_days = 0
  }
  expect_failures = [var.abort_upload_days]
}

run "unknown_encryption_is_refused" {
  command = plan
  variables {
    encryption = "none"
  }
  expect_failures = [var.encryption]
}

run "a_key_without_kms_is_refused" {
  command = plan
  variables {
    encryption = "AES256"
    kms_key    = { arn = "arn:aws:kms:eu-north-1:123456789012:key/given" }
  }
  expect_failures = [var.kms_key]
}
