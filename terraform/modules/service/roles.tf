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

  execution_statements = concat(
    [
      {
        Sid      = "SignInToEcr"
        Effect   = "Allow"
        Action   = ["ecr:GetAuthorizationToken"]
        Resource = ["*"]
      },
      {
        Sid      = "PullOwnImages"
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = [var.repository_arn]
      },
      {
        Sid      = "WriteOwnLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.this.arn}:*"]
      },
    ],
    var.secrets_prefix == null ? [] : [{
      Sid      = "ReadOwnSecrets"
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = ["arn:${local.partition}:secretsmanager:${local.region}:${local.account}:secret:${var.secrets_prefix}*"]
    }],
  )

  image_statements = [for ecr in [local.placeholder_ecr] : {
    Sid      = "PullPlaceholder"
    Effect   = "Allow"
    Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:BatchImportUpstreamImage", "ecr:GetDownloadUrlForLayer"]
    Resource = ["arn:${local.partition}:ecr:${ecr.region}:${ecr.account}:repository/${ecr.name}"]
  } if ecr != null]

  # Another account's key lets nobody in whose own account does not let him.
  image_key_statements = [for key in [var.image_key] : {
    Sid      = "DecryptImages"
    Effect   = "Allow"
    Action   = ["kms:Decrypt", "kms:DescribeKey"]
    Resource = [key.arn]
    Condition = {
      StringEquals = { "kms:ViaService" = "ecr.${split(":", key.arn)[3]}.amazonaws.com" }
    }
  } if key != null]

  decrypt_statements = length(var.secret_keys) == 0 ? [] : [{
    Sid      = "DecryptOwnSecrets"
    Effect   = "Allow"
    Action   = ["kms:Decrypt"]
    Resource = values(var.secret_keys)
    Condition = {
      StringEquals = { "kms:ViaService" = "secretsmanager.${local.region}.amazonaws.com" }
    }
  }]

  exec_statements = concat(
    [{
      Sid    = "ExecSessions"
      Effect = "Allow"
      Action = [
        "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
      ]
      Resource = "*"
    }],
    # In one list, the next would otherwise have to be of the same shape.
    [for key in [var.exec_key] : {
      Sid      = "DecryptExecSessions"
      Effect   = "Allow"
      Action   = ["kms:Decrypt"]
      Resource = key.arn
    } if key != null],
  )
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
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(local.execution_statements, local.image_statements, local.image_key_statements, local.decrypt_statements) })
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
  policy = jsonencode({ Version = "2012-10-17", Statement = local.exec_statements })
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

  name = "shift-traffic"
  role = aws_iam_role.deployment[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "Look"
        Effect = "Allow"
        Action = [
          "elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeRules",
          "elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth",
        ]
        Resource = "*"
      },
      {
        Sid      = "MoveOwnTargets"
        Effect   = "Allow"
        Action   = ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"]
        Resource = [for group in aws_lb_target_group.this : group.arn]
      },
      {
        Sid      = "ShiftOwnWeights"
        Effect   = "Allow"
        Action   = ["elasticloadbalancing:ModifyRule"]
        Resource = [aws_lb_listener_rule.production[0].arn, aws_lb_listener_rule.test[0].arn]
      },
      {
        Sid      = "ListenersOfTheseRules"
        Effect   = "Allow"
        Action   = ["elasticloadbalancing:ModifyListener"]
        Resource = [var.load_balancer.listener, var.load_balancer.test_listener]
      },
    ]
  })
}
