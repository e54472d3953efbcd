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

variable "certificate_arn" {
  description = "Certificate of this region, for origin.staging.rideshare.example."
  type        = string
}

module "cluster" {
  source = "../../../cluster"

  name = "rideshare-staging"

  load_balancer = {
    vpc_id          = module.network.vpc_id
    subnets         = module.network.public_subnet_ids
    certificate_arn = var.certificate_arn
  }
}

resource "aws_ecr_repository" "this" {
  name                 = "rideshare/api"
  image_tag_mutability = "IMMUTABLE"
}

module "service" {
  source = "../.."

  name           = "rideshare-staging-api"
  cluster        = { name = module.cluster.name, arn = module.cluster.arn }
  vpc_id         = module.network.vpc_id
  subnets        = module.network.private_subnet_ids
  load_balancer  = module.cluster.load_balancer
  route          = "/api/*"
  priority       = 100
  health         = { path = "/api/health" }
  scaling        = { max = 4 }
  repository_arn = aws_ecr_repository.this.arn
  secrets_prefix = "rideshare/staging/"
}
