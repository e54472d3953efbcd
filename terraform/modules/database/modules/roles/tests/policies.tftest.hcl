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
  name                       = "rideshare-staging"
  database                   = "rideshare"
  host                       = "db.example"
  master_secret_arn          = "arn:aws:secretsmanager:eu-north-1:123456789012:secret:rds!db-made"
  secrets_prefix             = "rideshare/staging/"
  vpc_id                     = "vpc-1"
  database_security_group_id = { id = "sg-database" }
}

run "only_tasks_of_this_account_take_the_roles" {
  command = plan
  assert {
    condition     = jsondecode(data.aws_iam_policy_document.trust.json).Statement[0].Principal.Service == "ecs-tasks.amazonaws.com" && jsondecode(data.aws_iam_policy_document.trust.json).Statement[0].Condition == { StringEquals = { "aws:SourceAccount" = "123456789012" } }
    error_message = "ECS tasks of this account."
  }
  assert {
    condition     = [for it in jsondecode(data.aws_iam_policy_document.execution.json).Statement : it.Sid] == ["ReadLogins", "WriteItsLog"]
    error_message = "A public image needs no permission, and neither do keys of AWS."
  }
  assert {
    condition     = toset(jsondecode(data.aws_iam_policy_document.execution.json).Statement[0].Resource) == toset(["arn:aws:secretsmanager:eu-north-1:123456789012:secret:rds!db-made", "arn:aws:secretsmanager:eu-north-1:123456789012:secret:rideshare/staging/database-app-login-??????", "arn:aws:secretsmanager:eu-north-1:123456789012:secret:rideshare/staging/database-migrate-login-??????"]) && jsondecode(data.aws_iam_policy_document.execution.json).Statement[0].Action == "secretsmanager:GetSecretValue"
    error_message = "Three logins can be read and nothing else."
  }
  assert {
    condition     = jsondecode(data.aws_iam_policy_document.execution.json).Statement[1].Resource == "arn:aws:logs:eu-north-1:123456789012:log-group:/ecs/rideshare-staging-database-roles:*"
    error_message = "One log is written."
  }
}

run "a_mirrored_image_is_named_exactly" {
  command = plan
  variables {
    image          = "210987654321.dkr.ecr.eu-north-1.amazonaws.com/mirror/postgres:18"
    master_kms_key = { arn = "arn:aws:kms:eu-north-1:123456789012:key/master" }
  }
  assert {
    condition     = one([for it in jsondecode(data.aws_iam_policy_document.execution.json).Statement : it if it.Sid == "DecryptLogins"]).Resource == "arn:aws:kms:eu-north-1:123456789012:key/master" && one([for it in jsondecode(data.aws_iam_policy_document.execution.json).Statement : it if it.Sid == "DecryptLogins"]).Condition == { StringEquals = { "kms:ViaService" = "secretsmanager.eu-north-1.amazonaws.com" } }
    error_message = "The master secret's key is used through Secrets Manager alone."
  }
  assert {
    condition     = one([for it in jsondecode(data.aws_iam_policy_document.execution.json).Statement : it.Resource if it.Sid == "PullItsImage"]) == "arn:aws:ecr:eu-north-1:210987654321:repository/mirror/postgres"
    error_message = "That image alone is pulled."
  }
  assert {
    condition     = local.ecr == { account = "210987654321", region = "eu-north-1", name = "mirror/postgres" }
    error_message = "Account, region and name come from the image."
  }
}
