data "aws_iam_policy_document" "bucket" {
  for_each = var.buckets

  statement {
    sid     = "OnlyEncrypted"
    effect  = "Deny"
    actions = ["s3:*"]
    resources = [
      "arn:${local.partition}:s3:::${local.names[each.key]}",
      "arn:${local.partition}:s3:::${local.names[each.key]}/*",
    ]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  dynamic "statement" {
    for_each = length(each.value.readers) == 0 ? [] : [each.value.readers]

    content {
      sid       = "DistributionsRead"
      actions   = ["s3:GetObject"]
      resources = ["arn:${local.partition}:s3:::${local.names[each.key]}/*"]

      principals {
        type        = "Service"
        identifiers = ["cloudfront.amazonaws.com"]
      }

      condition {
        test     = "ArnEquals"
        variable = "aws:SourceArn"
        values   = statement.value
      }
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  for_each = var.buckets

  bucket = aws_s3_bucket.this[each.key].id
  policy = data.aws_iam_policy_document.bucket[each.key].json

  depends_on = [aws_s3_bucket_public_access_block.this]
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
    for_each = length(local.readers) == 0 ? [] : [local.readers]

    content {
      sid       = "DistributionsDecrypt"
      actions   = ["kms:Decrypt"]
      resources = ["*"]

      principals {
        type        = "Service"
        identifiers = ["cloudfront.amazonaws.com"]
      }

      condition {
        test     = "ArnEquals"
        variable = "aws:SourceArn"
        values   = statement.value
      }
    }
  }
}

resource "aws_kms_key" "this" {
  count = local.makes_key ? 1 : 0

  description             = "Buckets of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30

  tags = merge(var.tags, { Name = "${var.name}-buckets" })
}

# Apart from the key: a distribution that reads a bucket is made after the bucket, and the bucket after the key.
resource "aws_kms_key_policy" "this" {
  count = local.makes_key ? 1 : 0

  key_id = aws_kms_key.this[0].key_id
  policy = data.aws_iam_policy_document.key.json
}

resource "aws_kms_alias" "this" {
  count = local.makes_key ? 1 : 0

  name          = "alias/${var.name}-buckets"
  target_key_id = aws_kms_key.this[0].key_id
}
