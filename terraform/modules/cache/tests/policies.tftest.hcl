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
  name           = "rideshare-staging"
  vpc_id         = "vpc-1"
  subnet_ids     = ["subnet-1"]
  secrets_prefix = "rideshare/staging/"
}

run "logs_use_the_key_for_their_groups_alone" {
  command = plan
  assert {
    condition     = [for it in jsondecode(data.aws_iam_policy_document.key.json).Statement : it.Condition if it.Sid == "LogsEncrypt"] == [{ ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:aws:logs:eu-north-1:123456789012:log-group:/elasticache/rideshare-staging/*" } }]
    error_message = "CloudWatch Logs uses the key for the cache's logs alone."
  }
}
