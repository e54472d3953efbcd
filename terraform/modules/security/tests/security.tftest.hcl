mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-north-1" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-north-1:123456789012:key/11111111-2222-3333-4444-555555555555" }
  }
}

variables {
  name = "rideshare-staging"
}

run "the_key_rotates_and_has_a_name" {
  assert {
    condition     = aws_kms_key.this.enable_key_rotation && aws_kms_key.this.rotation_period_in_days == 365
    error_message = "The key rotates once a year."
  }
  assert {
    condition     = aws_kms_key.this.deletion_window_in_days == 30
    error_message = "A destroyed key can be brought back for 30 days."
  }
  assert {
    condition     = aws_kms_alias.this.name == "alias/rideshare-staging" && output.key_alias == "alias/rideshare-staging"
    error_message = "The alias carries the name."
  }
  assert {
    condition     = output.key_arn == aws_kms_key.this.arn && output.key_id == aws_kms_key.this.key_id
    error_message = "The outputs are those of the key."
  }
}

run "services_use_the_key_for_this_account_only" {
  assert {
    condition = one([
      for it in jsondecode(aws_kms_key.this.policy).Statement : it.Condition.ArnLike["kms:EncryptionContext:aws:logs:arn"] if it.Sid == "LogGroupsOfThisAccount"
    ]) == "arn:aws:logs:eu-north-1:123456789012:log-group:*"
    error_message = "CloudWatch Logs is bound to log groups of this account and region."
  }
  assert {
    condition = one([
      for it in jsondecode(aws_kms_key.this.policy).Statement : it.Condition.StringEquals["aws:SourceAccount"] if it.Sid == "AlarmsOfThisAccount"
    ]) == "123456789012"
    error_message = "CloudWatch is bound to alarms of this account."
  }
  assert {
    condition     = length([for it in jsondecode(aws_kms_key.this.policy).Statement : it if it.Sid == "OtherAccountsMayDecrypt"]) == 0
    error_message = "No other account is named unless asked for."
  }
}

run "numbers_readers_and_tags_reach_the_key" {
  variables {
    rotation_days        = 90
    deletion_window_days = 7
    reader_accounts      = ["210987654321"]
    tags                 = { Team = "riders" }
  }

  assert {
    condition     = aws_kms_key.this.rotation_period_in_days == 90 && aws_kms_key.this.deletion_window_in_days == 7
    error_message = "rotation_days and deletion_window_days are the key's."
  }
  assert {
    condition = one([
      for it in jsondecode(aws_kms_key.this.policy).Statement : it.Principal.AWS if it.Sid == "OtherAccountsMayDecrypt"
    ])[0] == "arn:aws:iam::210987654321:root"
    error_message = "A reader account may decrypt."
  }
  assert {
    condition     = toset(one([for it in jsondecode(aws_kms_key.this.policy).Statement : it.Action if it.Sid == "OtherAccountsMayDecrypt"])) == toset(["kms:Decrypt", "kms:DescribeKey"])
    error_message = "A reader account may decrypt and nothing else."
  }
  assert {
    condition     = aws_kms_key.this.tags == tomap({ Team = "riders" })
    error_message = "Tags reach the key."
  }
}

run "wrong_values_are_refused" {
  command = plan

  variables {
    name                 = "Rideshare"
    rotation_days        = 30
    deletion_window_days = 3
    reader_accounts      = ["riders"]
  }

  expect_failures = [var.name, var.rotation_days, var.deletion_window_days, var.reader_accounts]
}

run "values_beyond_the_upper_end_are_refused" {
  command = plan

  variables {
    rotation_days        = 3000
    deletion_window_days = 31
  }

  expect_failures = [var.rotation_days, var.deletion_window_days]
}
