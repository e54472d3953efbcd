data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

data "aws_region" "this" {}

locals {
  account        = data.aws_caller_identity.this.account_id
  region         = data.aws_region.this.id
  name           = "${var.app.name}-${var.app.environment}"
  secrets_prefix = "${var.app.name}/${var.app.environment}/"
  existing       = var.app.existing

  web            = { for name, service in var.app.services : name => service if service.kind == "web" }
  public_buckets = { for name, bucket in var.app.buckets : name => bucket if bucket.public }
  has_front_door = length(local.web) + length(var.app.sites) + length(local.public_buckets) > 0
}

module "security" {
  source = "../security"

  name                 = local.name
  deletion_window_days = var.app.protect ? 30 : 7
  tags                 = var.tags
}

module "network" {
  source = "../network"
  count  = local.existing.vpc == null ? 1 : 0

  name                 = local.name
  cidr                 = var.app.network.cidr
  zones                = var.app.network.zones
  egress               = var.app.network.egress
  flow_log_days        = var.app.log_days
  kms_key              = { arn = module.security.key_arn }
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

# What has to be in two zones names the network's output itself: a plan's JSON does not show what a local value is made of, and a first
# plan could not be asked.
locals {
  vpc = {
    id              = try(module.network[0].vpc_id, local.existing.vpc.id)
    private_subnets = try(module.network[0].private_subnet_ids, local.existing.vpc.private_subnets)
  }
  nat_gateways = local.existing.vpc != null ? 0 : { nat = 1, nat-per-zone = var.app.network.zones, endpoints = 0 }[var.app.network.egress]
}

# Whoever wears it reaches the database and the cache: services, migrations, commands that are run once. Nothing comes in through it.
resource "aws_security_group" "services" {
  name_prefix            = "${local.name}-services-"
  description            = "Services of ${local.name}: what the database and the cache let in"
  vpc_id                 = local.vpc.id
  revoke_rules_on_delete = true
  tags                   = merge(var.tags, { Name = "${local.name}-services" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "services" {
  security_group_id = aws_security_group.services.id
  description       = "Out"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
  tags              = var.tags
}

module "cluster" {
  source = "../cluster"

  name             = local.name
  existing_cluster = local.existing.cluster
  log_days         = var.app.log_days
  kms_key          = { arn = module.security.key_arn }
  protect          = var.app.protect
  tags             = var.tags

  load_balancer = length(local.web) == 0 ? null : {
    vpc_id          = local.vpc.id
    subnets         = try(module.network[0].public_subnet_ids, local.existing.vpc.public_subnets)
    certificate_arn = module.dns[0].regional_certificate_arn
    domain          = { name = module.dns[0].origin_domain, zone_id = module.dns[0].zone_id }
    # What runs inside the network can look at a candidate: it leaves through these addresses.
    test_sources = { for index in range(local.nat_gateways) : "nat-${index + 1}" => "${module.network[0].nat_public_ips[index]}/32" }
  }
}

locals {
  # Between 1 and 50000: the longer path first, and for each route a number of its own that other services don't change.
  route_bases = { for name, service in local.web : name => trimsuffix(service.route, "/*") }
  places      = { for name, base in local.route_bases : name => (127 - length(base)) * 390 + parseint(substr(md5(base), 0, 6), 16) % 370 + 1 }
  priorities  = { for name, place in local.places : name => place + index(sort([for other, at in local.places : other if at == place]), name) }

  registry     = { account = coalesce(var.app.registry.account, local.account), region = coalesce(var.app.registry.region, local.region) }
  repositories = { for name in keys(var.app.services) : name => lookup(var.app.registry.repositories, name, "${var.app.name}/${name}") }
}

module "service" {
  source   = "../service"
  for_each = var.app.services

  name            = "${local.name}-${each.key}"
  kind            = each.value.kind
  cluster         = { name = module.cluster.name, arn = module.cluster.arn }
  vpc_id          = local.vpc.id
  subnets         = try(module.network[0].private_subnet_ids, local.existing.vpc.private_subnets)
  security_groups = { services = aws_security_group.services.id }

  load_balancer   = each.value.kind == "web" ? module.cluster.load_balancer : null
  route           = each.value.route
  priority        = each.value.kind == "web" ? local.priorities[each.key] : null
  required_header = each.value.kind == "web" ? local.origin_header : null
  port            = each.value.port

  cpu          = each.value.cpu
  memory       = each.value.memory
  instances    = each.value.instances
  scaling      = each.value.scaling
  stop_seconds = each.value.stop_seconds
  health       = each.value.health

  repository_arn    = "arn:${data.aws_partition.this.partition}:ecr:${local.registry.region}:${local.registry.account}:repository/${local.repositories[each.key]}"
  image_key         = var.app.registry.kms_key == null ? null : { arn = var.app.registry.kms_key }
  placeholder_image = var.app.images.placeholder

  secrets_prefix = local.secrets_prefix
  secret_keys    = { environment = module.security.key_arn }
  task_policies  = length(var.app.buckets) == 0 ? {} : { buckets = data.aws_iam_policy_document.buckets[0].json }
  exec_key       = { arn = module.security.key_arn }

  permissions_boundary = var.permissions_boundary

  log_days = var.app.log_days
  kms_key  = { arn = module.security.key_arn }
  tags     = var.tags
}

module "monitoring" {
  source = "../monitoring"

  name           = local.name
  kms_key        = { arn = module.security.key_arn }
  emails         = var.alarm_emails
  service_alarms = { for name, service in module.service : name => service.alarms }
  services       = { for name in keys(var.app.services) : name => { cluster = module.cluster.name, name = "${local.name}-${name}" } }
  load_balancer  = length(local.web) == 0 ? null : module.cluster.load_balancer.arn_suffix
  tags           = var.tags
}
