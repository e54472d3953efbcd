mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::rideshare-staging-sites-123456789012", bucket_regional_domain_name = "rideshare-staging-sites-123456789012.s3.eu-north-1.amazonaws.com" }
  }
  mock_resource "aws_cloudfront_distribution" {
    defaults = { id = "E111", arn = "arn:aws:cloudfront::123456789012:distribution/E111", domain_name = "d111.cloudfront.net", hosted_zone_id = "Z2FDTNDATAQYW2" }
  }
  mock_resource "aws_cloudfront_function" {
    defaults = { arn = "arn:aws:cloudfront::123456789012:function/page" }
  }
  mock_resource "aws_cloudfront_cache_policy" {
    defaults = { id = "files" }
  }
  mock_resource "aws_cloudfront_response_headers_policy" {
    defaults = { id = "headers" }
  }
  mock_resource "aws_cloudfront_origin_access_control" {
    defaults = { id = "OAC1" }
  }
}

mock_provider "aws" {
  alias = "us_east_1"

  mock_resource "aws_cloudwatch_log_delivery_source" {
    defaults = { arn = "arn:aws:logs:us-east-1:123456789012:delivery-source:rideshare-staging-access" }
  }
  mock_resource "aws_cloudwatch_log_delivery_destination" {
    defaults = { arn = "arn:aws:logs:us-east-1:123456789012:delivery-destination:rideshare-staging-access" }
  }
}

variables {
  name            = "rideshare-staging"
  domains         = ["staging.rideshare.example"]
  certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
  zone            = { id = "Z111" }
  sites           = { frontend = {} }
  services        = { api = { route = "/api/*" } }
  origin          = { domain = "origin.staging.rideshare.example" }
}

run "one_distribution_over_https_only_with_http3" {
  assert {
    condition     = aws_cloudfront_distribution.this.http_version == "http2and3" && aws_cloudfront_distribution.this.is_ipv6_enabled && aws_cloudfront_distribution.this.enabled && aws_cloudfront_distribution.this.comment == "rideshare-staging"
    error_message = "HTTP/3 and IPv6."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.viewer_certificate[0].minimum_protocol_version == "TLSv1.2_2021" && aws_cloudfront_distribution.this.viewer_certificate[0].acm_certificate_arn == var.certificate_arn && aws_cloudfront_distribution.this.viewer_certificate[0].ssl_support_method == "sni-only"
    error_message = "TLS 1.2 at least, with the certificate."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.aliases == toset(["staging.rideshare.example"])
    error_message = "The domains are its aliases."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].viewer_protocol_policy == "redirect-to-https" && alltrue([for it in aws_cloudfront_distribution.this.ordered_cache_behavior : it.viewer_protocol_policy == "https-only"])
    error_message = "People are led to HTTPS, programs refused."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].compress && alltrue([for it in aws_cloudfront_distribution.this.ordered_cache_behavior : it.compress])
    error_message = "Answers are compressed."
  }

  assert {
    condition     = length(aws_cloudfront_distribution.this.custom_error_response) == 0
    error_message = "No error of a service or of a missing file becomes a page."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.price_class == "PriceClass_100" && aws_cloudfront_distribution.this.web_acl_id == null && aws_cloudfront_distribution.this.restrictions[0].geo_restriction[0].restriction_type == "none"
    error_message = "Europe and North America, no web ACL, no country blocked."
  }

  assert {
    condition     = toset([for it in aws_route53_record.alias : "${it.zone_id} ${it.name} ${it.type} ${it.alias[0].name}"]) == toset(["Z111 staging.rideshare.example A d111.cloudfront.net", "Z111 staging.rideshare.example AAAA d111.cloudfront.net"])
    error_message = "The domain leads to the distribution, over IPv4 and IPv6."
  }

  assert {
    condition     = output.distribution == "E111" && output.distribution_domain == "d111.cloudfront.net" && output.distribution_arn == aws_cloudfront_distribution.this.arn
    error_message = "The outputs name the distribution."
  }
}

run "the_site_is_the_default_and_its_function_runs_before_the_cache" {
  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].target_origin_id == "site-frontend" && aws_cloudfront_distribution.this.default_cache_behavior[0].allowed_methods == toset(["GET", "HEAD"]) && aws_cloudfront_distribution.this.default_cache_behavior[0].cache_policy_id == "files"
    error_message = "A site at /* is the default."
  }

  assert {
    condition     = one(aws_cloudfront_distribution.this.default_cache_behavior[0].function_association).event_type == "viewer-request" && one(aws_cloudfront_distribution.this.default_cache_behavior[0].function_association).function_arn == aws_cloudfront_function.page["site/frontend"].arn
    error_message = "Paths are rewritten at viewer request."
  }

  assert {
    condition     = one([for it in aws_cloudfront_distribution.this.origin : it if it.origin_id == "site-frontend"]).origin_path == "/frontend" && one([for it in aws_cloudfront_distribution.this.origin : it if it.origin_id == "site-frontend"]).origin_access_control_id == "OAC1"
    error_message = "The files lie below frontend/, and are asked for with a signature."
  }

  assert {
    condition     = strcontains(aws_cloudfront_function.page["site/frontend"].code, "var PAGE = \"/index.html\"") && strcontains(aws_cloudfront_function.page["site/frontend"].code, "var BASE = \"\"")
    error_message = "The function answers with the fallback."
  }

  assert {
    condition     = aws_cloudfront_function.page["site/frontend"].runtime == "cloudfront-js-2.0" && aws_cloudfront_function.page["site/frontend"].publish && aws_cloudfront_function.page["site/frontend"].name == "rideshare-staging-site-frontend"
    error_message = "The function is published."
  }

  assert {
    condition     = output.sites == { frontend = { bucket = "rideshare-staging-sites-123456789012", prefix = "frontend/", distribution = "E111", distribution_domain = "d111.cloudfront.net", route = "/*", fallback = "index.html" } }
    error_message = "The output says what a deployment needs."
  }

  assert {
    condition     = aws_cloudfront_cache_policy.files.min_ttl == 0 && aws_cloudfront_cache_policy.files.default_ttl == 0 && aws_cloudfront_cache_policy.files.max_ttl == 31536000 && aws_cloudfront_cache_policy.files.parameters_in_cache_key_and_forwarded_to_origin[0].enable_accept_encoding_brotli
    error_message = "What the object says about caching holds."
  }

  assert {
    condition     = aws_cloudfront_origin_access_control.this.signing_behavior == "always" && aws_cloudfront_origin_access_control.this.origin_access_control_origin_type == "s3"
    error_message = "Every request to S3 is signed."
  }
}

run "a_service_is_reached_past_the_cache_and_untouched_by_the_function" {
  assert {
    condition     = [for it in aws_cloudfront_distribution.this.ordered_cache_behavior : it.path_pattern] == ["/api", "/api/*"]
    error_message = "/api and what is below."
  }

  assert {
    condition     = alltrue([for it in aws_cloudfront_distribution.this.ordered_cache_behavior : it.target_origin_id == "services" && length(it.function_association) == 0])
    error_message = "No function touches a service."
  }

  assert {
    condition     = alltrue([for it in aws_cloudfront_distribution.this.ordered_cache_behavior : it.cache_policy_id == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" && it.origin_request_policy_id == "b689b0a8-53d0-40ab-baf2-68738e2966ac"])
    error_message = "Nothing is cached, and all headers but Host are passed on."
  }

  assert {
    condition     = alltrue([for it in aws_cloudfront_distribution.this.ordered_cache_behavior : length(it.allowed_methods) == 7 && it.response_headers_policy_id == "headers"])
    error_message = "All methods, with the security headers."
  }

  assert {
    condition     = one([for it in aws_cloudfront_distribution.this.origin : it if it.origin_id == "services"]).domain_name == "origin.staging.rideshare.example" && one([for it in aws_cloudfront_distribution.this.origin : it.custom_origin_config[0] if it.origin_id == "services"]).origin_protocol_policy == "https-only" && one([for it in aws_cloudfront_distribution.this.origin : it.custom_origin_config[0] if it.origin_id == "services"]).origin_ssl_protocols == toset(["TLSv1.2"])
    error_message = "The load balancer is reached over TLS only."
  }

  assert {
    condition     = one([for it in aws_cloudfront_distribution.this.origin : it.custom_origin_config[0] if it.origin_id == "services"]).origin_read_timeout == 30 && length(one([for it in aws_cloudfront_distribution.this.origin : it if it.origin_id == "services"]).custom_header) == 0
    error_message = "An answer may take 30 seconds."
  }
}

run "buckets_are_private_and_a_missing_file_is_a_404" {
  assert {
    condition     = one(flatten([for it in data.aws_iam_policy_document.sites.statement : [for condition in it.condition : "${condition.test} ${condition.variable} ${join(" ", condition.values)}"] if it.sid == "OwnDistributionReads"])) == "StringEquals aws:SourceArn ${aws_cloudfront_distribution.this.arn}" && one([for it in data.aws_iam_policy_document.sites.statement : it if it.sid == "OwnDistributionReads"]).actions == toset(["s3:GetObject"]) && aws_s3_bucket_policy.sites.policy == data.aws_iam_policy_document.sites.json
    error_message = "Only this distribution reads."
  }

  assert {
    condition     = one([for it in data.aws_iam_policy_document.sites.statement : it if it.sid == "OwnDistributionSeesWhatIsMissing"]).actions == toset(["s3:ListBucket"])
    error_message = "S3 says 404 only to whom may list."
  }

  assert {
    condition     = one([for it in data.aws_iam_policy_document.sites.statement : it if it.sid == "OnlyOverTls"]).effect == "Deny"
    error_message = "Without TLS nothing."
  }

  assert {
    condition     = alltrue([for it in [aws_s3_bucket_public_access_block.sites, aws_s3_bucket_public_access_block.logs] : it.block_public_acls && it.block_public_policy && it.ignore_public_acls && it.restrict_public_buckets])
    error_message = "Nothing is public."
  }

  assert {
    condition     = alltrue([for it in [aws_s3_bucket_ownership_controls.sites, aws_s3_bucket_ownership_controls.logs] : it.rule[0].object_ownership == "BucketOwnerEnforced"]) && alltrue([for it in [aws_s3_bucket_versioning.sites, aws_s3_bucket_versioning.logs] : it.versioning_configuration[0].status == "Enabled"])
    error_message = "No ACLs; versioned."
  }

  assert {
    condition     = alltrue([for it in [aws_s3_bucket_server_side_encryption_configuration.sites, aws_s3_bucket_server_side_encryption_configuration.logs] : one(it.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"])
    error_message = "Encrypted."
  }

  assert {
    condition     = !aws_s3_bucket.sites.force_destroy && !aws_s3_bucket.logs.force_destroy && output.bucket == "rideshare-staging-sites-123456789012" && output.bucket_arn == aws_s3_bucket.sites.arn && length(aws_s3_bucket_logging.sites) == 0
    error_message = "Full buckets are kept."
  }

  assert {
    condition     = one(one(aws_s3_bucket_lifecycle_configuration.sites.rule).noncurrent_version_expiration).noncurrent_days == 30 && length(one(aws_s3_bucket_lifecycle_configuration.sites.rule).expiration) == 0
    error_message = "Only overwritten files expire."
  }
}

run "access_logs_are_delivered_without_acls" {
  assert {
    condition     = aws_cloudwatch_log_delivery_source.this.log_type == "ACCESS_LOGS" && aws_cloudwatch_log_delivery_source.this.resource_arn == aws_cloudfront_distribution.this.arn && aws_cloudwatch_log_delivery_source.this.name == "rideshare-staging-access"
    error_message = "The source is the distribution."
  }

  assert {
    condition     = aws_cloudwatch_log_delivery_destination.this.delivery_destination_configuration[0].destination_resource_arn == aws_s3_bucket.logs.arn && aws_cloudwatch_log_delivery_destination.this.output_format == "json"
    error_message = "The destination is the bucket."
  }

  assert {
    condition     = length(aws_cloudfront_distribution.this.logging_config) == 0
    error_message = "The older logs, which need an ACL, are off."
  }

  assert {
    condition     = one([for it in jsondecode(aws_s3_bucket_policy.logs.policy).Statement : it if it.Sid == "DistributionsOfThisAccountWrite"]).Condition.StringEquals["aws:SourceAccount"] == "123456789012" && output.log_bucket == "rideshare-staging-cdn-logs-123456789012"
    error_message = "Only deliveries of this account write."
  }

  assert {
    condition     = one(one(aws_s3_bucket_lifecycle_configuration.logs.rule).expiration).days == 30
    error_message = "They expire."
  }
}

run "security_headers_are_there" {
  assert {
    condition     = aws_cloudfront_response_headers_policy.this.security_headers_config[0].strict_transport_security[0].access_control_max_age_sec == 31536000 && !aws_cloudfront_response_headers_policy.this.security_headers_config[0].strict_transport_security[0].include_subdomains && !aws_cloudfront_response_headers_policy.this.security_headers_config[0].strict_transport_security[0].preload && aws_cloudfront_response_headers_policy.this.security_headers_config[0].strict_transport_security[0].override
    error_message = "HSTS for a year, of this host alone."
  }

  assert {
    condition     = aws_cloudfront_response_headers_policy.this.security_headers_config[0].content_type_options[0].override && aws_cloudfront_response_headers_policy.this.security_headers_config[0].frame_options[0].frame_option == "DENY" && aws_cloudfront_response_headers_policy.this.security_headers_config[0].referrer_policy[0].referrer_policy == "strict-origin-when-cross-origin" && length(aws_cloudfront_response_headers_policy.this.security_headers_config[0].content_security_policy) == 0
    error_message = "nosniff, no frames, short referrers; no policy for contents unless given."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].response_headers_policy_id == "headers"
    error_message = "Sites have them."
  }
}

run "every_setting_reaches_its_place" {
  state_key = "every_setting_reaches_its_place"

  variables {
    headers           = { hsts_seconds = 600, hsts_subdomains = true, hsts_preload = true, frame = "SAMEORIGIN", referrer = "no-referrer", content_security_policy = "default-src 'self'" }
    web_acl           = { arn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/rideshare-staging/1111" }
    price_class       = "PriceClass_All"
    blocked_countries = ["AQ"]
    old_version_days  = 60
    log_days          = 90
    access_logs       = { bucket = "rideshare-staging-access-logs-123456789012" }
    protect           = false
    origin            = { domain = "origin.staging.rideshare.example", read_seconds = 60, header = { name = "X-Origin-Word", value = "mellon" } }
    zone              = null
    tags              = { Team = "riders" }
  }

  assert {
    condition     = aws_cloudfront_response_headers_policy.this.security_headers_config[0].strict_transport_security[0].access_control_max_age_sec == 600 && aws_cloudfront_response_headers_policy.this.security_headers_config[0].strict_transport_security[0].include_subdomains && aws_cloudfront_response_headers_policy.this.security_headers_config[0].strict_transport_security[0].preload && aws_cloudfront_response_headers_policy.this.security_headers_config[0].frame_options[0].frame_option == "SAMEORIGIN" && aws_cloudfront_response_headers_policy.this.security_headers_config[0].referrer_policy[0].referrer_policy == "no-referrer" && aws_cloudfront_response_headers_policy.this.security_headers_config[0].content_security_policy[0].content_security_policy == "default-src 'self'"
    error_message = "headers are the policy's."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.web_acl_id == var.web_acl.arn && aws_cloudfront_distribution.this.price_class == "PriceClass_All" && aws_cloudfront_distribution.this.restrictions[0].geo_restriction[0].restriction_type == "blacklist" && aws_cloudfront_distribution.this.restrictions[0].geo_restriction[0].locations == toset(["AQ"])
    error_message = "web_acl, price_class and blocked_countries are the distribution's."
  }

  assert {
    condition     = one(one(aws_s3_bucket_lifecycle_configuration.sites.rule).noncurrent_version_expiration).noncurrent_days == 60 && one(one(aws_s3_bucket_lifecycle_configuration.logs.rule).expiration).days == 90
    error_message = "old_version_days and log_days are the buckets'."
  }

  assert {
    condition     = aws_s3_bucket_logging.sites[0].target_bucket == "rideshare-staging-access-logs-123456789012" && aws_s3_bucket_logging.sites[0].target_prefix == "rideshare-staging-sites-123456789012/"
    error_message = "access_logs gets what the sites' bucket is asked."
  }

  assert {
    condition     = aws_s3_bucket.sites.force_destroy && aws_s3_bucket.logs.force_destroy
    error_message = "protect = false lets full buckets be destroyed."
  }

  assert {
    condition     = one([for it in aws_cloudfront_distribution.this.origin : it.custom_origin_config[0] if it.origin_id == "services"]).origin_read_timeout == 60 && one(one([for it in aws_cloudfront_distribution.this.origin : it.custom_header if it.origin_id == "services"])).name == "X-Origin-Word" && one(one([for it in aws_cloudfront_distribution.this.origin : it.custom_header if it.origin_id == "services"])).value == "mellon"
    error_message = "origin.read_seconds and origin.header are the origin's."
  }

  assert {
    condition     = length(aws_route53_record.alias) == 0
    error_message = "Without a zone no records."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.tags == tomap({ Team = "riders" }) && aws_s3_bucket.sites.tags == tomap({ Team = "riders" }) && aws_cloudwatch_log_delivery.this.tags == tomap({ Team = "riders" })
    error_message = "Tags reach what is made."
  }
}

run "the_longest_path_is_asked_for_first" {
  state_key = "the_longest_path_is_asked_for_first"

  variables {
    sites    = { frontend = {}, admin = { route = "/admin/*", fallback = "app.html" } }
    services = { api = { route = "/api/*" }, reports = { route = "/api/reports/*" }, hook = { route = "/hook" } }
    buckets  = { uploads = { route = "/uploads/*", domain = "uploads.s3.eu-north-1.amazonaws.com" } }
  }

  assert {
    condition     = [for it in aws_cloudfront_distribution.this.ordered_cache_behavior : it.path_pattern] == ["/api/reports", "/api/reports/*", "/uploads", "/uploads/*", "/admin", "/admin/*", "/hook", "/api", "/api/*"]
    error_message = "In the order of length, whatever the names."
  }

  assert {
    condition     = [for it in aws_cloudfront_distribution.this.ordered_cache_behavior : it.target_origin_id] == ["services", "services", "bucket-uploads", "bucket-uploads", "site-admin", "site-admin", "services", "services", "services"]
    error_message = "Each to its origin."
  }

  assert {
    condition     = strcontains(aws_cloudfront_function.page["site/admin"].code, "var BASE = \"/admin\"") && strcontains(aws_cloudfront_function.page["site/admin"].code, "var PAGE = \"/app.html\"")
    error_message = "A site in a folder is asked for without the folder."
  }

  assert {
    condition     = strcontains(aws_cloudfront_function.page["bucket/uploads"].code, "var PAGE = null") && strcontains(aws_cloudfront_function.page["bucket/uploads"].code, "var BASE = \"/uploads\"")
    error_message = "A bucket never answers with a page."
  }

  assert {
    condition     = one([for it in aws_cloudfront_distribution.this.origin : it if it.origin_id == "bucket-uploads"]).domain_name == "uploads.s3.eu-north-1.amazonaws.com" && one([for it in aws_cloudfront_distribution.this.origin : it if it.origin_id == "bucket-uploads"]).origin_access_control_id == "OAC1"
    error_message = "A bucket is asked for with a signature."
  }
}

run "a_service_at_the_root_is_the_default" {
  state_key = "a_service_at_the_root_is_the_default"

  variables {
    sites    = {}
    services = { web = { route = "/*" } }
  }

  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].target_origin_id == "services" && aws_cloudfront_distribution.this.default_cache_behavior[0].cache_policy_id == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" && length(aws_cloudfront_distribution.this.default_cache_behavior[0].allowed_methods) == 7 && length(aws_cloudfront_distribution.this.default_cache_behavior[0].function_association) == 0 && length(aws_cloudfront_distribution.this.ordered_cache_behavior) == 0
    error_message = "All of it goes to the service."
  }
}

run "without_anything_at_the_root_it_is_empty" {
  state_key = "without_anything_at_the_root_it_is_empty"

  variables {
    sites = {}
  }

  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].target_origin_id == "nothing" && one([for it in aws_cloudfront_distribution.this.origin : it if it.origin_id == "nothing"]).origin_path == "/nothing-here" && length(aws_cloudfront_distribution.this.default_cache_behavior[0].function_association) == 0
    error_message = "What nobody asked for is a 404 of S3."
  }
}

run "sites_alone_need_no_origin" {
  state_key = "sites_alone_need_no_origin"

  variables {
    services = {}
    origin   = null
  }

  assert {
    condition     = length([for it in aws_cloudfront_distribution.this.origin : it if it.origin_id == "services"]) == 0
    error_message = "No load balancer."
  }
}
