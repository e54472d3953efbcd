module "dns" {
  source = "../dns"
  count  = local.has_front_door ? 1 : 0

  domain               = var.app.domain
  zone                 = local.existing.zone == null ? null : { id = local.existing.zone }
  parent_zone          = var.app.dns.parent_zone == null ? null : { id = var.app.dns.parent_zone }
  certificate          = local.existing.certificate == null ? null : { arn = local.existing.certificate }
  regional_certificate = local.existing.regional_certificate == null ? null : { arn = local.existing.regional_certificate }
  protect              = var.app.protect
  tags                 = var.tags

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }
}

# Keys belong to a region, and the web ACL's log lies in us-east-1.
module "edge_key" {
  source = "../security"
  count  = var.app.waf != null && local.has_front_door ? 1 : 0

  name = "${local.name}-edge"
  tags = var.tags

  providers = {
    aws = aws.us_east_1
  }
}

module "edge" {
  source = "../edge"
  count  = var.app.waf != null && local.has_front_door ? 1 : 0

  name       = local.name
  rate_limit = var.app.waf.rate_limit
  log_days   = var.app.log_days
  kms_key    = { arn = module.edge_key[0].key_arn }
  tags       = var.tags

  providers = {
    aws = aws.us_east_1
  }
}

# CloudFront's addresses are everybody's: whoever makes a distribution of his own could lead it to this load balancer, past the web
# ACL. So the rules of web services also ask for a word that only this distribution says.
resource "terraform_data" "origin_word" {
  count = length(local.web) == 0 ? 0 : 1

  input = uuid()

  lifecycle {
    ignore_changes = [input]
  }
}

locals {
  origin_header = length(local.web) == 0 ? null : { name = "X-Origin-Word", value = terraform_data.origin_word[0].output }
}

module "site" {
  source = "../site"
  count  = local.has_front_door ? 1 : 0

  name            = local.name
  domains         = [var.app.domain]
  certificate_arn = module.dns[0].certificate_arn
  zone            = { id = module.dns[0].zone_id }
  sites           = var.app.sites
  services        = { for name, service in local.web : name => { route = service.route } }
  buckets         = { for name in keys(local.public_buckets) : name => { route = "/${name}/*", domain = "${local.bucket_names[name]}.s3.${local.region}.${data.aws_partition.this.dns_suffix}" } }
  web_acl         = var.app.waf == null ? null : { arn = module.edge[0].web_acl_arn }
  log_days        = var.app.log_days
  access_logs     = { bucket = module.access_logs[0].bucket }
  protect         = var.app.protect
  tags            = var.tags

  origin = length(local.web) == 0 ? null : {
    domain = module.dns[0].origin_domain
    header = local.origin_header
  }

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }
}
