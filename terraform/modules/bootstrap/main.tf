data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

data "aws_region" "this" {}

locals {
  account   = data.aws_caller_identity.this.account_id
  partition = data.aws_partition.this.partition
  region    = data.aws_region.this.id

  state_bucket = var.state_bucket == null ? "switchback-state-${local.account}-${local.region}" : var.state_bucket.name
  store_bucket = var.store_bucket == null ? "switchback-store-${local.account}-${local.region}" : var.store_bucket.name
  buckets = merge(
    var.state_bucket == null ? { state = local.state_bucket } : {},
    var.store_bucket == null ? { store = local.store_bucket } : {},
  )
  bucket_arns = {
    state = "arn:${local.partition}:s3:::${local.state_bucket}"
    store = "arn:${local.partition}:s3:::${local.store_bucket}"
  }

  makes_key   = var.encryption == "KMS" && var.kms_key == null && length(local.buckets) > 0
  kms_key_arn = var.encryption != "KMS" ? null : var.kms_key != null ? var.kms_key.arn : one(aws_kms_key.this[*].arn)

  registry_account = coalesce(var.registry_account, local.account)
  own_registry     = local.registry_account == local.account
  repositories = local.own_registry ? module.registry.repositories : {
    for service in var.services : service => {
      name = "${var.app}/${service}"
      arn  = "arn:${local.partition}:ecr:${local.region}:${local.registry_account}:repository/${var.app}/${service}"
      url  = "${local.registry_account}.dkr.ecr.${local.region}.amazonaws.com/${var.app}/${service}"
    }
  }
}

module "registry" {
  source = "../registry"

  app           = var.app
  services      = local.own_registry ? var.services : []
  pull_accounts = var.pull_accounts
  encryption    = var.registry_encryption
  kms_key       = var.registry_kms_key
  protect       = var.protect
  tags          = var.tags
}
