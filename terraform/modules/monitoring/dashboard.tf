locals {
  region = data.aws_region.this.id

  load_balancer_widgets = var.load_balancer == null ? [] : [
    {
      title = "Requests and errors"
      metrics = [
        ["AWS/ApplicationELB", "RequestCount", "LoadBalancer", var.load_balancer, { stat = "Sum" }],
        [".", "HTTPCode_Target_5XX_Count", ".", ".", { stat = "Sum" }],
        [".", "HTTPCode_ELB_5XX_Count", ".", ".", { stat = "Sum" }],
      ]
    },
    {
      title = "Answer time in seconds"
      metrics = [
        for stat in ["p50", "p95", "p99"] :
        ["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", var.load_balancer, { stat = stat, label = stat }]
      ]
    },
  ]

  service_widgets = [
    for name, service in var.services : {
      title = "${name}: CPU and memory in percent"
      metrics = [
        ["AWS/ECS", "CPUUtilization", "ClusterName", service.cluster, "ServiceName", service.name, { stat = "Average" }],
        [".", "MemoryUtilization", ".", ".", ".", ".", { stat = "Average" }],
      ]
    }
  ]

  # Widgets differ in the shape of their metrics: a tuple holds them, a list would not.
  widgets = concat(local.load_balancer_widgets, local.service_widgets)
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = [
      for index, widget in local.widgets : {
        type   = "metric"
        x      = 12 * (index % 2)
        y      = 6 * floor(index / 2)
        width  = 12
        height = 6
        properties = {
          title   = widget.title
          metrics = widget.metrics
          region  = local.region
          view    = "timeSeries"
          period  = 60
        }
      }
    ]
  })
}
