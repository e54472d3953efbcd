output "web_acl_arn" {
  description = "ARN of the web ACL, for a distribution's web_acl_id."
  value       = aws_wafv2_web_acl.this.arn
}

output "log_group" {
  description = "Name of the log group with what the rules blocked or counted."
  value       = aws_cloudwatch_log_group.this.name
}
