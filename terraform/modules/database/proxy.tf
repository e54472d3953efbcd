locals {
  proxy_secrets = var.proxy ? [module.roles[0].app_login_secret_arn] : []
}

resource "aws_security_group" "proxy" {
  count = var.proxy ? 1 : 0

  name        = "${var.name}-database-proxy"
  description = "The proxy in front of the database"
  vpc_id      = var.vpc_id

  tags = merge(var.tags, { Name = "${var.name}-database-proxy" })
}

resource "aws_vpc_security_group_ingress_rule" "proxy" {
  for_each = var.proxy ? var.allowed_security_groups : {}

  security_group_id            = aws_security_group.proxy[0].id
  description                  = "From ${each.key}"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port

  tags = var.tags
}

resource "aws_vpc_security_group_egress_rule" "proxy" {
  count = var.proxy ? 1 : 0

  security_group_id            = aws_security_group.proxy[0].id
  description                  = "To the database"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port

  tags = var.tags
}

resource "aws_vpc_security_group_ingress_rule" "from_proxy" {
  count = var.proxy ? 1 : 0

  security_group_id            = aws_security_group.this.id
  description                  = "From the proxy"
  referenced_security_group_id = aws_security_group.proxy[0].id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port

  tags = var.tags
}

data "aws_iam_policy_document" "proxy_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["rds.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

data "aws_iam_policy_document" "proxy" {
  count = var.proxy ? 1 : 0

  statement {
    sid       = "ReadLogins"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = local.proxy_secrets
  }

  statement {
    sid       = "DecryptLogins"
    actions   = ["kms:Decrypt"]
    resources = [local.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["secretsmanager.${local.region}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "proxy" {
  count = var.proxy ? 1 : 0

  name                 = "${var.name}-database-proxy"
  description          = "Lets the database proxy of ${var.name} read its logins"
  assume_role_policy   = data.aws_iam_policy_document.proxy_trust.json
  permissions_boundary = var.permissions_boundary

  tags = var.tags
}

resource "aws_iam_role_policy" "proxy" {
  count = var.proxy ? 1 : 0

  name   = "read-logins"
  role   = aws_iam_role.proxy[0].id
  policy = data.aws_iam_policy_document.proxy[0].json
}

resource "aws_db_proxy" "this" {
  count = var.proxy ? 1 : 0

  name                   = var.name
  engine_family          = "POSTGRESQL"
  require_tls            = true
  role_arn               = aws_iam_role.proxy[0].arn
  vpc_subnet_ids         = var.subnet_ids
  vpc_security_group_ids = [aws_security_group.proxy[0].id]

  dynamic "auth" {
    for_each = local.proxy_secrets

    content {
      auth_scheme               = "SECRETS"
      iam_auth                  = "DISABLED"
      client_password_auth_type = "POSTGRES_SCRAM_SHA_256"
      secret_arn                = auth.value
    }
  }

  tags = var.tags

  depends_on = [aws_iam_role_policy.proxy]
}

resource "aws_db_proxy_default_target_group" "this" {
  count = var.proxy ? 1 : 0

  db_proxy_name = aws_db_proxy.this[0].name

  connection_pool_config {
    connection_borrow_timeout    = 30
    max_connections_percent      = 90
    max_idle_connections_percent = 50
  }
}

resource "aws_db_proxy_target" "this" {
  count = var.proxy ? 1 : 0

  db_proxy_name          = aws_db_proxy.this[0].name
  target_group_name      = aws_db_proxy_default_target_group.this[0].name
  db_instance_identifier = aws_db_instance.this.identifier
}
