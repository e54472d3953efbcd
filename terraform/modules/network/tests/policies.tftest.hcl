# The real provider, offline: it makes policy texts, and asks nobody.
provider "aws" {
  region                      = "eu-north-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = data.aws_availability_zones.this
  values = { names = ["eu-north-1a", "eu-north-1b", "eu-north-1c"] }
}

variables {
  name = "rideshare-staging"
}

run "the_role_is_taken_by_flow_logs_of_this_account_alone" {
  command = plan
  assert {
    condition = jsondecode(data.aws_iam_policy_document.flow_trust.json).Statement == [{
      Action    = "sts:AssumeRole"
      Effect    = "Allow"
      Principal = { Service = "vpc-flow-logs.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = "123456789012" }
        ArnLike      = { "aws:SourceArn" = "arn:aws:ec2:eu-north-1:123456789012:vpc-flow-log/*" }
      }
    }]
    error_message = "Only flow logs of this account take the role."
  }
}

run "the_role_writes_one_log_group" {
  command = plan
  assert {
    condition     = alltrue([for statement in jsondecode(data.aws_iam_policy_document.flow.json).Statement : alltrue([for resource in statement.Resource : startswith(resource, "arn:aws:logs:eu-north-1:123456789012:log-group:/vpc/rideshare-staging/flow")])])
    error_message = "No other log group can be written."
  }
  assert {
    condition     = !strcontains(data.aws_iam_policy_document.flow.json, "CreateLogGroup")
    error_message = "The role can't bring the group back without its encryption."
  }
}

run "logs_use_the_key_for_their_group_alone" {
  command = plan
  assert {
    condition = [for statement in jsondecode(data.aws_iam_policy_document.key.json).Statement : statement.Condition if statement.Sid == "LogsEncrypt"] == [{
      ArnEquals = { "kms:EncryptionContext:aws:logs:arn" = "arn:aws:logs:eu-north-1:123456789012:log-group:/vpc/rideshare-staging/flow" }
    }]
    error_message = "CloudWatch Logs uses the key for the flow logs alone."
  }
}
