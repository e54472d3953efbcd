locals {
  name     = "${var.app.name}-${var.app.environment}"
  boundary = "arn:aws:iam::${var.account}:policy/switchback/shop-boundary"
}

module "network" {
  source   = "./network"
  name     = local.name
  boundary = local.boundary
  key      = aws_kms_key.this.arn
}

resource "aws_kms_key" "this" {
  description             = "Data of ${local.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.key.json
}

data "aws_iam_policy_document" "key" {
  statement {
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${var.account}:root"]
    }
  }
}

module "service" {
  source          = "./service"
  for_each        = var.app.services
  name            = "${local.name}-${each.key}"
  boundary        = local.boundary
  repository      = "${var.app.name}/${each.key}"
  port            = each.value.port
  min             = each.value.instances
  cluster         = aws_ecs_cluster.this.name
  vpc             = module.network.vpc
  subnets         = module.network.private_subnets
  security_groups = [module.network.services_security_group]
  key             = aws_kms_key.this.arn
  secrets         = "arn:aws:secretsmanager:eu-north-1:${var.account}:secret:shop/production/"
}

resource "aws_ecs_cluster" "this" {
  name = local.name
  setting {
    name  = "containerInsights"
    value = "enhanced"
  }
  configuration {
    execute_command_configuration {
      kms_key_id = aws_kms_key.this.arn
      logging    = "OVERRIDE"
      log_configuration {
        cloud_watch_log_group_name = aws_cloudwatch_log_group.exec.name
      }
    }
  }
}

resource "aws_cloudwatch_log_group" "exec" {
  name              = "/switchback/${local.name}/exec"
  retention_in_days = 30
  kms_key_id        = aws_kms_key.this.arn
}

resource "aws_sns_topic" "alarms" {
  name              = "${local.name}-alarms"
  kms_master_key_id = aws_kms_key.this.id
}

resource "aws_sns_topic_policy" "alarms" {
  arn    = aws_sns_topic.alarms.arn
  policy = data.aws_iam_policy_document.alarms.json
}

data "aws_iam_policy_document" "alarms" {
  statement {
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alarms.arn]
    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }
  }
}

resource "aws_sqs_queue" "jobs" {
  name                    = "${local.name}-jobs"
  sqs_managed_sse_enabled = true
}

resource "aws_ssm_parameter" "contract" {
  name  = "/switchback/${var.app.name}/${var.app.environment}/contract"
  type  = "String"
  value = jsonencode({ version = 1 })
}

resource "aws_ssm_parameter" "token" {
  name             = "/${var.app.name}/${var.app.environment}/API_TOKEN"
  type             = "SecureString"
  value_wo         = "set by hand"
  value_wo_version = 1
}

resource "aws_route53_zone" "this" {
  name = var.app.domain
}

resource "aws_acm_certificate" "this" {
  domain_name       = "origin.${var.app.domain}"
  validation_method = "DNS"
  lifecycle {
    create_before_destroy = true
  }
}
