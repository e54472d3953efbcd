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
      Environment = "staging"
      ManagedBy   = "terraform"
    }
  }
}

module "network" {
  source = "../../../network"

  name = "rideshare-staging"
}

resource "aws_security_group" "services" {
  name        = "rideshare-staging-services"
  description = "Services"
  vpc_id      = module.network.vpc_id
}

# A primary and a copy in another zone that takes over.
module "cache" {
  source = "../.."

  name                    = "rideshare-staging"
  vpc_id                  = module.network.vpc_id
  subnet_ids              = module.network.data_subnet_ids
  allowed_security_groups = { services = aws_security_group.services.id }
  secrets_prefix          = "rideshare/staging/"
  replicas                = 1
  parameters              = { maxmemory-policy = "allkeys-lru" }
}

output "secret_arn" {
  value = module.cache.secret_arn
}
