# The real provider, offline: a plan of something new asks nobody. Mocked providers know no ephemeral resources.
provider "aws" {
  region                      = "eu-north-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = module.roles[0].data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_resource {
  target          = aws_kms_key.this
  override_during = plan
  values          = { arn = "arn:aws:kms:eu-north-1:123456789012:key/made", key_id = "made" }
}

override_resource {
  target          = aws_iam_role.monitoring
  override_during = plan
  values          = { arn = "arn:aws:iam::123456789012:role/rideshare-staging-database-monitoring", name = "rideshare-staging-database-monitoring" }
}

override_resource {
  target          = aws_security_group.this
  override_during = plan
  values          = { id = "sg-database" }
}

override_resource {
  target          = aws_db_instance.this
  override_during = plan
  values          = { address = "db.example", master_user_secret = [{ secret_arn = "arn:aws:secretsmanager:eu-north-1:123456789012:secret:rds!db-made", kms_key_id = "k", secret_status = "active" }] }
}

variables {
  name                    = "rideshare-staging"
  database                = "rideshare"
  vpc_id                  = "vpc-1"
  subnet_ids              = ["subnet-1", "subnet-2"]
  allowed_security_groups = { services = "sg-services" }
}

run "one_protected_encrypted_instance" {
  command = plan
  assert {
    condition     = aws_db_instance.this.identifier == "rideshare-staging" && aws_db_instance.this.engine == "postgres" && aws_db_instance.this.engine_version == "18" && aws_db_instance.this.instance_class == "db.t4g.micro" && aws_db_instance.this.db_name == "rideshare"
    error_message = "A small PostgreSQL 18."
  }
  assert {
    condition     = aws_db_instance.this.manage_master_user_password && aws_db_instance.this.password == null && aws_db_instance.this.master_user_secret_kms_key_id == "arn:aws:kms:eu-north-1:123456789012:key/made" && output.master_secret_arn == "arn:aws:secretsmanager:eu-north-1:123456789012:secret:rds!db-made"
    error_message = "RDS keeps the master password, in a secret that the key encrypts."
  }
  assert {
    condition     = aws_db_instance.this.storage_encrypted && aws_db_instance.this.kms_key_id == "arn:aws:kms:eu-north-1:123456789012:key/made" && aws_db_instance.this.storage_type == "gp3" && aws_db_instance.this.allocated_storage == 20 && aws_db_instance.this.max_allocated_storage == 100
    error_message = "Storage is encrypted and grows up to 100 GiB."
  }
  assert {
    condition     = aws_db_instance.this.publicly_accessible == false && aws_db_instance.this.multi_az == false && aws_db_subnet_group.this.subnet_ids == toset(["subnet-1", "subnet-2"]) && aws_db_instance.this.vpc_security_group_ids == toset(["sg-database"])
    error_message = "It is reached from inside the VPC alone."
  }
  assert {
    condition     = aws_db_instance.this.backup_retention_period == 7 && aws_db_instance.this.backup_window == "02:00-03:00" && aws_db_instance.this.copy_tags_to_snapshot && aws_db_instance.this.maintenance_window == "sun:03:30-sun:04:30" && aws_db_instance.this.apply_immediately == false
    error_message = "Backups of 7 days; changes wait for the window."
  }
  assert {
    condition     = aws_db_instance.this.deletion_protection && !aws_db_instance.this.skip_final_snapshot && aws_db_instance.this.final_snapshot_identifier == "rideshare-staging-final" && aws_db_instance.this.delete_automated_backups == false
    error_message = "It is not deleted, and would leave a snapshot and its backups."
  }
  assert {
    condition     = aws_db_instance.this.performance_insights_enabled && aws_db_instance.this.performance_insights_retention_period == 7 && aws_db_instance.this.performance_insights_kms_key_id == "arn:aws:kms:eu-north-1:123456789012:key/made"
    error_message = "Performance Insights keep 7 days."
  }
  assert {
    condition     = aws_db_instance.this.monitoring_interval == 60 && aws_db_instance.this.monitoring_role_arn == "arn:aws:iam::123456789012:role/rideshare-staging-database-monitoring" && aws_iam_role_policy_attachment.monitoring[0].policy_arn == "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole" && aws_iam_role.monitoring[0].permissions_boundary == null
    error_message = "Enhanced monitoring has a role of its own."
  }
  assert {
    condition     = aws_db_instance.this.enabled_cloudwatch_logs_exports == toset(["postgresql", "upgrade"]) && output.log_groups == { postgresql = "/aws/rds/instance/rideshare-staging/postgresql", upgrade = "/aws/rds/instance/rideshare-staging/upgrade" } && alltrue([for it in aws_cloudwatch_log_group.this : it.retention_in_days == 30 && it.kms_key_id == "arn:aws:kms:eu-north-1:123456789012:key/made"])
    error_message = "Logs are kept for 30 days, encrypted."
  }
  assert {
    condition     = aws_db_parameter_group.this.family == "postgres18" && aws_db_parameter_group.this.name == "rideshare-staging-postgres18"
    error_message = "The parameter group is of the version."
  }
  assert {
    condition     = one([for it in aws_db_parameter_group.this.parameter : it.value if it.name == "rds.force_ssl"]) == "1" && one([for it in aws_db_parameter_group.this.parameter : it.value if it.name == "log_min_duration_statement"]) == "1000" && one([for it in aws_db_parameter_group.this.parameter : it.value if it.name == "log_statement"]) == "ddl" && one([for it in aws_db_parameter_group.this.parameter : it.value if it.name == "log_connections"]) == "1" && one([for it in aws_db_parameter_group.this.parameter : it.value if it.name == "log_lock_waits"]) == "1"
    error_message = "TLS is forced, slow statements and changes of the schema are logged."
  }
  assert {
    condition     = keys(aws_vpc_security_group_ingress_rule.this) == ["services"] && aws_vpc_security_group_ingress_rule.this["services"].referenced_security_group_id == "sg-services" && aws_vpc_security_group_ingress_rule.this["services"].from_port == 5432 && aws_vpc_security_group_ingress_rule.this["services"].cidr_ipv4 == null
    error_message = "Only named security groups connect."
  }
  assert {
    condition     = length(aws_db_instance.replica) == 0 && length(aws_db_proxy.this) == 0 && length(module.roles) == 0 && output.app_secret_arn == null && output.roles_task == null && output.replica_host == null
    error_message = "No replica, proxy or roles unless they are asked for."
  }
  assert {
    condition     = output.host == "db.example" && output.instance_host == "db.example" && output.port == 5432 && output.database == "rideshare" && output.security_group_id == "sg-database"
    error_message = "Outputs say where it is."
  }
  assert {
    condition     = aws_kms_key.this[0].enable_key_rotation && aws_kms_alias.this[0].name == "alias/rideshare-staging-database"
    error_message = "The key rotates."
  }
}

run "everything_that_can_be_chosen" {
  command = plan
  variables {
    postgres_version   = 16
    instance           = "db.m7g.large"
    storage_gb         = 50
    max_storage_gb     = 50
    multi_az           = true
    backup_days        = 35
    backup_window      = "04:00-05:00"
    maintenance_window = "mon:05:30-mon:06:30"
    apply_immediately  = true
    parameters         = { log_statement = "none", max_connections = "200" }
    slow_query_ms      = 250
    monitoring_seconds = 0
    insights_days      = 731
    log_days           = 90
    replica            = true
    protect            = false
    kms_key            = { arn = "arn:aws:kms:eu-north-1:123456789012:key/given" }
    tags               = { Team = "rides" }
  }
  assert {
    condition     = aws_db_instance.this.engine_version == "16" && aws_db_parameter_group.this.family == "postgres16" && aws_db_instance.this.instance_class == "db.m7g.large" && aws_db_instance.this.multi_az
    error_message = "Version, class and standby are as asked."
  }
  assert {
    condition     = aws_db_instance.this.allocated_storage == 50 && aws_db_instance.this.max_allocated_storage == 0
    error_message = "With equal sizes it does not grow."
  }
  assert {
    condition     = aws_db_instance.this.backup_retention_period == 35 && aws_db_instance.this.backup_window == "04:00-05:00" && aws_db_instance.this.maintenance_window == "mon:05:30-mon:06:30" && aws_db_instance.this.apply_immediately
    error_message = "Windows, days and haste are as asked."
  }
  assert {
    condition     = one([for it in aws_db_parameter_group.this.parameter : it.value if it.name == "log_statement"]) == "none" && one([for it in aws_db_parameter_group.this.parameter : it.value if it.name == "max_connections"]) == "200" && one([for it in aws_db_parameter_group.this.parameter : it.value if it.name == "log_min_duration_statement"]) == "250" && one([for it in aws_db_parameter_group.this.parameter : it.value if it.name == "rds.force_ssl"]) == "1" && one([for it in aws_db_parameter_group.this.parameter : it.apply_method if it.name == "max_connections"]) == "pending-reboot"
    error_message = "Parameters win over the module's; static ones wait for a restart."
  }
  assert {
    condition     = aws_db_instance.this.monitoring_interval == 0 && length(aws_iam_role.monitoring) == 0 && aws_db_instance.this.performance_insights_retention_period == 731
    error_message = "Without enhanced monitoring there is no role."
  }
  assert {
    condition     = output.log_groups["replica-postgresql"] == "/aws/rds/instance/rideshare-staging-replica/postgresql" && alltrue([for it in aws_cloudwatch_log_group.this : it.retention_in_days == 90])
    error_message = "The replica's logs have groups too."
  }
  assert {
    condition     = aws_db_instance.replica[0].identifier == "rideshare-staging-replica" && aws_db_instance.replica[0].replicate_source_db == "rideshare-staging" && aws_db_instance.replica[0].storage_encrypted && !aws_db_instance.replica[0].publicly_accessible && aws_db_instance.replica[0].instance_class == "db.m7g.large" && !aws_db_instance.replica[0].deletion_protection
    error_message = "The replica is like the primary."
  }
  assert {
    condition     = !aws_db_instance.this.deletion_protection && aws_db_instance.this.skip_final_snapshot && aws_db_instance.this.final_snapshot_identifier == null && aws_db_instance.this.delete_automated_backups
    error_message = "Without protection nothing is left."
  }
  assert {
    condition     = aws_db_instance.this.kms_key_id == "arn:aws:kms:eu-north-1:123456789012:key/given" && length(aws_kms_key.this) == 0 && output.kms_key_arn == "arn:aws:kms:eu-north-1:123456789012:key/given"
    error_message = "A key that is handed in is used."
  }
  assert {
    condition     = aws_db_instance.this.tags == tomap({ Team = "rides" })
    error_message = "Tags are on everything."
  }
}

run "roles_and_a_proxy" {
  command = plan
  variables {
    proxy                = true
    roles                = { secrets_prefix = "rideshare/staging/", private_subnet_ids = ["subnet-3"], image = "123456789012.dkr.ecr.eu-north-1.amazonaws.com/mirror/postgres:18" }
    permissions_boundary = "arn:aws:iam::123456789012:policy/switchback/rideshare-boundary"
  }
  assert {
    condition     = aws_db_proxy.this[0].engine_family == "POSTGRESQL" && aws_db_proxy.this[0].require_tls && one(aws_db_proxy.this[0].auth).iam_auth == "DISABLED" && one(aws_db_proxy.this[0].auth).client_password_auth_type == "POSTGRES_SCRAM_SHA_256"
    error_message = "The proxy takes TLS only."
  }
  assert {
    condition     = aws_vpc_security_group_ingress_rule.proxy["services"].referenced_security_group_id == "sg-services" && aws_vpc_security_group_egress_rule.proxy[0].referenced_security_group_id == "sg-database"
    error_message = "Services reach the proxy, and the proxy the database alone."
  }
  assert {
    condition     = aws_iam_role.proxy[0].permissions_boundary == "arn:aws:iam::123456789012:policy/switchback/rideshare-boundary" && aws_iam_role.monitoring[0].permissions_boundary == "arn:aws:iam::123456789012:policy/switchback/rideshare-boundary"
    error_message = "Roles carry the boundary."
  }
  assert {
    condition     = output.roles_task.family == "rideshare-staging-database-roles" && output.roles_task.app_role == "rideshare_app" && output.roles_task.migrate_role == "rideshare_migrate" && output.roles_task.subnets == tolist(["subnet-3"])
    error_message = "The task makes both roles."
  }
  assert {
    condition     = aws_db_proxy_target.this[0].db_instance_identifier == "rideshare-staging" && aws_db_proxy_default_target_group.this[0].connection_pool_config[0].max_connections_percent == 90
    error_message = "The proxy leads to the instance."
  }
}

run "a_name_with_two_dashes_is_refused" {
  command = plan
  variables {
    name = "rideshare--staging"
  }
  expect_failures = [var.name]
}

run "a_database_with_a_dash_is_refused" {
  command = plan
  variables {
    database = "ride-share"
  }
  expect_failures = [var.database]
}

run "one_subnet_is_refused" {
  command = plan
  variables {
    subnet_ids = ["subnet-1"]
  }
  expect_failures = [var.subnet_ids]
}

run "version_14_is_refused" {
  command = plan
  variables {
    postgres_version = 14
  }
  expect_failures = [var.postgres_version]
}

run "a_class_that_is_none_is_refused" {
  command = plan
  variables {
    instance = "t4g.micro"
  }
  expect_failures = [var.instance]
}

run "too_little_storage_is_refused" {
  command = plan
  variables {
    storage_gb = 10
  }
  expect_failures = [var.storage_gb]
}

run "a_limit_below_the_start_is_refused" {
  command = plan
  variables {
    storage_gb = 200
  }
  expect_failures = [var.max_storage_gb]
}

run "no_backups_are_refused" {
  command = plan
  variables {
    backup_days = 0
  }
  expect_failures = [var.backup_days]
}

run "a_backup_window_that_is_none_is_refused" {
  command = plan
  variables {
    backup_window = "at night"
  }
  expect_failures = [var.backup_window]
}

run "a_maintenance_window_that_is_none_is_refused" {
  command = plan
  variables {
    maintenance_window = "sunday"
  }
  expect_failures = [var.maintenance_window]
}

run "switching_tls_off_is_refused" {
  command = plan
  variables {
    parameters = { "rds.force_ssl" = "0" }
  }
  expect_failures = [var.parameters]
}

run "negative_milliseconds_are_refused" {
  command = plan
  variables {
    slow_query_ms = -1
  }
  expect_failures = [var.slow_query_ms]
}

run "an_unknown_interval_is_refused" {
  command = plan
  variables {
    monitoring_seconds = 2
  }
  expect_failures = [var.monitoring_seconds]
}

run "unknown_days_of_insights_are_refused" {
  command = plan
  variables {
    insights_days = 30
  }
  expect_failures = [var.insights_days]
}

run "an_unknown_retention_is_refused" {
  command = plan
  variables {
    log_days = 31
  }
  expect_failures = [var.log_days]
}

run "a_proxy_without_roles_is_refused" {
  command = plan
  variables {
    proxy = true
  }
  expect_failures = [var.proxy]
}

run "a_boundary_that_is_no_policy_is_refused" {
  command = plan
  variables {
    permissions_boundary = "rideshare-boundary"
  }
  expect_failures = [var.permissions_boundary]
}
