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

provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"
}

module "dns" {
  source = "../../../dns"

  domain = "staging.rideshare.example"

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }
}

module "site" {
  source = "../.."

  name            = "rideshare-staging"
  domains         = ["staging.rideshare.example"]
  certificate_arn = module.dns.certificate_arn
  zone            = { id = module.dns.zone_id }
  sites           = { frontend = {} }

  # A service behind the same name; leave both away for a site alone.
  services = { api = { route = "/api/*" } }
  origin   = { domain = module.dns.origin_domain }

  headers = { content_security_policy = "default-src 'self'" }

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }
}
