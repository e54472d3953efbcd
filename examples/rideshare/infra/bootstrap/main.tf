# What the AWS account 123456789012 needs before any environment of rideshare: the bucket of Terraform's state,
# repositories for images, and roles for workflows.
# Switchback made this folder once; it is yours, and is not written again, but for app.auto.tfvars.json:
# region, account and app come from switchback.config.ts at each run of `switchback infra`.

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
  region              = var.region
  allowed_account_ids = [var.account]

  default_tags {
    tags = merge(var.app.tags, {
      Project     = var.app.name
      Environment = "bootstrap"
      ManagedBy   = "terraform"
    })
  }
}

module "bootstrap" {
  source = "../../../../terraform/modules/bootstrap"

  app                = var.app.name
  services           = var.app.services
  environments       = var.app.environments
  repository         = var.app.repository
  oidc_provider      = var.app.oidc_provider
  trusted_principals = var.app.trusted_principals
  state_bucket       = var.app.state_bucket
  registry_account   = var.app.registry_account
  pull_accounts      = var.app.pull_accounts
}

output "bootstrap" {
  description = "Buckets, roles and repositories of the account."
  value       = module.bootstrap
}
