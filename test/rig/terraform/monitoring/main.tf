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
    tags = { Project = "rig", ManagedBy = "terraform" }
  }
}

resource "aws_sns_topic" "this" {
  name = "rig"
}

resource "aws_sns_topic_policy" "this" {
  arn = aws_sns_topic.this.arn
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "alarms", Effect = "Allow", Action = "sns:Publish", Resource = aws_sns_topic.this.arn, Principal = { Service = "cloudwatch.amazonaws.com" } }]
  })
}

resource "aws_sns_topic_subscription" "this" {
  topic_arn = aws_sns_topic.this.arn
  protocol  = "email"
  endpoint  = "on-call@rig.example"
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/rig/app"
  retention_in_days = 30
}

resource "aws_cloudwatch_log_metric_filter" "this" {
  name           = "rig-errors"
  log_group_name = aws_cloudwatch_log_group.this.name
  pattern        = "{ $.level = \"error\" }"
  metric_transformation {
    name          = "Errors"
    namespace     = "rig"
    value         = "1"
    default_value = "0"
    unit          = "Count"
  }
}

resource "aws_cloudwatch_query_definition" "this" {
  name            = "rig/errors"
  log_group_names = [aws_cloudwatch_log_group.this.name]
  query_string    = "fields @timestamp, @message | filter level = 'error'"
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = "rig"
  dashboard_body = jsonencode({
    widgets = [{ type = "text", x = 0, y = 0, width = 24, height = 2, properties = { markdown = "# rig" } }]
  })
}

resource "aws_xray_group" "this" {
  group_name        = "rig"
  filter_expression = "service(\"rig\") AND responsetime > 1"
  insights_configuration {
    insights_enabled      = true
    notifications_enabled = false
  }
}

resource "aws_xray_sampling_rule" "this" {
  rule_name      = "rig"
  priority       = 1000
  version        = 1
  reservoir_size = 1
  fixed_rate     = 0.05
  host           = "*"
  http_method    = "*"
  url_path       = "/api/*"
  service_name   = "rig"
  service_type   = "*"
  resource_arn   = "*"
  attributes     = { team = "rig" }
}

resource "aws_xray_encryption_config" "this" {
  type   = "KMS"
  key_id = aws_kms_key.this.arn
}

resource "aws_kms_key" "this" {
  description         = "rig"
  enable_key_rotation = true
}
