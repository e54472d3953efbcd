data "aws_caller_identity" "this" {}
data "aws_partition" "this" {}
data "aws_region" "this" {}

locals {
  alarm_names = distinct(flatten(values(var.service_alarms)))
  account     = data.aws_caller_identity.this.account_id
  topic       = "${var.name}-alarms"
  # Put together, so that the topic's policy is known, and judged, in the first plan.
  topic_arn = "arn:${data.aws_partition.this.partition}:sns:${data.aws_region.this.id}:${local.account}:${local.topic}"
}

resource "aws_sns_topic" "alarms" {
  name              = local.topic
  kms_master_key_id = var.kms_key.arn
  tags              = var.tags
}

resource "aws_sns_topic_policy" "alarms" {
  arn = aws_sns_topic.alarms.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AlarmsOfThisAccount"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = local.topic_arn
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      },
      {
        Sid       = "OnlyOverTls"
        Effect    = "Deny"
        Principal = { AWS = "*" }
        Action    = "sns:Publish"
        Resource  = local.topic_arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_sns_topic_subscription" "email" {
  for_each = toset(var.emails)

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = each.value
}

# One message for one trouble: people hear of this alarm, deployments look at the ones below it.
resource "aws_cloudwatch_composite_alarm" "services" {
  count = length(var.service_alarms) == 0 ? 0 : 1

  alarm_name        = "${var.name}-services"
  alarm_description = "A service of ${var.name} is not well: ${join(", ", sort(keys(var.service_alarms)))}"
  alarm_rule        = join(" OR ", [for name in local.alarm_names : "ALARM(\"${name}\")"])
  alarm_actions     = [aws_sns_topic.alarms.arn]
  ok_actions        = [aws_sns_topic.alarms.arn]
  tags              = var.tags
}
