locals {
  own_buckets  = { for name, bucket in var.app.buckets : name => bucket if !contains(keys(local.existing.buckets), name) }
  bucket_names = merge({ for name in keys(local.own_buckets) : name => "${local.name}-${name}-${local.account}" }, local.existing.buckets)
  bucket_arns  = { for name, bucket in local.bucket_names : name => "arn:${data.aws_partition.this.partition}:s3:::${bucket}" }
  makes_data   = var.app.database != null && local.existing.database == null
  adopts_data  = var.app.database != null && local.existing.database != null
}

module "database" {
  source = "../database"
  count  = local.makes_data ? 1 : 0

  name                    = local.name
  database                = replace(var.app.name, "-", "_")
  vpc_id                  = local.vpc.id
  subnet_ids              = try(module.network[0].data_subnet_ids, local.existing.vpc.data_subnets)
  allowed_security_groups = { services = aws_security_group.services.id }
  postgres_version        = var.app.database.version
  instance                = var.app.database.instance
  storage_gb              = var.app.database.storage_gb
  max_storage_gb          = var.app.database.max_storage_gb
  multi_az                = var.app.database.multi_az
  backup_days             = var.app.database.backup_days
  replica                 = var.app.database.replica
  proxy                   = var.app.database.proxy
  log_days                = var.app.log_days
  protect                 = var.app.protect
  kms_key                 = { arn = module.security.key_arn }
  permissions_boundary    = var.permissions_boundary
  tags                    = var.tags

  roles = {
    secrets_prefix       = local.secrets_prefix
    private_subnet_ids   = local.vpc.private_subnets
    image                = var.app.images.database_roles
    secret_recovery_days = var.app.protect ? 7 : 0
  }
}

# A database that is there already stays as it is; it gets the two roles, and lets the services in.
data "aws_db_instance" "existing" {
  count = local.adopts_data ? 1 : 0

  db_instance_identifier = local.existing.database

  lifecycle {
    postcondition {
      condition     = self.engine == "postgres" && length(self.master_user_secret) == 1
      error_message = "app.existing.database (${self.db_instance_identifier}): a PostgreSQL instance whose master password RDS manages: aws rds modify-db-instance --db-instance-identifier ${self.db_instance_identifier} --manage-master-user-password"
    }
  }
}

module "existing_database_roles" {
  source = "../database/modules/roles"
  count  = local.adopts_data ? 1 : 0

  name                       = local.name
  database                   = data.aws_db_instance.existing[0].db_name
  role_prefix                = replace(var.app.name, "-", "_")
  host                       = data.aws_db_instance.existing[0].address
  port                       = data.aws_db_instance.existing[0].port
  master_secret_arn          = data.aws_db_instance.existing[0].master_user_secret[0].secret_arn
  master_kms_key             = { arn = data.aws_db_instance.existing[0].master_user_secret[0].kms_key_id }
  secrets_prefix             = local.secrets_prefix
  kms_key                    = { arn = module.security.key_arn }
  vpc_id                     = local.vpc.id
  private_subnet_ids         = local.vpc.private_subnets
  database_security_group_id = { id = data.aws_db_instance.existing[0].vpc_security_groups[0] }
  image                      = coalesce(var.app.images.database_roles, "public.ecr.aws/docker/library/postgres:${var.app.database.version}")
  secret_recovery_days       = var.app.protect ? 7 : 0
  log_days                   = var.app.log_days
  permissions_boundary       = var.permissions_boundary
  tags                       = var.tags
}

resource "aws_vpc_security_group_ingress_rule" "existing_database" {
  count = local.adopts_data ? 1 : 0

  security_group_id            = data.aws_db_instance.existing[0].vpc_security_groups[0]
  description                  = "Services of ${local.name}"
  referenced_security_group_id = aws_security_group.services.id
  ip_protocol                  = "tcp"
  from_port                    = data.aws_db_instance.existing[0].port
  to_port                      = data.aws_db_instance.existing[0].port
  tags                         = var.tags
}

module "cache" {
  source = "../cache"
  count  = var.app.cache == null ? 0 : 1

  name                    = local.name
  vpc_id                  = local.vpc.id
  subnet_ids              = try(module.network[0].data_subnet_ids, local.existing.vpc.data_subnets)
  allowed_security_groups = { services = aws_security_group.services.id }
  engine                  = var.app.cache.engine
  engine_version          = var.app.cache.version
  node                    = var.app.cache.node
  replicas                = var.app.cache.replicas
  secrets_prefix          = local.secrets_prefix
  secret_recovery_days    = var.app.protect ? 7 : 0
  log_days                = var.app.log_days
  protect                 = var.app.protect
  kms_key                 = { arn = module.security.key_arn }
  tags                    = var.tags
}

# Who read what, of every bucket of the environment that is not a log itself.
module "access_logs" {
  source = "../access-logs"
  count  = local.has_front_door || length(local.own_buckets) > 0 ? 1 : 0

  name     = local.name
  log_days = var.app.log_days
  protect  = var.app.protect
  tags     = var.tags
}

# Their names are told in advance: the distribution names a public bucket as its origin, and the bucket's policy the distribution.
module "storage" {
  source = "../storage"

  name        = local.name
  access_logs = length(local.own_buckets) == 0 ? null : { bucket = module.access_logs[0].bucket }
  protect     = var.app.protect
  tags        = var.tags

  buckets = {
    for name, bucket in local.own_buckets : name => {
      bucket  = local.bucket_names[name]
      readers = bucket.public ? [module.site[0].distribution_arn] : []
    }
  }
}

data "aws_s3_bucket" "existing" {
  for_each = local.existing.buckets

  bucket = each.value
}

# A document, not a text: a plan shows what it allows before the key's ARN is known.
data "aws_iam_policy_document" "buckets" {
  count = length(var.app.buckets) == 0 ? 0 : 1

  statement {
    sid       = "FindInOwnBuckets"
    actions   = ["s3:ListBucket"]
    resources = values(local.bucket_arns)
  }

  statement {
    sid       = "UseOwnBuckets"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
    resources = [for arn in values(local.bucket_arns) : "${arn}/*"]
  }

  dynamic "statement" {
    for_each = length(local.own_buckets) == 0 ? [] : [module.storage.kms_key_arn]

    content {
      sid       = "KeyOfOwnBuckets"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["s3.${local.region}.${data.aws_partition.this.dns_suffix}"]
      }
    }
  }
}
