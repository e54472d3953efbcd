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
  mock_resource "aws_ecr_repository" {
    defaults = { arn = "arn:aws:ecr:eu-north-1:123456789012:repository/rideshare/api", repository_url = "123456789012.dkr.ecr.eu-north-1.amazonaws.com/rideshare/api" }
  }
}

variables {
  app      = "rideshare"
  services = ["api", "worker"]
}

run "images_can_not_be_replaced_and_are_scanned" {
  command = plan
  assert {
    condition     = aws_ecr_repository.this["api"].name == "rideshare/api" && keys(aws_ecr_repository.this) == ["api", "worker"]
    error_message = "Each service has a repository below the app."
  }
  assert {
    condition     = alltrue([for it in aws_ecr_repository.this : it.image_tag_mutability == "IMMUTABLE" && it.image_scanning_configuration[0].scan_on_push])
    error_message = "Tags are immutable, and images are scanned."
  }
  assert {
    condition     = aws_ecr_repository.this["api"].force_delete == false
    error_message = "A repository with images in it stays."
  }
  assert {
    condition     = aws_ecr_repository.this["api"].encryption_configuration[0].encryption_type == "AES256" && length(aws_kms_key.this) == 0 && output.kms_key_arn == null
    error_message = "Encryption is ECR's own."
  }
  assert {
    condition     = length(aws_ecr_repository_policy.this) == 0
    error_message = "Nobody else may pull."
  }
  assert {
    condition     = jsondecode(aws_ecr_lifecycle_policy.this["api"].policy).rules[*].selection.tagStatus == ["untagged"] && jsondecode(aws_ecr_lifecycle_policy.this["api"].policy).rules[0].selection.countNumber == 14
    error_message = "The only rule takes images without a tag, after 14 days."
  }
  assert {
    condition     = output.repositories["api"] == { name = "rideshare/api", arn = "arn:aws:ecr:eu-north-1:123456789012:repository/rideshare/api", url = "123456789012.dkr.ecr.eu-north-1.amazonaws.com/rideshare/api" }
    error_message = "Outputs name repositories by service."
  }
}

run "other_accounts_pull_and_a_key_is_made" {
  command = plan
  variables {
    pull_accounts = ["210987654321"]
    encryption    = "KMS"
    untagged_days = 3
    protect       = false
    tags          = { Team = "rides" }
  }
  assert {
    condition     = keys(aws_ecr_repository_policy.this) == ["api", "worker"]
    error_message = "Every repository has the policy."
  }
  assert {
    condition     = aws_ecr_repository.this["api"].encryption_configuration[0].encryption_type == "KMS" && aws_ecr_repository.this["api"].encryption_configuration[0].kms_key == "arn:aws:kms:eu-north-1:123456789012:key/made"
    error_message = "Images are encrypted with the key."
  }
  assert {
    condition     = aws_kms_key.this[0].enable_key_rotation && aws_kms_alias.this[0].name == "alias/rideshare-images"
    error_message = "The key rotates."
  }
  assert {
    condition     = jsondecode(aws_ecr_lifecycle_policy.this["worker"].policy).rules[0].selection.countNumber == 3
    error_message = "untagged_days is the age in the rule."
  }
  assert {
    condition     = aws_ecr_repository.this["api"].force_delete == true
    error_message = "Without protection images go with their repository."
  }
  assert {
    condition     = aws_ecr_repository.this["api"].tags == tomap({ Team = "rides" })
    error_message = "Tags are on everything."
  }
}

run "a_key_that_is_handed_in_is_used" {
  command = plan
  variables {
    encryption = "KMS"
    kms_key    = { arn = "arn:aws:kms:eu-north-1:123456789012:key/given" }
  }
  assert {
    condition     = aws_ecr_repository.this["api"].encryption_configuration[0].kms_key == "arn:aws:kms:eu-north-1:123456789012:key/given" && length(aws_kms_key.this) == 0
    error_message = "No key is made beside one that is handed in."
  }
}

run "a_name_with_capitals_is_refused" {
  command = plan
  variables {
    app = "Rideshare"
  }
  expect_failures = [var.app]
}

run "a_service_with_a_slash_is_refused" {
  command = plan
  variables {
    services = ["api/v2"]
  }
  expect_failures = [var.services]
}

run "no_days_are_refused" {
  command = plan
  variables {
    untagged_days = 0
  }
  expect_failures = [var.untagged_days]
}

run "half_a_day_is_refused" {
  command = plan
  variables {
    untagged_days = 1.5
  }
  expect_failures = [var.untagged_days]
}

run "an_account_that_is_none_is_refused" {
  command = plan
  variables {
    pull_accounts = ["production"]
  }
  expect_failures = [var.pull_accounts]
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
    kms_key = { arn = "arn:aws:kms:eu-north-1:123456789012:key/given" }
  }
  expect_failures = [var.kms_key]
}
