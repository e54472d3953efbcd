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

# Two zones and one NAT gateway: what an environment needs that may be down for as long as a zone is.
module "network" {
  source = "../.."

  name = "rideshare-staging"
}

output "private_subnet_ids" {
  value = module.network.private_subnet_ids
}
