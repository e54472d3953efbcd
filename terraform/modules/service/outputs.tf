output "name" {
  description = "Name of the ECS service."
  value       = aws_ecs_service.this.name
}

output "family" {
  description = "Family of its task definitions."
  value       = aws_ecs_task_definition.placeholder.family
}

output "container" {
  description = "Name of the container that gets the traffic."
  value       = var.container
}

output "kind" {
  description = "\"web\" or \"worker\"."
  value       = var.kind
}

output "port" {
  description = "Port that the container listens on; null for a worker."
  value       = local.web ? var.port : null
}

output "execution_role_arn" {
  description = "Role that ECS starts tasks with."
  value       = aws_iam_role.execution.arn
}

output "task_role_arn" {
  description = "Role of the app."
  value       = aws_iam_role.task.arn
}

output "task_role_name" {
  description = "Name of the role of the app, to attach more to."
  value       = aws_iam_role.task.name
}

output "deployment_role_arn" {
  description = "Role that ECS shifts traffic with; null for a worker."
  value       = one(aws_iam_role.deployment[*].arn)
}

output "log_group" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "target_groups" {
  description = "ARNs of the target groups blue and green; null for a worker."
  value       = local.web ? { for colour, group in aws_lb_target_group.this : colour => group.arn } : null
}

output "production_rule" {
  description = "ARN of the listener rule that people come through; null for a worker."
  value       = one(aws_lb_listener_rule.production[*].arn)
}

output "test_rule" {
  description = "ARN of the test listener's rule; null for a worker."
  value       = one(aws_lb_listener_rule.test[*].arn)
}

output "security_group_id" {
  description = "Security group of the tasks."
  value       = aws_security_group.this.id
}

output "alarms" {
  description = "Names of the alarms that a deployment watches."
  value       = local.alarm_names
}
