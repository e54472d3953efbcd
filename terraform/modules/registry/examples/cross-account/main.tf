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

# Images of two services, which production pulls from an account of its own.
module "registry" {
  source = "../.."

  app           = "rideshare"
  services      = ["api", "worker"]
  pull_accounts = ["210987654321"]
  encryption    = "KMS"
}

output "repositories" {
  value = module.registry.repositories
}
