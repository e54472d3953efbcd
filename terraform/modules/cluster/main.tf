data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

data "aws_region" "this" {}

data "aws_ecs_cluster" "existing" {
  count = var.existing_cluster == null ? 0 : 1

  cluster_name = var.existing_cluster
}

locals {
  account   = data.aws_caller_identity.this.account_id
  partition = data.aws_partition.this.partition
  region    = data.aws_region.this.id
  makes     = var.existing_cluster == null
}

resource "aws_ecs_cluster" "this" {
  count = local.makes ? 1 : 0

  name = var.name
  tags = var.tags

  setting {
    name  = "containerInsights"
    value = var.container_insights
  }

  configuration {
    execute_command_configuration {
      kms_key_id = try(var.kms_key.arn, null)
      logging    = "OVERRIDE"

      log_configuration {
        cloud_watch_log_group_name     = aws_cloudwatch_log_group.exec[0].name
        cloud_watch_encryption_enabled = var.kms_key != null
      }
    }
  }
}

# A service names the provider that it wants; one that names none gets FARGATE.
resource "aws_ecs_cluster_capacity_providers" "this" {
  count = local.makes ? 1 : 0

  cluster_name       = aws_ecs_cluster.this[0].name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]

  default_capacity_provider_strategy {
    capacity_provider = "FARGATE"
    weight            = 1
  }
}

# What people type into `aws ecs execute-command`, and what they see.
resource "aws_cloudwatch_log_group" "exec" {
  count = local.makes ? 1 : 0

  name              = "/ecs/${var.name}/exec"
  retention_in_days = var.log_days
  kms_key_id        = try(var.kms_key.arn, null)
  tags              = var.tags
}
