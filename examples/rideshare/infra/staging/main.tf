# staging of rideshare.
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

  backend "s3" {
    bucket       = "switchback-state-123456789012-eu-north-1"
    key          = "rideshare/staging/terraform.tfstate"
    region       = "eu-north-1"
    encrypt      = true
    use_lockfile = true
  }
}

locals {
  tags = merge(try(var.app.tags, {}), {
    Project     = var.app.name
    Environment = var.app.environment
    ManagedBy   = "terraform"
  })
}

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account]

  default_tags {
    tags = local.tags
  }
}

# CloudFront looks for its certificate and its firewall there.
provider "aws" {
  alias               = "us_east_1"
  region              = "us-east-1"
  allowed_account_ids = [var.account]

  default_tags {
    tags = local.tags
  }
}

data "aws_partition" "this" {}

module "app" {
  source = "../../../../terraform/modules/app"

  app          = var.app
  alarm_emails = var.app.alarm_emails
  # The cap that bootstrap made: whoever applies can make no role that is stronger than he is.
  permissions_boundary = "arn:${data.aws_partition.this.partition}:iam::${var.account}:policy/switchback/${var.app.name}-boundary"

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }
}

# What `switchback deploy` reads.
output "contract" {
  description = "What the deployer has to know of this environment."
  value       = module.app.contract
}
