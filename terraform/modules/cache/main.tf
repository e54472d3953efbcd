locals {
  port           = 6379
  engine_version = coalesce(var.engine_version, var.engine == "valkey" ? "8.1" : "7.1")
  family         = "${var.engine}${split(".", local.engine_version)[0]}"
}

resource "aws_elasticache_subnet_group" "this" {
  name        = var.name
  description = "Cache of ${var.name}"
  subnet_ids  = var.subnet_ids

  tags = var.tags
}

# Named after its family: a new major version needs a new group before the old one can go.
resource "aws_elasticache_parameter_group" "this" {
  name        = "${var.name}-${local.family}"
  description = "Cache of ${var.name}"
  family      = local.family

  dynamic "parameter" {
    for_each = var.parameters

    content {
      name  = parameter.key
      value = parameter.value
    }
  }

  tags = var.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "this" {
  name        = "${var.name}-cache"
  description = "Nodes of the cache"
  vpc_id      = var.vpc_id

  tags = merge(var.tags, { Name = "${var.name}-cache" })
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

resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(["slow-log", "engine-log"])

  name              = "${local.log_prefix}${each.key}"
  retention_in_days = var.log_days
  kms_key_id        = local.kms_key_arn

  tags = var.tags
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id = var.name
  description          = "Cache of ${var.name}"

  engine                     = var.engine
  engine_version             = local.engine_version
  node_type                  = var.node
  num_cache_clusters         = var.replicas + 1
  automatic_failover_enabled = var.replicas > 0
  multi_az_enabled           = var.replicas > 0
  port                       = local.port
  parameter_group_name       = aws_elasticache_parameter_group.this.name
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [aws_security_group.this.id]

  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  at_rest_encryption_enabled = true
  kms_key_id                 = local.kms_key_arn
  user_group_ids             = [local.user_group]

  snapshot_retention_limit   = var.snapshot_days
  snapshot_window            = var.snapshot_days > 0 ? var.snapshot_window : null
  final_snapshot_identifier  = var.protect ? "${var.name}-final" : null
  maintenance_window         = var.maintenance_window
  auto_minor_version_upgrade = true
  apply_immediately          = var.apply_immediately

  dynamic "log_delivery_configuration" {
    for_each = aws_cloudwatch_log_group.this

    content {
      log_type         = log_delivery_configuration.key
      log_format       = "json"
      destination_type = "cloudwatch-logs"
      destination      = log_delivery_configuration.value.name
    }
  }

  tags = var.tags

  depends_on = [aws_cloudformation_stack.user]
}
