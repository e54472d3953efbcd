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
      Environment = "production"
      ManagedBy   = "terraform"
    }
  }
}

# Three zones without any way out: services reach AWS through endpoints, and nothing else at all.
module "network" {
  source = "../.."

  name            = "rideshare-production"
  cidr            = "10.1.0.0/16"
  zones           = 3
  egress          = "endpoints"
  extra_endpoints = ["xray"]
  flow_log_days   = 365
}

output "interface_endpoint_ids" {
  value = module.network.interface_endpoint_ids
}
