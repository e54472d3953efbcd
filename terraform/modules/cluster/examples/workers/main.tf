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

# An environment of workers: a cluster and nothing in front of it.
module "cluster" {
  source = "../.."

  name = "rideshare-staging"
}
