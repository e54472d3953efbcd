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

run "wrong_values_are_refused" {
  command = plan

  variables {
    name              = "Rideshare"
    domains           = ["https://rideshare.example"]
    certificate_arn   = "arn:aws:acm:eu-north-1:123456789012:certificate/1"
    price_class       = "PriceClass_300"
    blocked_countries = ["Sweden"]
    old_version_days  = 0
    log_days          = 0
    headers           = { frame = "ALLOW" }
    buckets           = { uploads = { route = "/*", domain = "d" } }
  }

  expect_failures = [var.name, var.domains, var.certificate_arn, var.price_class, var.blocked_countries, var.old_version_days, var.log_days, var.headers, var.buckets]
}

run "no_domain_at_all_is_refused" {
  command = plan

  variables {
    domains = []
  }

  expect_failures = [var.domains]
}

run "a_site_with_a_capital_letter_is_refused" {
  command = plan

  variables {
    sites = { Frontend = {} }
  }

  expect_failures = [var.sites]
}

run "a_site_at_a_single_path_is_refused" {
  command = plan

  variables {
    sites = { frontend = { route = "/admin" } }
  }

  expect_failures = [var.sites]
}

run "a_fallback_with_a_first_slash_is_refused" {
  command = plan

  variables {
    sites = { frontend = { fallback = "/index.html" } }
  }

  expect_failures = [var.sites]
}

run "a_service_with_a_star_inside_is_refused" {
  command = plan

  variables {
    services = { api = { route = "/api/*/v1" } }
  }

  expect_failures = [var.services]
}

run "two_parts_with_one_route_is_refused" {
  command = plan

  variables {
    services = { web = { route = "/*" } }
  }

  expect_failures = [var.services]
}

run "services_without_an_origin_is_refused" {
  command = plan

  variables {
    origin = null
  }

  expect_failures = [var.origin]
}

run "an_origin_that_may_take_two_minutes_is_refused" {
  command = plan

  variables {
    origin = { domain = "o.example.com", read_seconds = 120 }
  }

  expect_failures = [var.origin]
}

run "hsts_beyond_two_years_is_refused" {
  command = plan

  variables {
    headers = { hsts_seconds = 100000000 }
  }

  expect_failures = [var.headers]
}

run "an_unknown_referrer_policy_is_refused" {
  command = plan

  variables {
    headers = { referrer = "never" }
  }

  expect_failures = [var.headers]
}
