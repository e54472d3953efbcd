data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

data "aws_region" "this" {}

locals {
  account     = data.aws_caller_identity.this.account_id
  partition   = data.aws_partition.this.partition
  region      = data.aws_region.this.id
  kms_key_arn = var.kms_key == null ? aws_kms_key.this[0].arn : var.kms_key.arn
  log_arn     = "arn:${local.partition}:logs:${local.region}:${local.account}:log-group"
  instances   = concat([var.name], var.replica ? ["${var.name}-replica"] : [])
  log_names = merge([
    for identifier in local.instances : {
      for kind in ["postgresql", "upgrade"] : (identifier == var.name ? kind : "replica-${kind}") => "/aws/rds/instance/${identifier}/${kind}"
    }
  ]...)
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = local.log_names

  name              = each.value
  retention_in_days = var.log_days
  kms_key_id        = local.kms_key_arn

  tags = var.tags
}

data "aws_iam_policy_document" "key" {
  statement {
    sid       = "AccountAdministers"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${local.account}:root"]
    }
  }

  statement {
    sid       = "LogsEncrypt"
    actions   = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.${local.region}.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values = [
        "${local.log_arn}:/aws/rds/instance/${var.name}/*",
        "${local.log_arn}:/aws/rds/instance/${var.name}-replica/*",
        "${local.log_arn}:/ecs/${var.name}-database-roles",
      ]
    }
  }
}

resource "aws_kms_key" "this" {
  count = var.kms_key == null ? 1 : 0

  description             = "Database of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.key.json

  tags = merge(var.tags, { Name = "${var.name}-database" })
}

resource "aws_kms_alias" "this" {
  count = var.kms_key == null ? 1 : 0

  name          = "alias/${var.name}-database"
  target_key_id = aws_kms_key.this[0].key_id
}
