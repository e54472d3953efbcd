variable "boundary" {
  description = "ARN of the permissions boundary."
  type        = string
}

variable "name" {
  description = "Name of the service."
  type        = string
}

variable "repository" {
  description = "Name of the image repository."
  type        = string
}

variable "port" {
  description = "Port of the container."
  type        = number
}

variable "min" {
  description = "Lower bound of scaling."
  type        = number
}

variable "cluster" {
  description = "Name of the cluster."
  type        = string
}

variable "vpc" {
  description = "Id of the VPC."
  type        = string
}

variable "subnets" {
  description = "Ids of the subnets."
  type        = list(string)
}

variable "security_groups" {
  description = "Ids of the security groups."
  type        = list(string)
}

variable "key" {
  description = "ARN of the KMS key."
  type        = string
}

variable "secrets" {
  description = "Beginning of the ARNs of the secrets that the execution role may read."
  type        = string
}

resource "aws_ecr_repository" "this" {
  name                 = var.repository
  image_tag_mutability = "IMMUTABLE"
  force_delete         = false
  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = var.key
  }
  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ecr_lifecycle_policy" "this" {
  repository = aws_ecr_repository.this.name
  policy = jsonencode({ rules = [{
    rulePriority = 1
    selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 14 }
    action       = { type = "expire" }
  }] })
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/switchback/${var.name}"
  retention_in_days = 30
  kms_key_id        = var.key
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "task" {
  name                 = "${var.name}-task"
  permissions_boundary = var.boundary
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role" "execution" {
  name                 = "${var.name}-execution"
  permissions_boundary = var.boundary
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "execution" {
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.execution.json
}

data "aws_iam_policy_document" "execution" {
  statement {
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }
  statement {
    actions   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = [aws_ecr_repository.this.arn]
  }
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["${var.secrets}*"]
  }
}

resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  task_role_arn            = aws_iam_role.task.arn
  execution_role_arn       = aws_iam_role.execution.arn
  container_definitions = jsonencode([{
    name             = "app"
    image            = "public.ecr.aws/docker/library/busybox:1.37"
    essential        = true
    environment      = [{ name = "PORT", value = tostring(var.port) }]
    logConfiguration = { logDriver = "awslogs", options = { "awslogs-group" = "/switchback/${var.name}", "awslogs-region" = "eu-north-1", "awslogs-stream-prefix" = "app" } }
  }])
}

resource "aws_lb_target_group" "this" {
  name        = var.name
  port        = var.port
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = var.vpc
  health_check {
    path = "/health"
  }
}

resource "aws_ecs_service" "this" {
  name                               = var.name
  cluster                            = var.cluster
  task_definition                    = aws_ecs_task_definition.this.arn
  desired_count                      = 0
  launch_type                        = "FARGATE"
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
  network_configuration {
    subnets          = var.subnets
    security_groups  = var.security_groups
    assign_public_ip = false
  }
}

resource "aws_appautoscaling_target" "this" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${var.cluster}/${aws_ecs_service.this.name}"
  min_capacity       = var.min
  max_capacity       = 6
}
