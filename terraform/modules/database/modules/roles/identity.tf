locals {
  # Only an image in ECR needs permissions; the public registry needs none.
  ecr   = try(regex("^(?P<account>\\d{12})\\.dkr\\.ecr\\.(?P<region>[a-z0-9-]+)\\.amazonaws\\.com/(?P<name>[^:@]+)", var.image), null)
  trust = "ecs-tasks.amazonaws.com"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = [local.trust]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

data "aws_iam_policy_document" "execution" {
  statement {
    sid     = "ReadLogins"
    actions = ["secretsmanager:GetSecretValue"]
    # Six question marks stand for what Secrets Manager adds to a name; so the policy is known, and shown, before the secrets are made.
    resources = [
      var.master_secret_arn,
      "arn:${local.partition}:secretsmanager:${local.region}:${local.account}:secret:${var.secrets_prefix}database-app-login-??????",
      "arn:${local.partition}:secretsmanager:${local.region}:${local.account}:secret:${var.secrets_prefix}database-migrate-login-??????",
    ]
  }

  statement {
    sid       = "WriteItsLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${local.log_group}:*"]
  }

  dynamic "statement" {
    for_each = var.kms_key == null && var.master_kms_key == null ? [] : [1]

    content {
      sid       = "DecryptLogins"
      actions   = ["kms:Decrypt"]
      resources = concat(var.kms_key == null ? [] : [var.kms_key.arn], var.master_kms_key == null ? [] : [var.master_kms_key.arn])

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["secretsmanager.${local.region}.amazonaws.com"]
      }
    }
  }

  dynamic "statement" {
    for_each = local.ecr == null ? [] : [1]

    content {
      sid       = "LogInToTheRegistry"
      actions   = ["ecr:GetAuthorizationToken"]
      resources = ["*"]
    }
  }

  dynamic "statement" {
    for_each = local.ecr == null ? [] : [local.ecr]

    content {
      sid       = "PullItsImage"
      actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:BatchImportUpstreamImage", "ecr:GetDownloadUrlForLayer"]
      resources = ["arn:${local.partition}:ecr:${statement.value.region}:${statement.value.account}:repository/${statement.value.name}"]
    }
  }
}

resource "aws_iam_role" "execution" {
  name                 = "${local.family}-execution"
  description          = "Starts the task that makes the database's roles"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = var.permissions_boundary

  tags = var.tags
}

resource "aws_iam_role_policy" "execution" {
  name   = "start"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.execution.json
}

# Without any permission: what runs in the task calls nothing of AWS.
resource "aws_iam_role" "task" {
  name                 = "${local.family}-task"
  description          = "The task that makes the database's roles; may do nothing"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = var.permissions_boundary

  tags = var.tags
}
