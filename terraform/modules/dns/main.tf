locals {
  zone_name     = coalesce(var.zone_name, var.domain)
  zone_id       = var.zone == null ? aws_route53_zone.this[0].zone_id : var.zone.id
  origin_domain = "origin.${var.domain}"

  makes_certificate          = var.certificate == null
  makes_regional_certificate = var.regional_certificate == null
  certificate_arn            = local.makes_certificate ? aws_acm_certificate_validation.this[0].certificate_arn : var.certificate.arn
  regional_certificate_arn   = local.makes_regional_certificate ? aws_acm_certificate_validation.regional[0].certificate_arn : var.regional_certificate.arn

  # A wildcard is proved by the record of its base, so names that differ by "*." share one.
  names          = local.makes_certificate ? toset([for name in concat([var.domain], sort(var.alternative_names)) : trimprefix(name, "*.")]) : toset([])
  regional_names = local.makes_regional_certificate ? toset([local.origin_domain]) : toset([])
  options = concat(
    flatten([for certificate in aws_acm_certificate.this : tolist(certificate.domain_validation_options)]),
    flatten([for certificate in aws_acm_certificate.regional : tolist(certificate.domain_validation_options)]),
  )
}

resource "aws_route53_zone" "this" {
  count = var.zone == null ? 1 : 0

  name          = local.zone_name
  comment       = "Made by Terraform for ${var.domain}"
  force_destroy = !var.protect

  tags = var.tags
}

resource "aws_route53_record" "delegation" {
  count = var.parent_zone == null ? 0 : 1

  zone_id = var.parent_zone.id
  name    = local.zone_name
  type    = "NS"
  ttl     = 3600
  records = aws_route53_zone.this[0].name_servers
}

resource "aws_route53_record" "caa" {
  count = length(var.caa_issuers) == 0 ? 0 : 1

  zone_id = local.zone_id
  name    = var.domain
  type    = "CAA"
  ttl     = 3600
  records = concat(
    [for issuer in var.caa_issuers : "0 issue \"${issuer}\""],
    var.caa_contact == null ? [] : ["0 iodef \"${var.caa_contact}\""],
  )
}

# CloudFront takes certificates of us-east-1 only.
resource "aws_acm_certificate" "this" {
  count    = local.makes_certificate ? 1 : 0
  provider = aws.us_east_1

  domain_name               = var.domain
  subject_alternative_names = var.alternative_names
  validation_method         = "DNS"

  tags = merge(var.tags, { Name = var.domain })

  # A distribution keeps its certificate until it has the next one.
  lifecycle {
    create_before_destroy = true
  }

  # Otherwise an authority that looks before the record is there may be refused by an older, stricter one.
  depends_on = [aws_route53_record.caa]
}

resource "aws_acm_certificate" "regional" {
  count = local.makes_regional_certificate ? 1 : 0

  domain_name       = local.origin_domain
  validation_method = "DNS"

  tags = merge(var.tags, { Name = local.origin_domain })

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [aws_route53_record.caa]
}

resource "aws_route53_record" "validation" {
  for_each = setunion(local.names, local.regional_names)

  zone_id         = local.zone_id
  name            = [for option in local.options : option.resource_record_name if trimprefix(option.domain_name, "*.") == each.key][0]
  type            = [for option in local.options : option.resource_record_type if trimprefix(option.domain_name, "*.") == each.key][0]
  records         = [[for option in local.options : option.resource_record_value if trimprefix(option.domain_name, "*.") == each.key][0]]
  ttl             = 60
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "this" {
  count    = local.makes_certificate ? 1 : 0
  provider = aws.us_east_1

  certificate_arn         = aws_acm_certificate.this[0].arn
  validation_record_fqdns = [for name in local.names : aws_route53_record.validation[name].fqdn]

  depends_on = [aws_route53_record.delegation]
}

resource "aws_acm_certificate_validation" "regional" {
  count = local.makes_regional_certificate ? 1 : 0

  certificate_arn         = aws_acm_certificate.regional[0].arn
  validation_record_fqdns = [for name in local.regional_names : aws_route53_record.validation[name].fqdn]

  depends_on = [aws_route53_record.delegation]
}
