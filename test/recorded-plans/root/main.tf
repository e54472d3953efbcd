# What the recorded plans are made from: one of each kind of resource that holds data or carries traffic.
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
  region                      = "eu-north-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  s3_use_path_style           = true
  max_retries                 = 3
  default_tags {
    tags = { Project = var.name, ManagedBy = "terraform" }
  }
}

variable "name" {
  type    = string
  default = "rideshare"
}

variable "instance" {
  type    = string
  default = "db.t4g.micro"
}

variable "memory" {
  type    = number
  default = 512
}

variable "password" {
  type      = string
  sensitive = true
  default   = "correct-horse-battery"
}

module "network" {
  source = "./network"
  name   = var.name
}

module "database" {
  source   = "./database"
  name     = var.name
  instance = var.instance
  password = var.password
  subnets  = module.network.subnets
}

resource "aws_s3_bucket" "uploads" {
  bucket = "${var.name}-uploads"
}

resource "aws_kms_key" "this" {
  description = var.name
}

resource "aws_ecr_repository" "api" {
  name                 = "${var.name}/api"
  image_tag_mutability = "IMMUTABLE"
}

resource "aws_route53_zone" "this" {
  name = "${var.name}.example"
}

resource "aws_cloudwatch_log_group" "api" {
  name              = "/${var.name}/api"
  retention_in_days = 30
}

resource "aws_ecs_cluster" "this" {
  name = var.name
}

resource "aws_ecs_task_definition" "api" {
  family                   = "${var.name}-api"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = var.memory
  container_definitions    = jsonencode([{ name = "api", image = "public.ecr.aws/docker/library/busybox:1", essential = true }])
}

resource "aws_ecs_service" "api" {
  name            = "${var.name}-api"
  cluster         = aws_ecs_cluster.this.id
  task_definition = aws_ecs_task_definition.api.arn
  desired_count   = 0
  launch_type     = "FARGATE"
  network_configuration {
    subnets         = module.network.subnets
    security_groups = [module.network.security_group]
  }
  lifecycle {
    ignore_changes = [availability_zone_rebalancing]
  }
}
