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
  app           = "rideshare"
  services      = ["api"]
  pull_accounts = ["210987654321", "345678901234"]
  encryption    = "KMS"
}

run "other_accounts_pull_and_can_not_push" {
  command = plan
  assert {
    condition     = toset(jsondecode(data.aws_iam_policy_document.pull.json).Statement[0].Principal.AWS) == toset(["arn:aws:iam::210987654321:root", "arn:aws:iam::345678901234:root"])
    error_message = "The accounts are named."
  }
  assert {
    condition     = toset(jsondecode(data.aws_iam_policy_document.pull.json).Statement[0].Action) == toset(["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer"])
    error_message = "They may pull and nothing else."
  }
  assert {
    condition     = [for it in jsondecode(data.aws_iam_policy_document.key.json).Statement : it.Condition if it.Sid == "OtherAccountsDecryptImages"] == [{ StringEquals = { "kms:ViaService" = "ecr.eu-north-1.amazonaws.com" } }]
    error_message = "They use the key through ECR alone."
  }
}

run "without_other_accounts_the_key_is_the_accounts_own" {
  command = plan
  variables {
    pull_accounts = []
  }
  assert {
    condition     = jsondecode(data.aws_iam_policy_document.key.json).Statement[*].Sid == ["AccountAdministers"]
    error_message = "Nobody else is in the key's policy."
  }
}
