output "identifier" {
  description = "Identifier of the instance."
  value       = aws_db_instance.this.identifier
}

output "arn" {
  description = "ARN of the instance."
  value       = aws_db_instance.this.arn
}

output "host" {
  description = "Host name that the app connects to: the proxy's when there is one."
  value       = local.app_host
}

output "instance_host" {
  description = "Host name of the instance itself; migrations connect to it."
  value       = aws_db_instance.this.address
}

output "replica_host" {
  description = "Host name of the instance for reading; null when there is none."
  value       = one(aws_db_instance.replica[*].address)
}

output "port" {
  description = "Port of the instance and of the proxy."
  value       = local.port
}

output "database" {
  description = "Name of the database."
  value       = var.database
}

output "master_secret_arn" {
  description = "Secret with the master user's name and password; RDS makes and rotates it."
  value       = local.master_secret_arn
}

output "app_secret_arn" {
  description = "Secret of the app's role: username, password, host, port, dbname, url. null without roles."
  value       = one(module.roles[*].app_secret_arn)
}

output "migrate_secret_arn" {
  description = "Secret of the migrations' role: username, password, host, port, dbname, url. null without roles."
  value       = one(module.roles[*].migrate_secret_arn)
}

output "roles_task" {
  description = "The task that makes the roles: task_definition, security_group, subnets, role names. null without roles."
  value       = one(module.roles[*].task)
}

output "security_group_id" {
  description = "Security group of the instance."
  value       = aws_security_group.this.id
}

output "kms_key_arn" {
  description = "KMS key of storage, backups, insights, logs and secrets. Who reads the secrets needs kms:Decrypt on it."
  value       = local.kms_key_arn
}

output "log_groups" {
  description = "Names of the log groups by kind of log."
  value       = { for kind, group in aws_cloudwatch_log_group.this : kind => group.name }
}
