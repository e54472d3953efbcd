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

module "network" {
  source = "../../../network"

  name = "rideshare-staging"
}

module "security" {
  source = "../../../security"

  name = "rideshare-staging"
}

variable "certificate_arn" {
  description = "Certificate of this region, for origin.staging.rideshare.example."
  type        = string
}

module "cluster" {
  source = "../.."

  name    = "rideshare-staging"
  kms_key = { arn = module.security.key_arn }

  load_balancer = {
    vpc_id          = module.network.vpc_id
    subnets         = module.network.public_subnet_ids
    certificate_arn = var.certificate_arn
    test_sources    = { office = "203.0.113.7/32" }
  }
}
