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

module "access_logs" {
  source = "../.."

  name     = "rideshare-staging"
  log_days = 90
}

# Each request to the bucket of uploads is written down in the other.
module "storage" {
  source = "../../../storage"

  name        = "rideshare-staging"
  buckets     = { uploads = {} }
  access_logs = { bucket = module.access_logs.bucket }
}

output "bucket" {
  value = module.access_logs.bucket
}
