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

  default_tags {
    tags = {
      Project     = "rideshare"
      Environment = "shared"
      ManagedBy   = "terraform"
    }
  }
}

# What an account needs before its first environment: run by an administrator, once.
module "bootstrap" {
  source = "../.."

  app        = "rideshare"
  services   = ["api"]
  repository = "octo/rideshare"

  environments = {
    staging    = {}
    production = { infra_from = ["production-infra"] }
  }
}

output "state_bucket" {
  value = module.bootstrap.state_bucket
}

output "deploy_roles" {
  value = module.bootstrap.deploy_roles
}

output "permissions_boundary_arn" {
  value = module.bootstrap.permissions_boundary_arn
}
