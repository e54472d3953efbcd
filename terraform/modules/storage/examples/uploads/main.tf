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

# One bucket that browsers upload to with signed URLs, one whose objects live for a month.
module "storage" {
  source = "../.."

  name = "rideshare-staging"
  buckets = {
    uploads = {
      cors = { origins = ["https://staging.rideshare.example"] }
    }
    exports = {
      expire_days = 30
    }
  }
}

output "buckets" {
  value = module.storage.buckets
}
