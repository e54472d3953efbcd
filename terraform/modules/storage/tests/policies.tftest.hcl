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
  name = "rideshare-staging"
  buckets = {
    uploads = { readers = ["arn:aws:cloudfront::123456789012:distribution/E1"] }
    exports = {}
  }
}

run "nothing_is_read_or_written_without_tls" {
  command = plan
  assert {
    condition     = alltrue([for policy in data.aws_iam_policy_document.bucket : one([for it in jsondecode(policy.json).Statement : it if it.Sid == "OnlyEncrypted"]).Effect == "Deny" && one([for it in jsondecode(policy.json).Statement : it if it.Sid == "OnlyEncrypted"]).Principal == "*" && one([for it in jsondecode(policy.json).Statement : it if it.Sid == "OnlyEncrypted"]).Condition == { Bool = { "aws:SecureTransport" = "false" } }])
    error_message = "Every bucket refuses plain HTTP."
  }
  assert {
    condition     = toset(one([for it in jsondecode(data.aws_iam_policy_document.bucket["exports"].json).Statement : it.Resource if it.Sid == "OnlyEncrypted"])) == toset(["arn:aws:s3:::rideshare-staging-exports-123456789012", "arn:aws:s3:::rideshare-staging-exports-123456789012/*"])
    error_message = "Bucket and objects."
  }
}

run "only_the_distributions_that_are_named_read" {
  command = plan
  assert {
    condition     = one([for it in jsondecode(data.aws_iam_policy_document.bucket["uploads"].json).Statement : it if it.Sid == "DistributionsRead"]) == { Sid = "DistributionsRead", Effect = "Allow", Action = "s3:GetObject", Principal = { Service = "cloudfront.amazonaws.com" }, Resource = "arn:aws:s3:::rideshare-staging-uploads-123456789012/*", Condition = { ArnEquals = { "aws:SourceArn" = "arn:aws:cloudfront::123456789012:distribution/E1" } } }
    error_message = "The distribution reads objects, and lists nothing."
  }
  assert {
    condition     = length(jsondecode(data.aws_iam_policy_document.bucket["exports"].json).Statement) == 1
    error_message = "A bucket without readers allows nothing to anybody."
  }
  assert {
    condition     = one([for it in jsondecode(data.aws_iam_policy_document.key.json).Statement : it.Condition if it.Sid == "DistributionsDecrypt"]) == { ArnEquals = { "aws:SourceArn" = "arn:aws:cloudfront::123456789012:distribution/E1" } }
    error_message = "The key serves the same distribution."
  }
}
