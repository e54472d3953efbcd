locals {
  # A placeholder in ECR has to be allowed, one in a public registry not.
  placeholder_ecr = try(regex("^(?P<account>\\d{12})\\.dkr\\.ecr\\.(?P<region>[a-z0-9-]+)\\.amazonaws\\.com/(?P<name>[^:@]+)", var.placeholder_image), null)

  # Only ECS on behalf of this account and region, never on behalf of somebody else's tasks.
  assumed_by_tasks = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnLike      = { "aws:SourceArn" = "arn:${local.partition}:ecs:${local.region}:${local.account}:*" }
      }
    }]
  })
}

# Documents, not texts: a plan shows what they allow before the ARNs in them are known.
data "aws_iam_policy_document" "execution" {
  statement {
    sid       = "SignInToEcr"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid       = "PullOwnImages"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = [var.repository_arn]
  }

  statement {
    sid       = "WriteOwnLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this.arn}:*"]
  }

  dynamic "statement" {
    for_each = var.secrets_prefix == null ? [] : [var.secrets_prefix]

    content {
      sid       = "ReadOwnSecrets"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = ["arn:${local.partition}:secretsmanager:${local.region}:${local.account}:secret:${statement.value}*"]
    }
  }

  dynamic "statement" {
    for_each = local.placeholder_ecr == null ? [] : [local.placeholder_ecr]

    content {
      sid       = "PullPlaceholder"
      actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:BatchImportUpstreamImage", "ecr:GetDownloadUrlForLayer"]
      resources = ["arn:${local.partition}:ecr:${statement.value.region}:${statement.value.account}:repository/${statement.value.name}"]
    }
  }

  # Another account's key lets nobody in whose own account does not let him.
  dynamic "statement" {
    for_each = var.image_key == null ? [] : [var.image_key]

    content {
      sid       = "DecryptImages"
      actions   = ["kms:Decrypt", "kms:DescribeKey"]
      resources = [statement.value.arn]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["ecr.${split(":", statement.value.arn)[3]}.amazonaws.com"]
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.secret_keys) == 0 ? [] : [var.secret_keys]

    content {
      sid       = "DecryptOwnSecrets"
      actions   = ["kms:Decrypt"]
      resources = values(statement.value)

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["secretsmanager.${local.region}.amazonaws.com"]
      }
    }
  }
}

data "aws_iam_policy_document" "exec" {
  statement {
    sid       = "ExecSessions"
    actions   = ["ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"]
    resources = ["*"]
  }

  dynamic "statement" {
    for_each = var.exec_key == null ? [] : [var.exec_key]

    content {
      sid       = "DecryptExecSessions"
      actions   = ["kms:Decrypt"]
      resources = [statement.value.arn]
    }
  }
}

data "aws_iam_policy_document" "deployment" {
  count = local.web ? 1 : 0

  statement {
    sid = "Look"
    actions = [
      "elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeRules",
      "elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth",
    ]
    resources = ["*"]
  }

  statement {
    sid       = "MoveOwnTargets"
    actions   = ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"]
    resources = [for group in aws_lb_target_group.this : group.arn]
  }

  statement {
    sid       = "ShiftOwnWeights"
    actions   = ["elasticloadbalancing:ModifyRule"]
    resources = [aws_lb_listener_rule.production[0].arn, aws_lb_listener_rule.test[0].arn]
  }

  statement {
    sid       = "ListenersOfTheseRules"
    actions   = ["elasticloadbalancing:ModifyListener"]
    resources = [var.load_balancer.listener, var.load_balancer.test_listener]
  }
}

# What ECS does before the container runs: pull the image, read the secrets, open the log.
resource "aws_iam_role" "execution" {
  name                 = "${var.name}-execution"
  description          = "Starts the tasks of ${var.name}"
  assume_role_policy   = local.assumed_by_tasks
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy" "execution" {
  name   = "start"
  role   = aws_iam_role.execution.name
  policy = data.aws_iam_policy_document.execution.json
}

# What the app itself may do.
resource "aws_iam_role" "task" {
  name                 = "${var.name}-task"
  description          = "What ${var.name} may do while it runs"
  assume_role_policy   = local.assumed_by_tasks
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy" "task" {
  for_each = var.task_policies

  name   = each.key
  role   = aws_iam_role.task.name
  policy = each.value
}

resource "aws_iam_role_policy" "exec" {
  count = var.exec ? 1 : 0

  name   = "exec"
  role   = aws_iam_role.task.name
  policy = data.aws_iam_policy_document.exec.json
}

# What ECS does during a deployment: move targets and weights of this service, and of no other.
resource "aws_iam_role" "deployment" {
  count = local.web ? 1 : 0

  name                 = "${var.name}-deployment"
  description          = "Lets ECS shift the traffic of ${var.name}"
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs.amazonaws.com" }
      Action    = "sts:AssumeRole"
      # AWS does not say that ECS names the account here, so it is compared only when it does.
      Condition = { StringEqualsIfExists = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_iam_role_policy" "deployment" {
  count = local.web ? 1 : 0

  name   = "shift-traffic"
  role   = aws_iam_role.deployment[0].name
  policy = data.aws_iam_policy_document.deployment[0].json
}
