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

provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"

  default_tags {
    tags = {
      Project     = "rideshare"
      Environment = "staging"
      ManagedBy   = "terraform"
    }
  }
}

# A zone for the environment's own domain, which the parent zone delegates to.
resource "aws_route53_zone" "parent" {
  name = "rideshare.example"
}

module "dns" {
  source = "../.."

  domain      = "staging.rideshare.example"
  parent_zone = { id = aws_route53_zone.parent.zone_id }
  caa_contact = "mailto:security@rideshare.example"

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }
}

output "certificate_arn" {
  value = module.dns.certificate_arn
}
