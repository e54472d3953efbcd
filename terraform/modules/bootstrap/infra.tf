locals {
  # Services whose resources have ids that AWS chooses, so that no prefix narrows them; ProtectOthers does, by tags.
  infra_services = [
    "acm", "application-autoscaling", "cloudfront", "cloudwatch", "ec2", "ecs", "elasticache", "elasticloadbalancing", "events", "kms", "lambda",
    "logs", "rds", "route53", "sns", "tag", "wafv2", "xray",
  ]
  # Of other apps and environments in the account these must not be taken away, nor be opened.
  others_are_safe_from = [
    "elasticache:DeleteReplicationGroup", "elasticache:ModifyReplicationGroup", "kms:DisableKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion",
    "rds:DeleteDBInstance", "rds:ModifyDBInstance",
  ]
}

data "aws_iam_policy_document" "infra" {
  for_each = var.environments

  statement {
    sid       = "FindTheState"
    actions   = ["s3:GetBucketLocation", "s3:ListBucket"]
    resources = [local.bucket_arns.state]
  }

  # The lock is an object beside the state, which is deleted to unlock.
  statement {
    sid       = "ReadAndWriteTheState"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${local.bucket_arns.state}/${var.app}/${each.key}/*"]
  }

  statement {
    sid       = "Unlock"
    actions   = ["s3:DeleteObject"]
    resources = ["${local.bucket_arns.state}/${var.app}/${each.key}/*.tflock"]
  }

  dynamic "statement" {
    for_each = local.kms_key_arn == null ? [] : [1]

    content {
      sid       = "UseTheStatesKey"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [local.kms_key_arn]
    }
  }

  statement {
    sid       = "BuildTheEnvironment"
    actions   = [for service in local.infra_services : "${service}:*"]
    resources = ["*"]

    # Global services (CloudFront, Route 53) answer in us-east-1.
    condition {
      test     = "StringEquals"
      variable = "aws:RequestedRegion"
      values   = distinct([local.region, "us-east-1"])
    }
  }

  dynamic "statement" {
    for_each = { Project = var.app, Environment = each.key }

    content {
      sid       = "ProtectOthersBy${statement.key}"
      effect    = "Deny"
      actions   = local.others_are_safe_from
      resources = [for it in ["elasticache", "rds", "kms"] : "arn:${local.partition}:${it}:*:${local.account}:${ { elasticache = "replicationgroup:*", rds = "db:*", kms = "key/*" }[it]}"]

      condition {
        test     = "StringNotEquals"
        variable = "aws:ResourceTag/${statement.key}"
        values   = [statement.value]
      }
    }
  }

  statement {
    sid       = "Buckets"
    actions   = ["s3:*"]
    resources = ["arn:${local.partition}:s3:::${var.app}-${each.key}-*", "arn:${local.partition}:s3:::${var.app}-${each.key}-*/*"]
  }

  statement {
    sid     = "NamedByPrefix"
    actions = ["cloudformation:*", "secretsmanager:*", "ssm:*"]
    resources = [
      "arn:${local.partition}:cloudformation:${local.region}:${local.account}:stack/${var.app}-${each.key}-*",
      "arn:${local.partition}:secretsmanager:${local.region}:${local.account}:secret:${var.app}/${each.key}/*",
      "arn:${local.partition}:ssm:${local.region}:${local.account}:parameter/switchback/${var.app}/${each.key}/*",
    ]
  }

  # RDS makes the master user's secret in the caller's name.
  statement {
    sid       = "MasterSecrets"
    actions   = ["secretsmanager:CreateSecret", "secretsmanager:DescribeSecret", "secretsmanager:RotateSecret", "secretsmanager:TagResource"]
    resources = ["arn:${local.partition}:secretsmanager:${local.region}:${local.account}:secret:rds!*"]
  }

  statement {
    sid = "ReadWhatHasNoResource"
    actions = [
      "cloudformation:ValidateTemplate", "ecr:DescribeRepositories", "iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyVersions", "iam:ListRoles",
      "secretsmanager:GetRandomPassword", "ssm:DescribeParameters",
    ]
    resources = ["*"]
  }

  statement {
    sid = "RolesThatGainNothing"
    actions = [
      "iam:DeleteRole", "iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole", "iam:ListRolePolicies",
      "iam:ListRoleTags", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription",
    ]
    resources = ["arn:${local.partition}:iam::${local.account}:role/${var.app}-${each.key}-*"]
  }

  statement {
    sid = "RolesThatGain"
    actions = [
      "iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy",
    ]
    resources = ["arn:${local.partition}:iam::${local.account}:role/${var.app}-${each.key}-*"]

    dynamic "condition" {
      for_each = var.require_boundary ? [1] : []

      content {
        test     = "StringEquals"
        variable = "iam:PermissionsBoundary"
        values   = [local.boundary_arn]
      }
    }
  }

  statement {
    sid       = "PassTheEnvironmentsRoles"
    actions   = ["iam:PassRole"]
    resources = ["arn:${local.partition}:iam::${local.account}:role/${var.app}-${each.key}-*"]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values = [
        "ecs-tasks.amazonaws.com", "ecs.amazonaws.com", "lambda.amazonaws.com", "monitoring.rds.amazonaws.com", "rds.amazonaws.com",
        "vpc-flow-logs.amazonaws.com",
      ]
    }
  }

  statement {
    sid       = "RolesOfServices"
    actions   = ["iam:CreateServiceLinkedRole"]
    resources = ["arn:${local.partition}:iam::${local.account}:role/aws-service-role/*"]

    condition {
      test     = "StringLike"
      variable = "iam:AWSServiceName"
      values = [
        "ecs.amazonaws.com", "ecs.application-autoscaling.amazonaws.com", "elasticache.amazonaws.com", "elasticloadbalancing.amazonaws.com",
        "rds.amazonaws.com", "wafv2.amazonaws.com", "xray.amazonaws.com",
      ]
    }
  }
}
