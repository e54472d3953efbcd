data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

data "aws_region" "this" {}

locals {
  account   = data.aws_caller_identity.this.account_id
  partition = data.aws_partition.this.partition
  region    = data.aws_region.this.id
  prefix    = coalesce(var.role_prefix, replace(lower(var.database), "-", "_"))
  roles     = { app = "${local.prefix}_app", migrate = "${local.prefix}_migrate" }
  hosts     = { app = var.app_host == null ? var.host : var.app_host.name, migrate = var.host }
  family    = "${var.name}-database-roles"
  log_group = "/ecs/${local.family}"
  script    = file("${path.module}/roles.sql")

  fingerprint = substr(sha256(join("\n", concat([
    var.host, tostring(var.port), var.database, local.script, coalesce(var.root_certificate, "-")
  ], [for kind in ["app", "migrate"] : aws_secretsmanager_secret_version.login[kind].version_id]))), 0, 16)

  # The script comes by a pipe and passwords by the environment: neither is seen in a list of processes. /dev/shm can be written also
  # where the root file system can't.
  command = join(" ", compact([
    var.root_certificate == null ? "" : "printf '%s\\n' \"$ROOT_CERTIFICATE\" > /dev/shm/root.pem;",
    "printf '%s\\n' \"$ROLES_SQL\" | psql --no-psqlrc --no-password --file=-",
  ]))

  environment = merge({
    PGHOST            = var.host
    PGPORT            = tostring(var.port)
    PGDATABASE        = var.database
    PGCONNECT_TIMEOUT = "15"
    PGSSLMODE         = var.root_certificate == null ? "require" : "verify-full"
    APP_ROLE          = local.roles.app
    MIGRATE_ROLE      = local.roles.migrate
    ROLES_SQL         = local.script
    }, var.root_certificate == null ? {} : {
    PGSSLROOTCERT    = "/dev/shm/root.pem"
    ROOT_CERTIFICATE = var.root_certificate
  })

  secrets = {
    PGUSER           = "${var.master_secret_arn}:username::"
    PGPASSWORD       = "${var.master_secret_arn}:password::"
    APP_PASSWORD     = "${aws_secretsmanager_secret.login["app"].arn}:password::"
    MIGRATE_PASSWORD = "${aws_secretsmanager_secret.login["migrate"].arn}:password::"
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = local.log_group
  retention_in_days = var.log_days
  kms_key_id        = var.kms_key == null ? null : var.kms_key.arn

  tags = var.tags
}

resource "aws_ecs_task_definition" "this" {
  family                   = local.family
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = "256"
  memory                   = "512"
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([{
    name                   = "roles"
    image                  = var.image
    essential              = true
    user                   = "65534:65534"
    readonlyRootFilesystem = true
    command                = ["sh", "-ceu", local.command]
    environment            = [for name, value in local.environment : { name = name, value = value }]
    secrets                = [for name, from in local.secrets : { name = name, valueFrom = from }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = local.region
        awslogs-stream-prefix = "roles"
      }
    }
  }])

  tags = var.tags
}

resource "aws_security_group" "task" {
  name        = local.family
  description = "The task that makes the database's roles"
  vpc_id      = var.vpc_id

  tags = merge(var.tags, { Name = local.family })
}

resource "aws_vpc_security_group_egress_rule" "database" {
  count = var.database_security_group_id == null ? 0 : 1

  security_group_id            = aws_security_group.task.id
  description                  = "To the database"
  referenced_security_group_id = var.database_security_group_id.id
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port

  tags = var.tags
}

# Without the group's id the port alone narrows it.
resource "aws_vpc_security_group_egress_rule" "port" {
  count = var.database_security_group_id == null ? 1 : 0

  security_group_id = aws_security_group.task.id
  description       = "To the database"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = var.port
  to_port           = var.port

  tags = var.tags
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.task.id
  description       = "To the registry, Secrets Manager and CloudWatch"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443

  tags = var.tags
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  count = var.database_security_group_id == null ? 0 : 1

  security_group_id            = var.database_security_group_id.id
  description                  = "From the task that makes the roles"
  referenced_security_group_id = aws_security_group.task.id
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port

  tags = var.tags
}
