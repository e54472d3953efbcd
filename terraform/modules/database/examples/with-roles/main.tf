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

# An instance with a standby, and roles of which the app's can't change the schema.
module "database" {
  source = "../.."

  name                    = "rideshare-staging"
  database                = "rideshare"
  vpc_id                  = module.network.vpc_id
  subnet_ids              = module.network.data_subnet_ids
  allowed_security_groups = { services = aws_security_group.services.id }
  multi_az                = true

  roles = {
    secrets_prefix     = "rideshare/staging/"
    private_subnet_ids = module.network.private_subnet_ids
  }
}

# Run this task after the first apply, and whenever its fingerprint changes.
output "roles_task" {
  value = module.database.roles_task
}
