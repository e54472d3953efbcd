data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

locals {
  account     = data.aws_caller_identity.this.account_id
  partition   = data.aws_partition.this.partition
  names       = { for short, bucket in var.buckets : short => coalesce(bucket.bucket, "${var.name}-${short}-${local.account}") }
  with_cors   = { for short, bucket in var.buckets : short => bucket.cors if bucket.cors != null }
  readers     = distinct(flatten([for bucket in values(var.buckets) : bucket.readers]))
  makes_key   = var.encryption == "KMS" && var.kms_key == null && length(var.buckets) > 0
  kms_key_arn = var.encryption != "KMS" ? null : var.kms_key != null ? var.kms_key.arn : one(aws_kms_key.this[*].arn)
}

resource "aws_s3_bucket" "this" {
  for_each = var.buckets

  bucket        = local.names[each.key]
  force_destroy = !var.protect

  tags = var.tags
}

# No ACLs at all: whoever writes, the bucket's owner owns the object, and policies alone decide.
resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = var.buckets

  bucket = aws_s3_bucket.this[each.key].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each = var.buckets

  bucket                  = aws_s3_bucket.this[each.key].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = var.buckets

  bucket = aws_s3_bucket.this[each.key].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = var.buckets

  bucket = aws_s3_bucket.this[each.key].id

  rule {
    bucket_key_enabled = var.encryption == "KMS"

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.encryption == "KMS" ? "aws:kms" : "AES256"
      kms_master_key_id = local.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = var.buckets

  bucket = aws_s3_bucket.this[each.key].id

  rule {
    id     = "unfinished-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = var.abort_upload_days
    }
  }

  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = each.value.old_version_days
    }
  }

  dynamic "rule" {
    for_each = each.value.expire_days == null ? [] : [each.value.expire_days]

    content {
      id     = "expire"
      status = "Enabled"

      filter {}

      expiration {
        days = rule.value
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_cors_configuration" "this" {
  for_each = local.with_cors

  bucket = aws_s3_bucket.this[each.key].id

  cors_rule {
    allowed_origins = each.value.origins
    allowed_methods = each.value.methods
    allowed_headers = each.value.headers
    expose_headers  = ["ETag"]
    max_age_seconds = 3600
  }
}

resource "aws_s3_bucket_logging" "this" {
  for_each = var.access_logs == null ? {} : var.buckets

  bucket        = aws_s3_bucket.this[each.key].id
  target_bucket = var.access_logs.bucket
  target_prefix = "${local.names[each.key]}/"
}
