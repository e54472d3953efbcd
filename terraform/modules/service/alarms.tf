# A deployment watches these and is taken back when one fires.
locals {
  error_alarms     = { for colour in local.colours : colour => "${var.name}-5xx-${colour}" }
  unhealthy_alarms = { for colour in local.colours : colour => "${var.name}-unhealthy-${colour}" }
  usage_alarms = {
    cpu    = { metric = "CPUUtilization", percent = var.alarms.cpu_percent }
    memory = { metric = "MemoryUtilization", percent = var.alarms.memory_percent }
  }
  alarm_names = concat(
    sort(values(local.error_alarms)),
    sort(values(local.unhealthy_alarms)),
    [for usage in sort(keys(local.usage_alarms)) : "${var.name}-${usage}"],
  )
}

# A share, not a number: one error at night is none, and a thousand of a million are few.
resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each = local.error_alarms

  alarm_name          = each.value
  alarm_description   = "${var.name} (${each.key}) answers more than ${var.alarms.error_percent} % of its requests with 5xx"
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarms.error_percent
  evaluation_periods  = 2
  datapoints_to_alarm = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topics
  ok_actions          = var.alarm_topics
  tags                = var.tags

  metric_query {
    id          = "percent"
    expression  = "IF(requests >= ${var.alarms.min_requests}, 100 * FILL(errors, 0) / requests, 0)"
    label       = "5xx in percent"
    return_data = true
  }

  metric_query {
    id = "errors"

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "HTTPCode_Target_5XX_Count"
      period      = 60
      stat        = "Sum"
      dimensions = {
        LoadBalancer = var.load_balancer.arn_suffix
        TargetGroup  = aws_lb_target_group.this[each.key].arn_suffix
      }
    }
  }

  metric_query {
    id = "requests"

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "RequestCount"
      period      = 60
      stat        = "Sum"
      dimensions = {
        LoadBalancer = var.load_balancer.arn_suffix
        TargetGroup  = aws_lb_target_group.this[each.key].arn_suffix
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "unhealthy" {
  for_each = local.unhealthy_alarms

  alarm_name          = each.value
  alarm_description   = "Instances of ${var.name} (${each.key}) fail their health check"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "UnHealthyHostCount"
  statistic           = "Maximum"
  period              = 60
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topics
  ok_actions          = var.alarm_topics
  tags                = var.tags

  dimensions = {
    LoadBalancer = var.load_balancer.arn_suffix
    TargetGroup  = aws_lb_target_group.this[each.key].arn_suffix
  }
}

resource "aws_cloudwatch_metric_alarm" "usage" {
  for_each = local.usage_alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "${var.name} uses more than ${each.value.percent} % of its ${each.key}"
  namespace           = "AWS/ECS"
  metric_name         = each.value.metric
  statistic           = "Average"
  period              = 60
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.percent
  evaluation_periods  = 5
  datapoints_to_alarm = 5
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topics
  ok_actions          = var.alarm_topics
  tags                = var.tags

  # By name, not through the service: the service itself names its alarms.
  dimensions = {
    ClusterName = var.cluster.name
    ServiceName = var.name
  }
}
