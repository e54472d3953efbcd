output "app_secret_arn" {
  description = "Secret of the app's role: username, password, host, port, dbname, url."
  value       = aws_secretsmanager_secret.this["app"].arn
}

output "migrate_secret_arn" {
  description = "Secret of the migrations' role: username, password, host, port, dbname, url."
  value       = aws_secretsmanager_secret.this["migrate"].arn
}

output "app_login_secret_arn" {
  description = "Secret with the name and password of the app's role alone, for a proxy."
  value       = aws_secretsmanager_secret.login["app"].arn

  # Not before there is something in it.
  depends_on = [aws_secretsmanager_secret_version.login]
}

output "task" {
  description = "What runs the task: aws ecs run-task with this task definition, security group and subnets. Safe to run again."
  value = {
    task_definition = aws_ecs_task_definition.this.arn
    family          = aws_ecs_task_definition.this.family
    security_group  = aws_security_group.task.id
    subnets         = var.private_subnet_ids
    log_group       = aws_cloudwatch_log_group.this.name
    app_role        = local.roles.app
    migrate_role    = local.roles.migrate
    # Changes whenever the task must run again: new passwords, another server, another script.
    fingerprint = local.fingerprint
  }
}
