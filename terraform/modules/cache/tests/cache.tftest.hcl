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
  target          = aws_kms_key.this
  override_during = plan
  values          = { arn = "arn:aws:kms:eu-north-1:123456789012:key/made", key_id = "made" }
}

override_resource {
  target          = aws_secretsmanager_secret_version.password
  override_during = plan
  values          = { version_id = "v-made" }
}

override_resource {
  target          = aws_elasticache_replication_group.this
  override_during = plan
  values          = { id = "rideshare-staging", primary_endpoint_address = "primary.example", reader_endpoint_address = "reader.example" }
}

variables {
  name                    = "rideshare-staging"
  vpc_id                  = "vpc-1"
  subnet_ids              = ["subnet-1", "subnet-2"]
  secrets_prefix          = "rideshare/staging/"
  allowed_security_groups = { services = "sg-services" }
}

run "one_encrypted_valkey_node" {
  command = plan
  assert {
    condition     = aws_elasticache_replication_group.this.engine == "valkey" && aws_elasticache_replication_group.this.engine_version == "8.1" && aws_elasticache_replication_group.this.node_type == "cache.t4g.micro" && aws_elasticache_replication_group.this.num_cache_clusters == 1
    error_message = "One small node of Valkey 8.1."
  }
  assert {
    condition     = !aws_elasticache_replication_group.this.automatic_failover_enabled && !aws_elasticache_replication_group.this.multi_az_enabled
    error_message = "With one node there is nothing to fail over to."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.transit_encryption_enabled && aws_elasticache_replication_group.this.transit_encryption_mode == "required" && aws_elasticache_replication_group.this.at_rest_encryption_enabled && aws_elasticache_replication_group.this.kms_key_id == "arn:aws:kms:eu-north-1:123456789012:key/made"
    error_message = "Encrypted on the way and at rest, with a key of one's own."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.user_group_ids == toset(["rideshare-staging"]) && aws_elasticache_replication_group.this.auth_token == null
    error_message = "Users log in; no token is in the state."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.snapshot_retention_limit == 1 && aws_elasticache_replication_group.this.snapshot_window == "02:00-03:00" && aws_elasticache_replication_group.this.final_snapshot_identifier == "rideshare-staging-final"
    error_message = "A snapshot a day, and one at the end."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.maintenance_window == "sun:03:30-sun:04:30" && aws_elasticache_replication_group.this.apply_immediately == false && tostring(aws_elasticache_replication_group.this.auto_minor_version_upgrade) == "true"
    error_message = "Changes wait for the maintenance window."
  }
  assert {
    condition     = aws_elasticache_parameter_group.this.family == "valkey8" && aws_elasticache_parameter_group.this.name == "rideshare-staging-valkey8" && length(aws_elasticache_parameter_group.this.parameter) == 0
    error_message = "Parameters are those of the family."
  }
  assert {
    condition     = aws_elasticache_subnet_group.this.subnet_ids == toset(["subnet-1", "subnet-2"]) && aws_security_group.this.vpc_id == "vpc-1"
    error_message = "It lies where it was told to."
  }
  assert {
    condition     = keys(aws_vpc_security_group_ingress_rule.this) == ["services"] && aws_vpc_security_group_ingress_rule.this["services"].referenced_security_group_id == "sg-services" && aws_vpc_security_group_ingress_rule.this["services"].from_port == 6379 && aws_vpc_security_group_ingress_rule.this["services"].cidr_ipv4 == null
    error_message = "Only named security groups connect."
  }
  assert {
    condition     = { for kind, it in aws_cloudwatch_log_group.this : kind => it.retention_in_days } == { slow-log = 30, engine-log = 30 } && aws_cloudwatch_log_group.this["slow-log"].kms_key_id == "arn:aws:kms:eu-north-1:123456789012:key/made" && aws_cloudwatch_log_group.this["slow-log"].name == "/elasticache/rideshare-staging/slow-log"
    error_message = "Both logs are kept for 30 days, encrypted."
  }
  assert {
    condition     = toset([for it in aws_elasticache_replication_group.this.log_delivery_configuration : it.destination]) == toset(["/elasticache/rideshare-staging/slow-log", "/elasticache/rideshare-staging/engine-log"])
    error_message = "Both logs are delivered."
  }
  assert {
    condition     = aws_secretsmanager_secret.this.name == "rideshare/staging/cache" && aws_secretsmanager_secret.password.name == "rideshare/staging/cache-password" && aws_secretsmanager_secret.this.recovery_window_in_days == 7 && aws_secretsmanager_secret.this.kms_key_id == "arn:aws:kms:eu-north-1:123456789012:key/made"
    error_message = "Secrets are below the prefix, encrypted with the key."
  }
  assert {
    condition     = aws_secretsmanager_secret_version.password.secret_string == null && aws_secretsmanager_secret_version.password.secret_string_wo_version == 1 && aws_secretsmanager_secret_version.this.secret_string == null
    error_message = "Passwords are written, and never in the state."
  }
  assert {
    condition     = jsondecode(aws_cloudformation_stack.user.template_body).Resources.User.Properties.Passwords == ["{{resolve:secretsmanager:rideshare/staging/cache-password:SecretString:password::v-made}}"]
    error_message = "The stack holds a reference to the password."
  }
  assert {
    condition     = jsondecode(aws_cloudformation_stack.user.template_body).Resources.User.Properties.Engine == "valkey" && jsondecode(aws_cloudformation_stack.user.template_body).Resources.Group.Properties.UserGroupId == "rideshare-staging"
    error_message = "User and group are the replication group's."
  }
  assert {
    condition     = output.host == "primary.example" && output.reader_host == "reader.example" && output.port == 6379 && output.identifier == "rideshare-staging"
    error_message = "Outputs say where it is."
  }
  assert {
    condition     = aws_kms_key.this[0].enable_key_rotation && aws_kms_alias.this[0].name == "alias/rideshare-staging-cache"
    error_message = "The key rotates."
  }
}

run "everything_that_can_be_chosen" {
  command = plan
  variables {
    engine               = "redis"
    node                 = "cache.m7g.large"
    replicas             = 2
    parameters           = { maxmemory-policy = "allkeys-lru" }
    snapshot_days        = 5
    snapshot_window      = "04:00-05:00"
    maintenance_window   = "mon:05:30-mon:06:30"
    apply_immediately    = true
    log_days             = 90
    protect              = false
    password_version     = 2
    secret_recovery_days = 0
    kms_key              = { arn = "arn:aws:kms:eu-north-1:123456789012:key/given" }
    tags                 = { Team = "rides" }
  }
  assert {
    condition     = aws_elasticache_replication_group.this.engine == "redis" && aws_elasticache_replication_group.this.engine_version == "7.1" && aws_elasticache_parameter_group.this.family == "redis7"
    error_message = "Redis 7.1 is the newest that there is."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.num_cache_clusters == 3 && aws_elasticache_replication_group.this.automatic_failover_enabled && aws_elasticache_replication_group.this.multi_az_enabled && aws_elasticache_replication_group.this.node_type == "cache.m7g.large"
    error_message = "With copies, one takes over in another zone."
  }
  assert {
    condition     = aws_elasticache_parameter_group.this.parameter == toset([{ name = "maxmemory-policy", value = "allkeys-lru" }])
    error_message = "Parameters are set."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.snapshot_retention_limit == 5 && aws_elasticache_replication_group.this.snapshot_window == "04:00-05:00" && aws_elasticache_replication_group.this.maintenance_window == "mon:05:30-mon:06:30" && aws_elasticache_replication_group.this.apply_immediately && aws_elasticache_replication_group.this.final_snapshot_identifier == null
    error_message = "Windows, days and haste are as asked; without protection no snapshot is left."
  }
  assert {
    condition     = aws_cloudwatch_log_group.this["slow-log"].retention_in_days == 90
    error_message = "Logs are kept for log_days."
  }
  assert {
    condition     = aws_secretsmanager_secret_version.password.secret_string_wo_version == 2 && aws_secretsmanager_secret.this.recovery_window_in_days == 0
    error_message = "A new version is a new password."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.kms_key_id == "arn:aws:kms:eu-north-1:123456789012:key/given" && aws_secretsmanager_secret.password.kms_key_id == "arn:aws:kms:eu-north-1:123456789012:key/given" && length(aws_kms_key.this) == 0
    error_message = "A key that is handed in is used."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.tags == tomap({ Team = "rides" })
    error_message = "Tags are on everything."
  }
}

run "no_snapshots_when_none_are_wanted" {
  command = plan
  variables {
    snapshot_days  = 0
    engine_version = "7.2"
  }
  assert {
    condition     = aws_elasticache_replication_group.this.snapshot_retention_limit == 0 && aws_elasticache_replication_group.this.engine_version == "7.2" && aws_elasticache_parameter_group.this.family == "valkey7"
    error_message = "Zero days are no snapshots; an older version has its own family."
  }
}

run "a_name_with_two_dashes_is_refused" {
  command = plan
  variables {
    name = "rideshare--staging"
  }
  expect_failures = [var.name]
}

run "no_subnets_are_refused" {
  command = plan
  variables {
    subnet_ids = []
  }
  expect_failures = [var.subnet_ids]
}

run "an_unknown_engine_is_refused" {
  command = plan
  variables {
    engine = "memcached"
  }
  expect_failures = [var.engine]
}

run "a_version_of_the_other_engine_is_refused" {
  command = plan
  variables {
    engine         = "redis"
    engine_version = "8.1"
  }
  expect_failures = [var.engine_version]
}

run "a_node_that_is_none_is_refused" {
  command = plan
  variables {
    node = "db.t4g.micro"
  }
  expect_failures = [var.node]
}

run "six_copies_are_refused" {
  command = plan
  variables {
    replicas = 6
  }
  expect_failures = [var.replicas]
}

run "a_prefix_without_a_slash_is_refused" {
  command = plan
  variables {
    secrets_prefix = "rideshare"
  }
  expect_failures = [var.secrets_prefix]
}

run "password_version_zero_is_refused" {
  command = plan
  variables {
    password_version = 0
  }
  expect_failures = [var.password_version]
}

run "two_days_of_recovery_are_refused" {
  command = plan
  variables {
    secret_recovery_days = 2
  }
  expect_failures = [var.secret_recovery_days]
}

run "too_many_snapshots_are_refused" {
  command = plan
  variables {
    snapshot_days = 36
  }
  expect_failures = [var.snapshot_days]
}

run "a_snapshot_window_that_is_none_is_refused" {
  command = plan
  variables {
    snapshot_window = "at night"
  }
  expect_failures = [var.snapshot_window]
}

run "a_maintenance_window_that_is_none_is_refused" {
  command = plan
  variables {
    maintenance_window = "sunday"
  }
  expect_failures = [var.maintenance_window]
}

run "an_unknown_retention_is_refused" {
  command = plan
  variables {
    log_days = 31
  }
  expect_failures = [var.log_days]
}
