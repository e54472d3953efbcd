data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

locals {
  account   = data.aws_caller_identity.this.account_id
  partition = data.aws_partition.this.partition

  # Everything that the front door leads to, by a key of its own. base: what stands before the path inside a site or a bucket.
  targets = merge(
    { for name, site in var.sites : "site/${name}" => { origin = "site-${name}", base = trimsuffix(site.route, "/*"), route = site.route, files = true } },
    { for name, bucket in var.buckets : "bucket/${name}" => { origin = "bucket-${name}", base = trimsuffix(bucket.route, "/*"), route = bucket.route, files = true } },
    { for name, service in var.services : "service/${name}" => { origin = "services", base = trimsuffix(service.route, "/*"), route = service.route, files = false } },
  )

  # The longest path is asked for first; "/api/*" means /api too.
  ordered_keys = [
    for line in sort([for key, target in local.targets : format("%03d %s", 999 - length(target.base), key) if target.route != "/*"]) : substr(line, 4, -1)
  ]
  behaviours = flatten([
    for key in local.ordered_keys : [
      for pattern in distinct([local.targets[key].base, local.targets[key].route]) : merge(local.targets[key], { key = key, pattern = pattern })
    ]
  ])

  default_key = one([for key, target in local.targets : key if target.route == "/*"])
  # Without a site at "/*" what nobody asked for leads to an empty place: 404.
  default = local.default_key == null ? { key = null, origin = "nothing", files = true } : merge(local.targets[local.default_key], { key = local.default_key })

  site_origins = merge(
    { for name, site in var.sites : "site-${name}" => "/${name}" },
    local.default_key == null ? { nothing = "/nothing-here" } : {},
  )

  # Managed by AWS, with the same ids in every account.
  caching_disabled       = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" # Managed-CachingDisabled
  all_viewer_except_host = "b689b0a8-53d0-40ab-baf2-68738e2966ac" # Managed-AllViewerExceptHostHeader
}

resource "aws_cloudfront_origin_access_control" "this" {
  name                              = var.name
  description                       = "The distribution of ${var.name} signs what it asks of S3"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_function" "page" {
  for_each = { for key, target in local.targets : key => target if target.files }

  name    = "${var.name}-${replace(each.key, "/", "-")}"
  comment = "Which file a path of ${each.key} means"
  runtime = "cloudfront-js-2.0"
  publish = true
  code = templatefile("${path.module}/functions/page.js.tftpl", {
    base = each.value.base
    page = startswith(each.key, "site/") ? "/${var.sites[trimprefix(each.key, "site/")].fallback}" : null
  })
}

# What the object itself says about caching holds; an object that says nothing is asked for again each time.
resource "aws_cloudfront_cache_policy" "files" {
  name        = "${var.name}-files"
  comment     = "Files of ${var.name}, as long as their Cache-Control says"
  min_ttl     = 0
  default_ttl = 0
  max_ttl     = 31536000

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_brotli = true
    enable_accept_encoding_gzip   = true

    cookies_config {
      cookie_behavior = "none"
    }

    headers_config {
      header_behavior = "none"
    }

    query_strings_config {
      query_string_behavior = "none"
    }
  }
}

resource "aws_cloudfront_response_headers_policy" "this" {
  name    = var.name
  comment = "Security headers of ${var.name}"

  security_headers_config {
    strict_transport_security {
      access_control_max_age_sec = var.headers.hsts_seconds
      include_subdomains         = var.headers.hsts_subdomains
      preload                    = var.headers.hsts_preload
      override                   = true
    }

    content_type_options {
      override = true
    }

    # A service that sets its own keeps it.
    frame_options {
      frame_option = var.headers.frame
      override     = false
    }

    referrer_policy {
      referrer_policy = var.headers.referrer
      override        = false
    }

    dynamic "content_security_policy" {
      for_each = var.headers.content_security_policy == null ? [] : [var.headers.content_security_policy]

      content {
        content_security_policy = content_security_policy.value
        override                = false
      }
    }
  }
}
