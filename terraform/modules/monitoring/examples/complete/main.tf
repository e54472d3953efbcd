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
  source = "../../../security"

  name = "rideshare-staging"
}

module "monitoring" {
  source = "../.."

  name    = "rideshare-staging"
  kms_key = { arn = module.security.key_arn }
  emails  = ["anna@example.com"]

  service_alarms = { api = ["rideshare-staging-api-cpu"] }
  services       = { api = { cluster = "rideshare-staging", name = "rideshare-staging-api" } }
}
