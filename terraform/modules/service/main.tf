data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

data "aws_region" "this" {}

locals {
  account   = data.aws_caller_identity.this.account_id
  partition = data.aws_partition.this.partition
  region    = data.aws_region.this.id
  web       = var.kind == "web"
  colours   = local.web ? toset(["blue", "green"]) : toset([])

  # "/api/*" means /api too: people and clients leave the last slash away.
  paths = var.route == null ? [] : var.route == "/*" ? ["/*"] : endswith(var.route, "/*") ? [trimsuffix(var.route, "/*"), var.route] : [var.route]

  # Answers the health check, should scaling ever start one before the first deployment.
  placeholder = local.web ? join(" && ", [
    "mkdir -p \"/www$(dirname '${var.health.path}x')\"",
    "echo placeholder > '/www${endswith(var.health.path, "/") ? "${var.health.path}index.html" : var.health.path}'",
    "exec httpd -f -p ${var.port} -h /www",
  ]) : "exec sleep 2147483647"
}

# Only its family and its shape last: every deployment registers a revision of its own.
resource "aws_ecs_task_definition" "placeholder" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  # A revision is never deregistered behind the back of a deployment that may need it.
  skip_destroy = true
  tags         = var.tags

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.architecture
  }

  container_definitions = jsonencode([{
    name        = var.container
    image       = var.placeholder_image
    essential   = true
    command     = ["sh", "-c", local.placeholder]
    stopTimeout = var.stop_seconds
    portMappings = local.web ? [{
      containerPort = var.port
      hostPort      = var.port
      protocol      = "tcp"
    }] : []
    environment    = []
    mountPoints    = []
    volumesFrom    = []
    systemControls = []
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = local.region
        awslogs-stream-prefix = "placeholder"
      }
    }
  }])
}

resource "aws_ecs_service" "this" {
  name            = var.name
  cluster         = var.cluster.arn
  task_definition = aws_ecs_task_definition.placeholder.arn
  desired_count   = 0
  launch_type     = var.capacity == "FARGATE" ? "FARGATE" : null

  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  availability_zone_rebalancing      = "ENABLED"
  health_check_grace_period_seconds  = local.web ? var.health.start_seconds : null
  enable_execute_command             = var.exec
  enable_ecs_managed_tags            = true
  propagate_tags                     = "SERVICE"
  tags                               = var.tags

  dynamic "capacity_provider_strategy" {
    for_each = var.capacity == "FARGATE" ? [] : [var.capacity]

    content {
      capacity_provider = capacity_provider_strategy.value
      weight            = 1
    }
  }

  deployment_controller {
    type = "ECS"
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  alarms {
    alarm_names = local.alarm_names
    enable      = true
    rollback    = true
  }

  network_configuration {
    subnets          = var.subnets
    security_groups  = concat([aws_security_group.this.id], values(var.security_groups))
    assign_public_ip = false
  }

  dynamic "load_balancer" {
    for_each = local.web ? ["blue"] : []

    content {
      target_group_arn = aws_lb_target_group.this[load_balancer.value].arn
      container_name   = var.container
      container_port   = var.port
    }
  }

  # What a deployment and the scaling change is theirs.
  lifecycle {
    ignore_changes = [task_definition, desired_count, load_balancer]
  }

  # ECS refuses a target group that no listener leads to.
  depends_on = [aws_lb_listener_rule.production, aws_iam_role_policy.execution]
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/ecs/${var.name}"
  retention_in_days = var.log_days
  kms_key_id        = try(var.kms_key.arn, null)
  tags              = var.tags
}
