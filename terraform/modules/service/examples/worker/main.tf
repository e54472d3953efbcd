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

module "cluster" {
  source = "../../../cluster"

  name = "rideshare-staging"
}

resource "aws_ecr_repository" "this" {
  name                 = "rideshare/mailer"
  image_tag_mutability = "IMMUTABLE"
}

module "service" {
  source = "../.."

  name           = "rideshare-staging-mailer"
  kind           = "worker"
  cluster        = { name = module.cluster.name, arn = module.cluster.arn }
  vpc_id         = module.network.vpc_id
  subnets        = module.network.private_subnet_ids
  capacity       = "FARGATE_SPOT"
  repository_arn = aws_ecr_repository.this.arn
}
