# Reads the secret's ARN, so that a plan of something new asks nobody for a password (and can be tested without AWS).
ephemeral "aws_secretsmanager_random_password" "this" {
  for_each = local.roles

  password_length     = aws_secretsmanager_secret.login[each.key].arn == "" ? 0 : 48
  exclude_punctuation = true
}

# Two secrets a role: the login keeps its password when the address changes (a proxy is put in front, a snapshot is restored), so
# nothing that runs loses its connection; what services read is made from it.
resource "aws_secretsmanager_secret" "login" {
  for_each = local.roles

  name                    = "${var.secrets_prefix}database-${each.key}-login"
  description             = "Name and password of the role ${each.value}; services read ${var.secrets_prefix}database-${each.key}"
  kms_key_id              = var.kms_key == null ? null : var.kms_key.arn
  recovery_window_in_days = var.secret_recovery_days

  tags = var.tags
}

resource "aws_secretsmanager_secret_version" "login" {
  for_each = local.roles

  secret_id                = aws_secretsmanager_secret.login[each.key].id
  secret_string_wo         = jsonencode({ username = each.value, password = ephemeral.aws_secretsmanager_random_password.this[each.key].random_password })
  secret_string_wo_version = var.password_version
}

ephemeral "aws_secretsmanager_secret_version" "login" {
  for_each = local.roles

  secret_id     = aws_secretsmanager_secret.login[each.key].id
  version_id    = aws_secretsmanager_secret_version.login[each.key].version_id
  version_stage = "AWSCURRENT"
}

resource "aws_secretsmanager_secret" "this" {
  for_each = local.roles

  name                    = "${var.secrets_prefix}database-${each.key}"
  description             = "How the role ${each.value} reaches the database: username, password, host, port, dbname, url"
  kms_key_id              = var.kms_key == null ? null : var.kms_key.arn
  recovery_window_in_days = var.secret_recovery_days

  tags = var.tags
}

resource "aws_secretsmanager_secret_version" "this" {
  for_each = local.roles

  secret_id = aws_secretsmanager_secret.this[each.key].id

  secret_string_wo = jsonencode({
    username = each.value
    password = jsondecode(ephemeral.aws_secretsmanager_secret_version.login[each.key].secret_string).password
    host     = local.hosts[each.key]
    port     = var.port
    dbname   = var.database
    url      = "postgresql://${each.value}:${jsondecode(ephemeral.aws_secretsmanager_secret_version.login[each.key].secret_string).password}@${local.hosts[each.key]}:${var.port}/${var.database}?${var.url_query}"
  })

  # Written again when the password or the address is another.
  secret_string_wo_version = parseint(substr(sha256(join("/", [
    aws_secretsmanager_secret_version.login[each.key].version_id, local.hosts[each.key], tostring(var.port), var.database, var.url_query,
  ])), 0, 7), 16)
}
