locals {
  # A name of a target group has 32 characters at most; what is cut off comes back as a digest.
  target_group_name = length(var.name) <= 26 ? var.name : "${trimsuffix(substr(var.name, 0, 20), "-")}-${substr(md5(var.name), 0, 5)}"
  default_targets   = [{ colour = "blue", weight = 100 }, { colour = "green", weight = 0 }]
}

resource "aws_lb_target_group" "this" {
  for_each = local.colours

  name        = "${local.target_group_name}-${each.key}"
  vpc_id      = var.vpc_id
  target_type = "ip"
  protocol    = "HTTP"
  # ECS registers each task with its own port: this one is never used, and a group can't change it without being replaced.
  port = 80
  # A task is stopped once its connections are drained, so it never waits longer than it may take to stop.
  deregistration_delay          = var.stop_seconds
  load_balancing_algorithm_type = "least_outstanding_requests"
  tags                          = var.tags

  health_check {
    protocol            = "HTTP"
    port                = "traffic-port"
    path                = var.health.path
    matcher             = "200-299"
    interval            = var.health.interval_seconds
    timeout             = var.health.timeout_seconds
    healthy_threshold   = var.health.healthy_after
    unhealthy_threshold = var.health.unhealthy_after
  }
}

# Deployments shift the weights; ECS expects to find all of the traffic on the group that serves.
resource "aws_lb_listener_rule" "production" {
  count = local.web ? 1 : 0

  listener_arn = var.load_balancer.listener
  priority     = var.priority
  tags         = var.tags

  action {
    type = "forward"

    forward {
      dynamic "target_group" {
        for_each = local.default_targets

        content {
          arn    = aws_lb_target_group.this[target_group.value.colour].arn
          weight = target_group.value.weight
        }
      }
    }
  }

  condition {
    path_pattern {
      values = local.paths
    }
  }

  dynamic "condition" {
    for_each = var.required_header == null ? [] : [var.required_header]

    content {
      http_header {
        http_header_name = condition.value.name
        values           = [condition.value.value]
      }
    }
  }

  lifecycle {
    ignore_changes = [action]
  }
}

resource "aws_lb_listener_rule" "test" {
  count = local.web ? 1 : 0

  listener_arn = var.load_balancer.test_listener
  priority     = var.priority
  tags         = var.tags

  action {
    type = "forward"

    forward {
      dynamic "target_group" {
        for_each = local.default_targets

        content {
          arn    = aws_lb_target_group.this[target_group.value.colour].arn
          weight = target_group.value.weight
        }
      }
    }
  }

  condition {
    path_pattern {
      values = local.paths
    }
  }

  lifecycle {
    ignore_changes = [action]
  }
}

resource "aws_security_group" "this" {
  name_prefix            = "${var.name}-"
  description            = local.web ? "${var.name}: in from the load balancer only" : "${var.name}: nothing comes in"
  vpc_id                 = var.vpc_id
  revoke_rules_on_delete = true
  tags                   = merge(var.tags, { Name = var.name })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer" {
  count = local.web ? 1 : 0

  security_group_id            = aws_security_group.this.id
  description                  = "From the load balancer"
  referenced_security_group_id = var.load_balancer.security_group
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port
  tags                         = var.tags
}

# The load balancer's group lets out only what a service asks for.
resource "aws_vpc_security_group_egress_rule" "load_balancer" {
  count = local.web ? 1 : 0

  security_group_id            = var.load_balancer.security_group
  description                  = "To ${var.name}"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port
  tags                         = var.tags
}

resource "aws_vpc_security_group_egress_rule" "out" {
  for_each = toset(var.egress_ranges)

  security_group_id = aws_security_group.this.id
  description       = "Out to ${each.value}"
  cidr_ipv4         = each.value
  ip_protocol       = "-1"
  tags              = var.tags
}
