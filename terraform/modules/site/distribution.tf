resource "aws_cloudfront_distribution" "this" {
  enabled         = true
  comment         = var.name
  aliases         = var.domains
  http_version    = "http2and3"
  is_ipv6_enabled = true
  price_class     = var.price_class
  web_acl_id      = try(var.web_acl.arn, null)
  tags            = var.tags

  dynamic "origin" {
    for_each = local.site_origins

    content {
      origin_id                = origin.key
      domain_name              = aws_s3_bucket.sites.bucket_regional_domain_name
      origin_path              = origin.value
      origin_access_control_id = aws_cloudfront_origin_access_control.this.id
    }
  }

  dynamic "origin" {
    for_each = var.buckets

    content {
      origin_id                = "bucket-${origin.key}"
      domain_name              = origin.value.domain
      origin_access_control_id = aws_cloudfront_origin_access_control.this.id
    }
  }

  dynamic "origin" {
    for_each = length(var.services) == 0 ? [] : [var.origin]

    content {
      origin_id   = "services"
      domain_name = origin.value.domain

      custom_origin_config {
        http_port                = 80
        https_port               = 443
        origin_protocol_policy   = "https-only"
        origin_ssl_protocols     = ["TLSv1.2"]
        origin_read_timeout      = origin.value.read_seconds
        origin_keepalive_timeout = 5
      }

      dynamic "custom_header" {
        for_each = origin.value.header == null ? [] : [origin.value.header]

        content {
          name  = custom_header.value.name
          value = custom_header.value.value
        }
      }
    }
  }

  # There is no custom_error_response on purpose: it would turn a service's 403 and 404, and a missing script, into a page with 200.
  dynamic "ordered_cache_behavior" {
    for_each = local.behaviours

    content {
      path_pattern               = ordered_cache_behavior.value.pattern
      target_origin_id           = ordered_cache_behavior.value.origin
      viewer_protocol_policy     = ordered_cache_behavior.value.files ? "redirect-to-https" : "https-only"
      allowed_methods            = ordered_cache_behavior.value.files ? ["GET", "HEAD"] : ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
      cached_methods             = ["GET", "HEAD"]
      compress                   = true
      cache_policy_id            = ordered_cache_behavior.value.files ? aws_cloudfront_cache_policy.files.id : local.caching_disabled
      origin_request_policy_id   = ordered_cache_behavior.value.files ? null : local.all_viewer_except_host
      response_headers_policy_id = aws_cloudfront_response_headers_policy.this.id

      dynamic "function_association" {
        for_each = ordered_cache_behavior.value.files ? [ordered_cache_behavior.value.key] : []

        content {
          event_type   = "viewer-request"
          function_arn = aws_cloudfront_function.page[function_association.value].arn
        }
      }
    }
  }

  default_cache_behavior {
    target_origin_id           = local.default.origin
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = local.default.files ? ["GET", "HEAD"] : ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = local.default.files ? aws_cloudfront_cache_policy.files.id : local.caching_disabled
    origin_request_policy_id   = local.default.files ? null : local.all_viewer_except_host
    response_headers_policy_id = aws_cloudfront_response_headers_policy.this.id

    dynamic "function_association" {
      for_each = local.default.files && local.default.key != null ? [local.default.key] : []

      content {
        event_type   = "viewer-request"
        function_arn = aws_cloudfront_function.page[function_association.value].arn
      }
    }
  }

  viewer_certificate {
    acm_certificate_arn      = var.certificate_arn
    minimum_protocol_version = "TLSv1.2_2021"
    ssl_support_method       = "sni-only"
  }

  restrictions {
    geo_restriction {
      restriction_type = length(var.blocked_countries) == 0 ? "none" : "blacklist"
      locations        = var.blocked_countries
    }
  }
}

resource "aws_route53_record" "alias" {
  for_each = var.zone == null ? {} : {
    for pair in setproduct(var.domains, ["A", "AAAA"]) : "${pair[0]} ${pair[1]}" => { name = pair[0], type = pair[1] }
  }

  zone_id = var.zone.id
  name    = each.value.name
  type    = each.value.type

  alias {
    name                   = aws_cloudfront_distribution.this.domain_name
    zone_id                = aws_cloudfront_distribution.this.hosted_zone_id
    evaluate_target_health = false
  }
}
