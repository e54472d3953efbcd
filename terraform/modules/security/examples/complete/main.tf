terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

provider "aws" {
  region = "eu-north-1"
}

module "security" {
  source = "../.."

  name = "rideshare-staging"
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/rideshare/staging"
  retention_in_days = 30
  kms_key_id        = module.security.key_arn
}
