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
  region = "us-east-1"
}

module "edge" {
  source = "../.."

  name       = "rideshare-staging"
  rate_limit = 1000
}

output "web_acl_arn" {
  description = "For the web_acl_id of a distribution."
  value       = module.edge.web_acl_arn
}
