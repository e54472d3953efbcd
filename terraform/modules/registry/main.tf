data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

data "aws_region" "this" {}

locals {
  account     = data.aws_caller_identity.this.account_id
  partition   = data.aws_partition.this.partition
  region      = data.aws_region.this.id
  makes_key   = var.encryption == "KMS" && var.kms_key == null
  kms_key_arn = var.encryption != "KMS" ? null : local.makes_key ? aws_kms_key.this[0].arn : var.kms_key.arn
  foreign     = [for account in sort(var.pull_accounts) : "arn:${local.partition}:iam::${account}:root"]
}

resource "aws_ecr_repository" "this" {
  for_each = var.services

  name                 = "${var.app}/${each.key}"
  image_tag_mutability = "IMMUTABLE"
  force_delete         = !var.protect

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = var.encryption
    kms_key         = local.kms_key_arn
  }

  tags = var.tags
}

# The only rule there is: an image with a tag is what a release, and so a way back, stands on. ECR itself spares untagged parts of a
# tagged index (https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html).
resource "aws_ecr_lifecycle_policy" "this" {
  for_each = var.services

  repository = aws_ecr_repository.this[each.key].name
  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "Images without a tag expire after ${var.untagged_days} days; images with a tag never do"
      selection = {
        tagStatus   = "untagged"
        countType   = "sinceImagePushed"
        countUnit   = "days"
        countNumber = var.untagged_days
      }
      action = { type = "expire" }
    }]
  })
}

data "aws_iam_policy_document" "pull" {
  statement {
    sid = "OtherAccountsPull"
    actions = [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:DescribeImages",
      "ecr:GetDownloadUrlForLayer",
    ]

    principals {
      type        = "AWS"
      identifiers = local.foreign
    }
  }
}

resource "aws_ecr_repository_policy" "this" {
  for_each = length(var.pull_accounts) == 0 ? [] : var.services

  repository = aws_ecr_repository.this[each.key].name
  policy     = data.aws_iam_policy_document.pull.json
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

  dynamic "statement" {
    for_each = length(local.foreign) == 0 ? [] : [local.foreign]

    content {
      sid       = "OtherAccountsDecryptImages"
      actions   = ["kms:Decrypt", "kms:DescribeKey"]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = statement.value
      }

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["ecr.${local.region}.amazonaws.com"]
      }
    }
  }
}

resource "aws_kms_key" "this" {
  count = local.makes_key ? 1 : 0

  description             = "Images of ${var.app}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.key.json

  tags = merge(var.tags, { Name = "${var.app}-images" })
}

resource "aws_kms_alias" "this" {
  count = local.makes_key ? 1 : 0

  name          = "alias/${var.app}-images"
  target_key_id = aws_kms_key.this[0].key_id
}
