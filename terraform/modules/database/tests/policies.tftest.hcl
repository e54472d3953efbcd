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

variables {
  name                    = "rideshare-staging"
  database                = "rideshare"
  vpc_id                  = "vpc-1"
  subnet_ids              = ["subnet-1", "subnet-2"]
  allowed_security_groups = { services = "sg-services" }
}

run "logs_use_the_key_for_their_groups_alone" {
  command = plan
  assert {
    condition     = toset(one([for it in jsondecode(data.aws_iam_policy_document.key.json).Statement : it.Condition.ArnLike["kms:EncryptionContext:aws:logs:arn"] if it.Sid == "LogsEncrypt"])) == toset(["arn:aws:logs:eu-north-1:123456789012:log-group:/aws/rds/instance/rideshare-staging/*", "arn:aws:logs:eu-north-1:123456789012:log-group:/aws/rds/instance/rideshare-staging-replica/*", "arn:aws:logs:eu-north-1:123456789012:log-group:/ecs/rideshare-staging-database-roles"])
    error_message = "CloudWatch Logs uses the key for the database's logs alone."
  }
  assert {
    condition     = jsondecode(data.aws_iam_policy_document.monitoring_trust.json).Statement[0].Principal.Service == "monitoring.rds.amazonaws.com" && jsondecode(data.aws_iam_policy_document.monitoring_trust.json).Statement[0].Condition == { StringEquals = { "aws:SourceAccount" = "123456789012" } }
    error_message = "RDS monitoring of this account alone takes the role."
  }
  assert {
    condition     = jsondecode(data.aws_iam_policy_document.proxy_trust.json).Statement[0].Principal.Service == "rds.amazonaws.com" && jsondecode(data.aws_iam_policy_document.proxy_trust.json).Statement[0].Condition == { StringEquals = { "aws:SourceAccount" = "123456789012" } }
    error_message = "So does the proxy of this account alone."
  }
}
