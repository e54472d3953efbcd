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

override_resource {
  target          = aws_security_group.task
  override_during = plan
  values          = { id = "sg-task" }
}

override_resource {
  target          = aws_cloudwatch_log_group.this
  override_during = plan
  values          = { arn = "arn:aws:logs:eu-north-1:123456789012:log-group:/ecs/rideshare-staging-database-roles" }
}

override_resource {
  target          = aws_secretsmanager_secret_version.login
  override_during = plan
  values          = { version_id = "v-made" }
}

variables {
  name                       = "rideshare-staging"
  database                   = "rideshare"
  host                       = "db.example"
  master_secret_arn          = "arn:aws:secretsmanager:eu-north-1:123456789012:secret:rds!db-made"
  secrets_prefix             = "rideshare/staging/"
  vpc_id                     = "vpc-1"
  database_security_group_id = { id = "sg-database" }
}

run "two_roles_with_two_secrets_each" {
  command = plan
  assert {
    condition     = { for kind, it in aws_secretsmanager_secret.login : kind => it.name } == { app = "rideshare/staging/database-app-login", migrate = "rideshare/staging/database-migrate-login" }
    error_message = "Logins are below the prefix."
  }
  assert {
    condition     = { for kind, it in aws_secretsmanager_secret.this : kind => it.name } == { app = "rideshare/staging/database-app", migrate = "rideshare/staging/database-migrate" } && aws_secretsmanager_secret.this["app"].recovery_window_in_days == 7 && aws_secretsmanager_secret.this["app"].kms_key_id == null
    error_message = "So is what services read."
  }
  assert {
    condition     = alltrue([for it in concat(values(aws_secretsmanager_secret_version.login), values(aws_secretsmanager_secret_version.this)) : it.secret_string == null]) && aws_secretsmanager_secret_version.login["app"].secret_string_wo_version == 1
    error_message = "No password is in the state."
  }
  assert {
    condition     = aws_secretsmanager_secret_version.this["app"].secret_string_wo_version == aws_secretsmanager_secret_version.this["migrate"].secret_string_wo_version
    error_message = "Both reach the same host."
  }
  assert {
    condition     = output.task.app_role == "rideshare_app" && output.task.migrate_role == "rideshare_migrate" && output.task.family == "rideshare-staging-database-roles" && output.task.security_group == "sg-task" && output.task.log_group == "/ecs/rideshare-staging-database-roles"
    error_message = "Outputs say what to run."
  }
  assert {
    condition     = aws_ecs_task_definition.this.requires_compatibilities == toset(["FARGATE"]) && aws_ecs_task_definition.this.network_mode == "awsvpc"
    error_message = "The task runs on Fargate."
  }
  assert {
    condition     = aws_iam_role.execution.name == "rideshare-staging-database-roles-execution" && aws_iam_role.task.name == "rideshare-staging-database-roles-task" && aws_iam_role.task.permissions_boundary == null
    error_message = "Its two roles are below the name."
  }
  assert {
    condition     = aws_vpc_security_group_egress_rule.database[0].referenced_security_group_id == "sg-database" && aws_vpc_security_group_ingress_rule.database[0].security_group_id == "sg-database" && aws_vpc_security_group_ingress_rule.database[0].referenced_security_group_id == "sg-task" && aws_vpc_security_group_ingress_rule.database[0].from_port == 5432 && length(aws_vpc_security_group_egress_rule.port) == 0
    error_message = "The task reaches the database, and the database lets it in."
  }
  assert {
    condition     = aws_vpc_security_group_egress_rule.https.from_port == 443 && aws_vpc_security_group_egress_rule.https.to_port == 443
    error_message = "And HTTPS."
  }
  assert {
    condition     = aws_cloudwatch_log_group.this.retention_in_days == 30 && aws_cloudwatch_log_group.this.kms_key_id == null
    error_message = "Its log is kept for 30 days."
  }
  assert {
    condition     = local.command == "printf '%s\\n' \"$ROLES_SQL\" | psql --no-psqlrc --no-password --file=-"
    error_message = "The script comes by a pipe."
  }
  assert {
    condition     = local.environment.ROLES_SQL == file("./roles.sql") && local.environment.PGHOST == "db.example" && local.environment.PGSSLMODE == "require" && local.environment.PGDATABASE == "rideshare" && local.environment.PGPORT == "5432"
    error_message = "The environment names the database, by TLS."
  }
  assert {
    condition     = !anytrue([for name, value in local.environment : strcontains(name, "PASSWORD")]) && nonsensitive(local.secrets.PGPASSWORD) == "arn:aws:secretsmanager:eu-north-1:123456789012:secret:rds!db-made:password::"
    error_message = "Passwords come from secrets."
  }
  assert {
    condition     = var.image == "public.ecr.aws/docker/library/postgres:18"
    error_message = "psql is PostgreSQL's own image."
  }
}

run "everything_that_can_be_chosen" {
  command = plan
  variables {
    role_prefix                = "rides"
    app_host                   = { name = "proxy.example" }
    port                       = 6432
    kms_key                    = { arn = "arn:aws:kms:eu-north-1:123456789012:key/given" }
    private_subnet_ids         = ["subnet-3"]
    database_security_group_id = null
    root_certificate           = "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----"
    password_version           = 3
    secret_recovery_days       = 0
    log_days                   = 90
    url_query                  = "sslmode=verify-full"
    permissions_boundary       = "arn:aws:iam::123456789012:policy/switchback/rideshare-boundary"
    tags                       = { Team = "rides" }
  }
  assert {
    condition     = output.task.app_role == "rides_app" && output.task.migrate_role == "rides_migrate" && output.task.subnets == tolist(["subnet-3"])
    error_message = "Roles are named after the prefix."
  }
  assert {
    condition     = local.hosts == { app = "proxy.example", migrate = "db.example" } && aws_secretsmanager_secret_version.this["app"].secret_string_wo_version != aws_secretsmanager_secret_version.this["migrate"].secret_string_wo_version
    error_message = "The app goes through the proxy, migrations go directly."
  }
  assert {
    condition     = local.environment.PGPORT == "6432" && aws_vpc_security_group_egress_rule.https.from_port == 443 && aws_vpc_security_group_egress_rule.port[0].from_port == 6432 && length(aws_vpc_security_group_egress_rule.database) == 0 && length(aws_vpc_security_group_ingress_rule.database) == 0
    error_message = "Without the database's group the port narrows the way."
  }
  assert {
    condition     = local.environment.PGSSLMODE == "verify-full" && local.environment.PGSSLROOTCERT == "/dev/shm/root.pem" && startswith(local.command, "printf '%s\\n' \"$ROOT_CERTIFICATE\" > /dev/shm/root.pem;")
    error_message = "With certificates the server is checked."
  }
  assert {
    condition     = aws_secretsmanager_secret.this["app"].kms_key_id == "arn:aws:kms:eu-north-1:123456789012:key/given" && aws_secretsmanager_secret.login["app"].kms_key_id == "arn:aws:kms:eu-north-1:123456789012:key/given" && aws_cloudwatch_log_group.this.kms_key_id == "arn:aws:kms:eu-north-1:123456789012:key/given"
    error_message = "Secrets and log are encrypted with the key."
  }
  assert {
    condition     = aws_secretsmanager_secret_version.login["migrate"].secret_string_wo_version == 3 && aws_secretsmanager_secret.login["migrate"].recovery_window_in_days == 0
    error_message = "A new version is a new password."
  }
  assert {
    condition     = aws_cloudwatch_log_group.this.retention_in_days == 90 && aws_iam_role.task.permissions_boundary == "arn:aws:iam::123456789012:policy/switchback/rideshare-boundary" && aws_iam_role.execution.permissions_boundary == "arn:aws:iam::123456789012:policy/switchback/rideshare-boundary"
    error_message = "Log days and boundary are as asked."
  }
  assert {
    condition     = aws_ecs_task_definition.this.tags == tomap({ Team = "rides" })
    error_message = "Tags are on everything."
  }
}

run "another_query_in_the_url_writes_the_secrets_again" {
  command = plan
  variables {
    url_query = "sslmode=no-verify"
  }
  assert {
    condition     = aws_secretsmanager_secret_version.this["app"].secret_string_wo_version == parseint(substr(sha256("v-made/db.example/5432/rideshare/sslmode=no-verify"), 0, 7), 16)
    error_message = "Another url is another version."
  }
}

run "a_database_with_a_dash_has_roles_without" {
  command = plan
  variables {
    database = "ride-share"
  }
  assert {
    condition     = output.task.app_role == "ride_share_app"
    error_message = "Dashes become underscores."
  }
}

run "a_name_with_capitals_is_refused" {
  command = plan
  variables {
    name = "Rideshare"
  }
  expect_failures = [var.name]
}

run "a_database_with_a_quote_is_refused" {
  command = plan
  variables {
    database = "ride's"
  }
  expect_failures = [var.database]
}

run "a_prefix_with_a_dash_is_refused" {
  command = plan
  variables {
    role_prefix = "ride-share"
  }
  expect_failures = [var.role_prefix]
}

run "port_zero_is_refused" {
  command = plan
  variables {
    port = 0
  }
  expect_failures = [var.port]
}

run "a_secrets_prefix_without_a_slash_is_refused" {
  command = plan
  variables {
    secrets_prefix = "rideshare"
  }
  expect_failures = [var.secrets_prefix]
}

run "an_image_without_a_tag_is_refused" {
  command = plan
  variables {
    image = "postgres"
  }
  expect_failures = [var.image]
}

run "a_certificate_that_is_none_is_refused" {
  command = plan
  variables {
    root_certificate = "global-bundle.pem"
  }
  expect_failures = [var.root_certificate]
}

run "password_version_zero_is_refused" {
  command = plan
  variables {
    password_version = 0
  }
  expect_failures = [var.password_version]
}

run "a_url_without_tls_is_refused" {
  command = plan
  variables {
    url_query = "sslmode=disable"
  }
  expect_failures = [var.url_query]
}

run "two_days_of_recovery_are_refused" {
  command = plan
  variables {
    secret_recovery_days = 2
  }
  expect_failures = [var.secret_recovery_days]
}

run "an_unknown_retention_is_refused" {
  command = plan
  variables {
    log_days = 31
  }
  expect_failures = [var.log_days]
}

run "a_boundary_that_is_no_policy_is_refused" {
  command = plan
  variables {
    permissions_boundary = "rideshare-boundary"
  }
  expect_failures = [var.permissions_boundary]
}
