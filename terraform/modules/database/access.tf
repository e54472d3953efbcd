# No rule lets anything out: a database answers, and calls nobody.
resource "aws_security_group" "this" {
  name        = "${var.name}-database"
  description = "The database"
  vpc_id      = var.vpc_id

  tags = merge(var.tags, { Name = "${var.name}-database" })
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = var.allowed_security_groups

  security_group_id            = aws_security_group.this.id
  description                  = "From ${each.key}"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port

  tags = var.tags
}

data "aws_iam_policy_document" "monitoring_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["monitoring.rds.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

resource "aws_iam_role" "monitoring" {
  count = var.monitoring_seconds == 0 ? 0 : 1

  name                 = "${var.name}-database-monitoring"
  description          = "Writes the enhanced monitoring of ${var.name}"
  assume_role_policy   = data.aws_iam_policy_document.monitoring_trust.json
  permissions_boundary = var.permissions_boundary

  tags = var.tags
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  count = var.monitoring_seconds == 0 ? 0 : 1

  role       = aws_iam_role.monitoring[0].name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}

module "roles" {
  source = "./modules/roles"
  count  = var.roles == null ? 0 : 1

  name                       = var.name
  database                   = var.database
  host                       = aws_db_instance.this.address
  app_host                   = { name = local.app_host }
  port                       = local.port
  master_secret_arn          = local.master_secret_arn
  secrets_prefix             = var.roles.secrets_prefix
  kms_key                    = { arn = local.kms_key_arn }
  vpc_id                     = var.vpc_id
  private_subnet_ids         = var.roles.private_subnet_ids
  database_security_group_id = { id = aws_security_group.this.id }
  image                      = coalesce(var.roles.image, "public.ecr.aws/docker/library/postgres:${var.postgres_version}")
  root_certificate           = var.roles.root_certificate
  url_query                  = var.roles.url_query
  password_version           = var.roles.password_version
  secret_recovery_days       = var.roles.secret_recovery_days
  log_days                   = var.log_days
  permissions_boundary       = var.permissions_boundary
  tags                       = var.tags
}
