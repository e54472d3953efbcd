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
    defaults = { id = "made", arn = "arn:aws:s3:::made" }
  }
  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
  }
  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::123456789012:policy/switchback/rideshare-boundary" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/switchback/made", id = "made" }
  }
  mock_resource "aws_ecr_repository" {
    defaults = { arn = "arn:aws:ecr:eu-north-1:123456789012:repository/rideshare/api", repository_url = "123456789012.dkr.ecr.eu-north-1.amazonaws.com/rideshare/api" }
  }
}

variables {
  app          = "rideshare"
  environments = { staging = {} }
  services     = ["api"]
  repository   = "octo/rideshare"
}

run "buckets_roles_and_repositories" {
  command = plan
  assert {
    condition     = { for kind, it in aws_s3_bucket.this : kind => it.bucket } == { state = "switchback-state-123456789012-eu-north-1", store = "switchback-store-123456789012-eu-north-1" } && !anytrue([for it in aws_s3_bucket.this : it.force_destroy])
    error_message = "Both buckets are named after account and region, and stay while they are full."
  }
  assert {
    condition     = output.state_bucket == "switchback-state-123456789012-eu-north-1" && output.store_bucket == "switchback-store-123456789012-eu-north-1" && output.account == "123456789012" && output.region == "eu-north-1"
    error_message = "Outputs name them."
  }
  assert {
    condition     = alltrue([for it in aws_s3_bucket_public_access_block.this : it.block_public_acls && it.block_public_policy && it.ignore_public_acls && it.restrict_public_buckets]) && length(aws_s3_bucket_public_access_block.this) == 2
    error_message = "Nothing is public in any way."
  }
  assert {
    condition     = alltrue([for it in aws_s3_bucket_versioning.this : it.versioning_configuration[0].status == "Enabled"]) && alltrue([for it in aws_s3_bucket_ownership_controls.this : it.rule[0].object_ownership == "BucketOwnerEnforced"])
    error_message = "Versions are kept; there are no ACLs."
  }
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this["state"].rule).apply_server_side_encryption_by_default).sse_algorithm == "aws:kms" && one(one(aws_s3_bucket_server_side_encryption_configuration.this["store"].rule).apply_server_side_encryption_by_default).kms_master_key_id == "arn:aws:kms:eu-north-1:123456789012:key/made" && aws_kms_key.this[0].enable_key_rotation && aws_kms_alias.this[0].name == "alias/switchback"
    error_message = "Both are encrypted with one key that rotates."
  }
  assert {
    condition     = alltrue([for it in aws_s3_bucket_lifecycle_configuration.this : one(it.rule[0].noncurrent_version_expiration).noncurrent_days == 90 && length(it.rule) == 1 && length(it.rule[0].expiration) == 0])
    error_message = "Old versions go after 90 days, and nothing else."
  }
  assert {
    condition     = length(aws_s3_bucket_policy.this) == 2
    error_message = "Both have a policy."
  }
  assert {
    condition     = aws_iam_openid_connect_provider.github[0].url == "https://token.actions.githubusercontent.com" && aws_iam_openid_connect_provider.github[0].client_id_list == toset(["sts.amazonaws.com"])
    error_message = "GitHub's tokens are known to the account."
  }
  assert {
    condition     = aws_iam_role.infra["staging"].name == "rideshare-staging-infra" && aws_iam_role.infra["staging"].path == "/switchback/" && aws_iam_role.infra["staging"].permissions_boundary == "arn:aws:iam::123456789012:policy/switchback/rideshare-boundary" && aws_iam_role.infra["staging"].max_session_duration == 7200
    error_message = "The infra role is capped."
  }
  assert {
    condition     = aws_iam_role.deploy["staging"].name == "rideshare-staging-deploy" && aws_iam_role.deploy["staging"].path == "/switchback/" && aws_iam_role.deploy["staging"].permissions_boundary == "arn:aws:iam::123456789012:policy/switchback/rideshare-boundary" && output.permissions_boundary_arn == "arn:aws:iam::123456789012:policy/switchback/rideshare-boundary"
    error_message = "So is the deploy role."
  }
  assert {
    condition     = aws_iam_role.deploy["staging"].tags == tomap({ Environment = "staging" })
    error_message = "Roles are tagged with their environment."
  }
  assert {
    condition     = keys(output.infra_roles) == ["staging"] && keys(output.deploy_roles) == ["staging"] && keys(output.repositories) == ["api"] && output.repositories["api"].name == "rideshare/api"
    error_message = "Roles by environment, repositories by service."
  }
}

run "everything_that_can_be_chosen" {
  command = plan
  variables {
    encryption          = "AES256"
    old_version_days    = 10
    session_seconds     = 43200
    protect             = false
    trusted_principals  = ["arn:aws:iam::123456789012:role/People"]
    pull_accounts       = ["210987654321"]
    registry_encryption = "KMS"
    registry_kms_key    = { arn = "arn:aws:kms:eu-north-1:123456789012:key/images" }
    tags                = { Team = "rides" }
  }
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this["state"].rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256" && length(aws_kms_key.this) == 0 && output.kms_key_arn == null
    error_message = "AES256 needs no key."
  }
  assert {
    condition     = one(aws_s3_bucket_lifecycle_configuration.this["state"].rule[0].noncurrent_version_expiration).noncurrent_days == 10 && aws_iam_role.deploy["staging"].max_session_duration == 43200 && aws_s3_bucket.this["store"].force_destroy
    error_message = "Days, sessions and protection are as asked."
  }
  assert {
    condition     = aws_iam_role.deploy["staging"].tags == tomap({ Team = "rides", Environment = "staging" })
    error_message = "Tags are on everything."
  }
}

run "what_is_there_already_is_used" {
  command = plan
  variables {
    state_bucket     = { name = "states" }
    store_bucket     = { name = "stores" }
    kms_key          = { arn = "arn:aws:kms:eu-north-1:123456789012:key/given" }
    oidc_provider    = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
    registry_account = "210987654321"
  }
  assert {
    condition     = length(aws_s3_bucket.this) == 0 && length(aws_kms_key.this) == 0 && length(aws_iam_openid_connect_provider.github) == 0
    error_message = "Nothing is made twice."
  }
  assert {
    condition     = output.state_bucket == "states" && output.store_bucket == "stores" && output.kms_key_arn == "arn:aws:kms:eu-north-1:123456789012:key/given" && output.oidc_provider_arn == "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    error_message = "Outputs are what was handed in."
  }
  assert {
    condition     = output.repositories["api"].url == "210987654321.dkr.ecr.eu-north-1.amazonaws.com/rideshare/api" && output.repositories["api"].arn == "arn:aws:ecr:eu-north-1:210987654321:repository/rideshare/api"
    error_message = "Images are the other account's."
  }
}

run "people_without_github" {
  command = plan
  variables {
    repository         = null
    trusted_principals = ["arn:aws:iam::123456789012:role/People"]
  }
  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0 && output.oidc_provider_arn == null && length(aws_iam_role.deploy) == 1
    error_message = "No provider is made for nobody."
  }
}

run "a_name_with_capitals_is_refused" {
  command = plan
  variables {
    app = "Rideshare"
  }
  expect_failures = [var.app]
}

run "an_environment_with_a_slash_is_refused" {
  command = plan
  variables {
    environments = { "eu/staging" = {} }
  }
  expect_failures = [var.environments]
}

run "names_too_long_for_a_role_are_refused" {
  command = plan
  variables {
    app          = "rideshare-with-a-name-of-forty-letters-x"
    environments = { staging-of-the-north = {} }
  }
  expect_failures = [var.environments]
}

run "an_environment_that_reaches_into_another_is_refused" {
  command = plan
  variables {
    environments = { staging = {}, staging-eu = {} }
  }
  expect_failures = [var.environments]
}

run "a_repository_without_an_owner_is_refused" {
  command = plan
  variables {
    repository = "rideshare"
  }
  expect_failures = [var.repository]
}

run "a_whole_account_is_not_trusted" {
  command = plan
  variables {
    trusted_principals = ["arn:aws:iam::123456789012:root"]
  }
  expect_failures = [var.trusted_principals]
}

run "roles_that_nobody_can_take_are_refused" {
  command = plan
  variables {
    repository = null
  }
  expect_failures = [var.trusted_principals]
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

run "no_days_are_refused" {
  command = plan
  variables {
    old_version_days = 0
  }
  expect_failures = [var.old_version_days]
}

run "a_registry_account_that_is_none_is_refused" {
  command = plan
  variables {
    registry_account = "tools"
  }
  expect_failures = [var.registry_account]
}

run "an_account_that_is_none_is_refused" {
  command = plan
  variables {
    pull_accounts = ["production"]
  }
  expect_failures = [var.pull_accounts]
}

run "unknown_encryption_of_images_is_refused" {
  command = plan
  variables {
    registry_encryption = "none"
  }
  expect_failures = [var.registry_encryption]
}

run "a_session_of_a_day_is_refused" {
  command = plan
  variables {
    session_seconds = 86400
  }
  expect_failures = [var.session_seconds]
}
