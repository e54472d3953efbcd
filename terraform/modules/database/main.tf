locals {
  port              = 5432
  master_secret_arn = aws_db_instance.this.master_user_secret[0].secret_arn
  app_host          = var.proxy ? aws_db_proxy.this[0].endpoint : aws_db_instance.this.address

  # A statement with a password in it is never logged by these: roles.sql hands passwords on outside of statements that are.
  parameters = merge({
    log_connections                     = "1"
    log_disconnections                  = "1"
    log_lock_waits                      = "1"
    log_min_duration_statement          = tostring(var.slow_query_ms)
    log_statement                       = "ddl"
    log_temp_files                      = "10240"
    idle_in_transaction_session_timeout = "300000"
  }, var.parameters, { "rds.force_ssl" = "1" })

  # Read at the start of the server only.
  static_parameters = [
    "huge_pages", "max_connections", "max_locks_per_transaction", "max_prepared_transactions", "max_replication_slots", "max_wal_senders",
    "max_worker_processes", "rds.logical_replication", "shared_buffers", "shared_preload_libraries", "track_activity_query_size",
    "track_commit_timestamp", "wal_buffers",
  ]
}

resource "aws_db_subnet_group" "this" {
  name        = var.name
  description = "Database of ${var.name}"
  subnet_ids  = var.subnet_ids

  tags = var.tags
}

# Named after its family: a new major version needs a new group before the old one can go.
resource "aws_db_parameter_group" "this" {
  name        = "${var.name}-postgres${var.postgres_version}"
  description = "Database of ${var.name}"
  family      = "postgres${var.postgres_version}"

  dynamic "parameter" {
    for_each = local.parameters

    content {
      name         = parameter.key
      value        = parameter.value
      apply_method = contains(local.static_parameters, parameter.key) ? "pending-reboot" : "immediate"
    }
  }

  tags = var.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "this" {
  identifier                  = var.name
  engine                      = "postgres"
  engine_version              = tostring(var.postgres_version)
  auto_minor_version_upgrade  = true
  allow_major_version_upgrade = false
  instance_class              = var.instance
  parameter_group_name        = aws_db_parameter_group.this.name

  db_name                       = var.database
  username                      = "postgres"
  manage_master_user_password   = true
  master_user_secret_kms_key_id = local.kms_key_arn

  storage_type          = "gp3"
  allocated_storage     = var.storage_gb
  max_allocated_storage = var.max_storage_gb > var.storage_gb ? var.max_storage_gb : 0
  storage_encrypted     = true
  kms_key_id            = local.kms_key_arn

  port                   = local.port
  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.this.id]
  publicly_accessible    = false
  multi_az               = var.multi_az

  backup_retention_period   = var.backup_days
  backup_window             = var.backup_window
  copy_tags_to_snapshot     = true
  delete_automated_backups  = !var.protect
  deletion_protection       = var.protect
  skip_final_snapshot       = !var.protect
  final_snapshot_identifier = var.protect ? "${var.name}-final" : null

  maintenance_window = var.maintenance_window
  apply_immediately  = var.apply_immediately

  performance_insights_enabled          = true
  performance_insights_kms_key_id       = local.kms_key_arn
  performance_insights_retention_period = var.insights_days
  monitoring_interval                   = var.monitoring_seconds
  monitoring_role_arn                   = one(aws_iam_role.monitoring[*].arn)
  enabled_cloudwatch_logs_exports       = ["postgresql", "upgrade"]

  tags = var.tags

  # RDS makes missing log groups itself, without encryption and kept for ever.
  depends_on = [aws_cloudwatch_log_group.this]
}

resource "aws_db_instance" "replica" {
  count = var.replica ? 1 : 0

  identifier                 = "${var.name}-replica"
  replicate_source_db        = aws_db_instance.this.identifier
  auto_minor_version_upgrade = true
  instance_class             = var.instance
  parameter_group_name       = aws_db_parameter_group.this.name

  storage_type          = "gp3"
  max_allocated_storage = var.max_storage_gb > var.storage_gb ? var.max_storage_gb : 0
  storage_encrypted     = true

  vpc_security_group_ids = [aws_security_group.this.id]
  publicly_accessible    = false

  # Everything in it is in the primary too.
  backup_retention_period = 0
  copy_tags_to_snapshot   = true
  skip_final_snapshot     = true
  deletion_protection     = var.protect

  maintenance_window = var.maintenance_window
  apply_immediately  = var.apply_immediately

  performance_insights_enabled          = true
  performance_insights_kms_key_id       = local.kms_key_arn
  performance_insights_retention_period = var.insights_days
  monitoring_interval                   = var.monitoring_seconds
  monitoring_role_arn                   = one(aws_iam_role.monitoring[*].arn)
  enabled_cloudwatch_logs_exports       = ["postgresql", "upgrade"]

  tags = var.tags

  depends_on = [aws_cloudwatch_log_group.this]
}
