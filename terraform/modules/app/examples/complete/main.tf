# The whole of a staging environment: one service, one site, database, cache and a bucket.
terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

locals {
  tags = {
    Project     = "rideshare"
    Environment = "staging"
    ManagedBy   = "terraform"
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = local.tags
  }
}

provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"

  default_tags {
    tags = local.tags
  }
}

variable "region" {
  description = "Region of everything but the front door."
  type        = string
  default     = "eu-north-1"
}

module "app" {
  source = "../.."

  app = {
    name        = "rideshare"
    environment = "staging"
    domain      = "staging.rideshare.example"
    protect     = false

    services = {
      api = {
        route   = "/api/*"
        health  = { path = "/api/health" }
        scaling = { max = 4 }
        secrets = ["SESSION_SECRET"]
      }
    }

    sites    = { frontend = {} }
    database = {}
    cache    = {}
    buckets  = { uploads = {} }
    waf      = {}
  }

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }
}

output "contract" {
  description = "What the deployer reads."
  value       = module.app.contract
}
