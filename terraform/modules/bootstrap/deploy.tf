# What a deployment does, and nothing beside it. Names of resources begin with <app>-<environment>-; where an action knows no resource,
# AWS takes "*" only (https://docs.aws.amazon.com/service-authorization/latest/reference/).
data "aws_iam_policy_document" "deploy" {
  for_each = var.environments

  statement {
    sid       = "ReadAndWriteTheStore"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = [for key in ["environments/${each.key}/*", "releases/*", "switchback-store.json"] : "${local.bucket_arns.store}/${var.app}/${key}"]
  }

  # Without it S3 answers a read of what is not there with 403 instead of 404.
  statement {
    sid       = "TellAbsentFromForbidden"
    actions   = ["s3:ListBucket"]
    resources = [local.bucket_arns.store]
  }

  statement {
    sid       = "LogIsNeverDeleted"
    effect    = "Deny"
    actions   = ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObjectRetention", "s3:BypassGovernanceRetention"]
    resources = ["${local.bucket_arns.store}/*"]
  }

  dynamic "statement" {
    for_each = local.kms_key_arn == null ? [] : [1]

    content {
      sid       = "UseTheStoresKey"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [local.kms_key_arn]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["s3.${local.region}.amazonaws.com"]
      }
    }
  }

  statement {
    sid       = "ReadTheContract"
    actions   = ["ssm:GetParameter", "ssm:GetParameters"]
    resources = ["arn:${local.partition}:ssm:${local.region}:${local.account}:parameter/switchback/${var.app}/${each.key}/*"]
  }

  # UpdateSecretVersionStage labels the versions that a release stands on, so that Secrets Manager keeps them.
  statement {
    sid = "ReadSecrets"
    actions = [
      "secretsmanager:DescribeSecret",
      "secretsmanager:GetSecretValue",
      "secretsmanager:ListSecretVersionIds",
      "secretsmanager:UpdateSecretVersionStage",
    ]
    resources = ["arn:${local.partition}:secretsmanager:${local.region}:${local.account}:secret:${var.app}/${each.key}/*"]
  }

  # Keys of the environment, by their aliases.
  statement {
    sid       = "UseTheEnvironmentsKeys"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["arn:${local.partition}:kms:${local.region}:${local.account}:key/*"]

    condition {
      test     = "ForAnyValue:StringLike"
      variable = "kms:ResourceAliases"
      values   = ["alias/${var.app}-${each.key}", "alias/${var.app}-${each.key}-*"]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = [for service in ["s3", "secretsmanager", "ssm"] : "${service}.${local.region}.amazonaws.com"]
    }
  }

  statement {
    sid       = "LogInToTheRegistry"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid = "PushImages"
    actions = [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:DescribeImageScanFindings",
      "ecr:DescribeImages",
      "ecr:DescribeRepositories",
      "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ]
    resources = ["arn:${local.partition}:ecr:${local.region}:${local.registry_account}:repository/${var.app}/*"]
  }

  statement {
    sid = "DescribeWhatHasNoResource"
    actions = [
      "application-autoscaling:DescribeScalableTargets",
      "cloudwatch:DescribeAlarms",
      "cloudwatch:GetMetricData",
      "ec2:DescribeNetworkInterfaces",
      "ecs:DeregisterTaskDefinition",
      "ecs:DescribeTaskDefinition",
      "ecs:ListTaskDefinitions",
      "elasticloadbalancing:DescribeListeners",
      "elasticloadbalancing:DescribeRules",
      "elasticloadbalancing:DescribeTargetGroups",
      "elasticloadbalancing:DescribeTargetHealth",
      "rds:DescribeDBInstances",
      "rds:DescribeDBSnapshots",
    ]
    resources = ["*"]
  }

  statement {
    sid     = "RegisterTaskDefinitions"
    actions = ["ecs:RegisterTaskDefinition", "ecs:TagResource"]
    resources = [
      "arn:${local.partition}:ecs:${local.region}:${local.account}:task-definition/${var.app}-${each.key}-*:*",
    ]
  }

  # The cluster may be one that several apps share; services and task definitions carry the environment's prefix.
  statement {
    sid = "RunServicesAndTasks"
    actions = [
      "ecs:ContinueServiceDeployment",
      "ecs:DescribeServiceDeployments",
      "ecs:DescribeServiceRevisions",
      "ecs:DescribeServices",
      "ecs:ListServiceDeployments",
      "ecs:RunTask",
      "ecs:StopServiceDeployment",
      "ecs:UpdateService",
    ]
    resources = [
      for kind in ["service/*/", "service-deployment/*/", "service-revision/*/", "task-definition/"] :
      "arn:${local.partition}:ecs:${local.region}:${local.account}:${kind}${var.app}-${each.key}-*"
    ]
  }

  statement {
    sid       = "WatchAndStopTasks"
    actions   = ["ecs:DescribeTasks", "ecs:ListTasks", "ecs:StopTask", "ecs:TagResource"]
    resources = ["arn:${local.partition}:ecs:${local.region}:${local.account}:task/*", "arn:${local.partition}:ecs:${local.region}:${local.account}:container-instance/*"]

    condition {
      test     = "ArnLike"
      variable = "ecs:cluster"
      values   = ["arn:${local.partition}:ecs:${local.region}:${local.account}:cluster/${var.app}-${each.key}*"]
    }
  }

  statement {
    sid       = "PassTheEnvironmentsRoles"
    actions   = ["iam:PassRole"]
    resources = ["arn:${local.partition}:iam::${local.account}:role/${var.app}-${each.key}-*"]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com", "ecs.amazonaws.com"]
    }
  }

  # Weights where ECS expects them at the start of a rollout.
  statement {
    sid       = "ShiftTraffic"
    actions   = ["elasticloadbalancing:ModifyRule"]
    resources = ["arn:${local.partition}:elasticloadbalancing:${local.region}:${local.account}:listener-rule/app/${var.app}-${each.key}*"]
  }

  statement {
    sid       = "ListSites"
    actions   = ["s3:ListBucket", "s3:ListBucketVersions"]
    resources = ["arn:${local.partition}:s3:::${var.app}-${each.key}-site*"]
  }

  statement {
    sid       = "PublishSites"
    actions   = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:PutObjectTagging"]
    resources = ["arn:${local.partition}:s3:::${var.app}-${each.key}-site*/*"]
  }

  statement {
    sid       = "InvalidateTheEdge"
    actions   = ["cloudfront:CreateInvalidation", "cloudfront:GetDistribution", "cloudfront:GetInvalidation", "cloudfront:ListInvalidations"]
    resources = ["arn:${local.partition}:cloudfront::${local.account}:distribution/*"]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/Project"
      values   = [var.app]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/Environment"
      values   = [each.key]
    }
  }

  statement {
    sid     = "SnapshotTheDatabase"
    actions = ["rds:AddTagsToResource", "rds:CreateDBSnapshot"]
    resources = [
      "arn:${local.partition}:rds:${local.region}:${local.account}:db:${var.app}-${each.key}",
      "arn:${local.partition}:rds:${local.region}:${local.account}:snapshot:${var.app}-${each.key}-*",
    ]
  }

  statement {
    sid     = "ReadLogs"
    actions = ["logs:FilterLogEvents", "logs:GetLogEvents", "logs:DescribeLogStreams"]
    resources = [
      for prefix in ["/ecs/${var.app}-${each.key}-*", "/switchback/${var.app}/${each.key}/*"] :
      "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${prefix}"
    ]
  }
}
