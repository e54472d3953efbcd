locals {
  user       = "default"
  user_group = var.name
}

# Reads the secret's ARN, so that a plan of something new asks nobody for a password (and can be tested without AWS).
ephemeral "aws_secretsmanager_random_password" "this" {
  password_length     = aws_secretsmanager_secret.password.arn == "" ? 0 : 48
  exclude_punctuation = true
}

# Two secrets, because the user must be there before the cache, and the cache's address is known only after. This one is the password.
resource "aws_secretsmanager_secret" "password" {
  name                    = "${var.secrets_prefix}cache-password"
  description             = "Password of the cache's user; services read ${var.secrets_prefix}cache"
  kms_key_id              = local.kms_key_arn
  recovery_window_in_days = var.secret_recovery_days

  tags = var.tags
}

resource "aws_secretsmanager_secret_version" "password" {
  secret_id                = aws_secretsmanager_secret.password.id
  secret_string_wo         = jsonencode({ username = local.user, password = ephemeral.aws_secretsmanager_random_password.this.random_password })
  secret_string_wo_version = var.password_version
}

# The provider's arguments for ElastiCache passwords end up in the state in clear text. CloudFormation reads the password by itself,
# so the state holds only the reference (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html).
resource "aws_cloudformation_stack" "user" {
  name = "${var.name}-cache-user"

  template_body = jsonencode({
    AWSTemplateFormatVersion = "2010-09-09"
    Description              = "User of the cache of ${var.name}; its password stays out of the Terraform state"
    Resources = {
      User = {
        Type = "AWS::ElastiCache::User"
        Properties = {
          UserId       = "${var.name}-default"
          UserName     = local.user
          Engine       = var.engine
          AccessString = "on ~* &* +@all"
          Passwords    = ["{{resolve:secretsmanager:${aws_secretsmanager_secret.password.name}:SecretString:password::${aws_secretsmanager_secret_version.password.version_id}}}"]
        }
      }
      Group = {
        Type = "AWS::ElastiCache::UserGroup"
        Properties = {
          UserGroupId = local.user_group
          Engine      = var.engine
          UserIds     = [{ Ref = "User" }]
        }
      }
    }
  })

  tags = var.tags
}

ephemeral "aws_secretsmanager_secret_version" "password" {
  secret_id     = aws_secretsmanager_secret.password.id
  version_id    = aws_secretsmanager_secret_version.password.version_id
  version_stage = "AWSCURRENT"
}

locals {
  password = jsondecode(ephemeral.aws_secretsmanager_secret_version.password.secret_string).password
}

resource "aws_secretsmanager_secret" "this" {
  name                    = "${var.secrets_prefix}cache"
  description             = "How services reach the cache: username, password, host, port, url"
  kms_key_id              = local.kms_key_arn
  recovery_window_in_days = var.secret_recovery_days

  tags = var.tags
}

resource "aws_secretsmanager_secret_version" "this" {
  secret_id = aws_secretsmanager_secret.this.id

  secret_string_wo = jsonencode({
    username = local.user
    password = local.password
    host     = aws_elasticache_replication_group.this.primary_endpoint_address
    port     = local.port
    url      = "rediss://${local.user}:${local.password}@${aws_elasticache_replication_group.this.primary_endpoint_address}:${local.port}"
  })

  # Written again when the password or the address is another.
  secret_string_wo_version = parseint(substr(sha256(join("/", [
    aws_secretsmanager_secret_version.password.version_id,
    aws_elasticache_replication_group.this.primary_endpoint_address,
  ])), 0, 7), 16)
}
