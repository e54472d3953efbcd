locals {
  # Put together, so that the policies which name it are known, and shown, in the first plan.
  boundary     = "${var.app}-boundary"
  boundary_arn = "arn:${local.partition}:iam::${local.account}:policy${local.path}${local.boundary}"
}

# A cap on the roles of bootstrap, and on every role that is made with it: whatever their own policies say, they can't reach beyond this.
data "aws_iam_policy_document" "boundary" {
  statement {
    sid       = "UpToHere"
    actions   = ["*"]
    resources = ["*"]
  }

  statement {
    sid    = "NoNewIdentities"
    effect = "Deny"
    actions = [
      "account:*",
      "iam:*AccessKey*",
      "iam:*AccountAlias",
      "iam:*Group*",
      "iam:*LoginProfile*",
      "iam:*MFADevice*",
      "iam:*OpenIDConnectProvider*",
      "iam:*SAMLProvider*",
      "iam:*User*",
      "organizations:*",
    ]
    resources = ["*"]
  }

  statement {
    sid       = "TheBoundaryStays"
    effect    = "Deny"
    actions   = ["iam:DeleteRolePermissionsBoundary"]
    resources = ["*"]
  }

  statement {
    sid    = "WhatBootstrapMadeStays"
    effect = "Deny"
    actions = [
      "iam:Attach*", "iam:Create*", "iam:Delete*", "iam:Detach*", "iam:PassRole", "iam:Put*", "iam:Set*", "iam:Tag*", "iam:Untag*", "iam:Update*",
    ]
    resources = [
      "arn:${local.partition}:iam::${local.account}:policy${local.path}*",
      "arn:${local.partition}:iam::${local.account}:role${local.path}*",
    ]
  }

  statement {
    sid    = "BucketsStay"
    effect = "Deny"
    actions = [
      "s3:BypassGovernanceRetention", "s3:DeleteBucket*", "s3:PutBucket*", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration",
    ]
    resources = values(local.bucket_arns)
  }

  statement {
    sid       = "LogIsNeverDeleted"
    effect    = "Deny"
    actions   = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
    resources = ["${local.bucket_arns.store}/*/log/*", "${local.bucket_arns.store}/*/releases/*"]
  }

  dynamic "statement" {
    for_each = local.kms_key_arn == null ? [] : [1]

    content {
      sid       = "TheKeyStays"
      effect    = "Deny"
      actions   = ["kms:CreateGrant", "kms:Disable*", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"]
      resources = [local.kms_key_arn]
    }
  }
}

resource "aws_iam_policy" "boundary" {
  name        = local.boundary
  path        = local.path
  description = "Cap on every role of ${var.app}"
  policy      = data.aws_iam_policy_document.boundary.minified_json

  tags = var.tags
}
