output "zone_id" {
  description = "Hosted zone of the domain."
  value       = local.zone_id
}

output "name_servers" {
  description = "Name servers that the parent zone must delegate to; empty for a zone that was there already."
  value       = try(aws_route53_zone.this[0].name_servers, [])
}

output "certificate_arn" {
  description = "Issued certificate for the domain in us-east-1, for CloudFront."
  value       = local.certificate_arn
}

output "regional_certificate_arn" {
  description = "Issued certificate for origin.<domain> in the region, for the load balancer."
  value       = local.regional_certificate_arn
}

output "origin_domain" {
  description = "Host name that CloudFront reaches the load balancer by."
  value       = local.origin_domain
}
