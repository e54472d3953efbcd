output "topic_arn" {
  description = "ARN of the topic that alarms publish to."
  value       = aws_sns_topic.alarms.arn
}

output "services_alarm" {
  description = "Name of the alarm that joins those of all services; null without services."
  value       = one(aws_cloudwatch_composite_alarm.services[*].alarm_name)
}

output "dashboard" {
  description = "Name of the dashboard."
  value       = aws_cloudwatch_dashboard.this.dashboard_name
}
