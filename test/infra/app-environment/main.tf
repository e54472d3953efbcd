# The root of an environment without its backend: planned against an API server, it is recorded for the policies' tests.
terraform {
  required_version = ">= 1.11"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

variable "app" {
  description = "The app, as Switchback writes it."
  type        = any
}

provider "aws" {
  region                      = "eu-north-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  default_tags {
    tags = { Project = var.app.name, Environment = var.app.environment, ManagedBy = "terraform" }
  }
}

provider "aws" {
  alias                       = "us_east_1"
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  default_tags {
    tags = { Project = var.app.name, Environment = var.app.environment, ManagedBy = "terraform" }
  }
}

module "app" {
  source               = "../../../terraform/modules/app"
  app                  = var.app
  permissions_boundary = "arn:aws:iam::123456789012:policy/switchback/${var.app.name}-boundary"
  providers            = { aws = aws, aws.us_east_1 = aws.us_east_1 }
}

output "contract" {
  description = "What the deployer reads."
  value       = module.app.contract
}
