mock_provider "aws" {
  override_during = plan

  mock_data "aws_region" {
    defaults = { id = "eu-north-1" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}", minified_json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
  mock_resource "aws_route53_zone" {
    defaults = { zone_id = "Z00MADE", name_servers = ["ns-1.example", "ns-2.example"] }
  }
  mock_resource "aws_acm_certificate" {
    defaults = { arn = "arn:aws:acm:eu-north-1:123456789012:certificate/made", domain_validation_options = [
      { domain_name = "origin.staging.rideshare.example", resource_record_name = "_o.origin.staging.rideshare.example", resource_record_type = "CNAME", resource_record_value = "_o.acm.example" },
    ] }
  }
}
mock_provider "aws" {
  alias           = "us_east_1"
  override_during = plan

  mock_data "aws_region" {
    defaults = { id = "eu-north-1" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}", minified_json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
  mock_resource "aws_acm_certificate" {
    defaults = { arn = "arn:aws:acm:us-east-1:123456789012:certificate/made", domain_validation_options = [
      { domain_name = "staging.rideshare.example", resource_record_name = "_d.staging.rideshare.example", resource_record_type = "CNAME", resource_record_value = "_d.acm.example" },
      { domain_name = "*.staging.rideshare.example", resource_record_name = "_d.staging.rideshare.example", resource_record_type = "CNAME", resource_record_value = "_d.acm.example" },
      { domain_name = "www.rideshare.example", resource_record_name = "_w.rideshare.example", resource_record_type = "CNAME", resource_record_value = "_w.acm.example" },
    ] }
  }
}

variables {
  domain = "staging.rideshare.example"
}

run "a_zone_and_both_certificates" {
  command = plan
  assert {
    condition     = aws_route53_zone.this[0].name == "staging.rideshare.example" && aws_route53_zone.this[0].force_destroy == false && output.zone_id == "Z00MADE" && output.name_servers == tolist(["ns-1.example", "ns-2.example"])
    error_message = "A zone of the domain's name is made, and stays while it holds foreign records."
  }
  assert {
    condition     = aws_acm_certificate.this[0].domain_name == "staging.rideshare.example" && aws_acm_certificate.this[0].validation_method == "DNS"
    error_message = "The domain's certificate is proved by DNS."
  }
  assert {
    condition     = aws_acm_certificate.regional[0].domain_name == "origin.staging.rideshare.example" && aws_acm_certificate.regional[0].validation_method == "DNS" && output.origin_domain == "origin.staging.rideshare.example"
    error_message = "So is the origin's."
  }
  assert {
    condition     = keys(aws_route53_record.validation) == ["origin.staging.rideshare.example", "staging.rideshare.example"]
    error_message = "Each name has its record."
  }
  assert {
    condition     = aws_route53_record.validation["staging.rideshare.example"].name == "_d.staging.rideshare.example" && aws_route53_record.validation["staging.rideshare.example"].type == "CNAME" && aws_route53_record.validation["staging.rideshare.example"].records == toset(["_d.acm.example"]) && aws_route53_record.validation["origin.staging.rideshare.example"].name == "_o.origin.staging.rideshare.example"
    error_message = "The record is the one that its certificate asks for."
  }
  assert {
    condition     = aws_route53_record.validation["staging.rideshare.example"].zone_id == "Z00MADE"
    error_message = "In the zone that was made."
  }
  assert {
    condition     = aws_acm_certificate_validation.this[0].certificate_arn == "arn:aws:acm:us-east-1:123456789012:certificate/made" && aws_acm_certificate_validation.regional[0].certificate_arn == "arn:aws:acm:eu-north-1:123456789012:certificate/made"
    error_message = "Each certificate is waited for in its region."
  }
  assert {
    condition     = aws_route53_record.caa[0].records == toset(["0 issue \"amazon.com\"", "0 issue \"amazontrust.com\"", "0 issue \"awstrust.com\"", "0 issue \"amazonaws.com\""]) && aws_route53_record.caa[0].type == "CAA" && aws_route53_record.caa[0].name == "staging.rideshare.example"
    error_message = "Only Amazon may issue for the domain."
  }
  assert {
    condition     = length(aws_route53_record.delegation) == 0
    error_message = "Nobody's parent zone is touched."
  }
}

run "a_zone_of_a_shorter_name_is_delegated_in_its_parent" {
  command = plan
  variables {
    zone_name         = "rideshare.example"
    parent_zone       = { id = "Z00PARENT" }
    alternative_names = ["www.rideshare.example", "*.staging.rideshare.example"]
    caa_contact       = "mailto:security@rideshare.example"
    protect           = false
    tags              = { Team = "rides" }
  }
  assert {
    condition     = aws_route53_zone.this[0].name == "rideshare.example" && aws_route53_zone.this[0].force_destroy
    error_message = "The zone has the name that was given, and goes with its records without protection."
  }
  assert {
    condition     = aws_route53_record.delegation[0].zone_id == "Z00PARENT" && aws_route53_record.delegation[0].name == "rideshare.example" && aws_route53_record.delegation[0].type == "NS" && aws_route53_record.delegation[0].records == toset(["ns-1.example", "ns-2.example"])
    error_message = "The parent delegates."
  }
  assert {
    condition     = aws_acm_certificate.this[0].subject_alternative_names == toset(["www.rideshare.example", "*.staging.rideshare.example"])
    error_message = "Further names are on the certificate."
  }
  assert {
    condition     = keys(aws_route53_record.validation) == ["origin.staging.rideshare.example", "staging.rideshare.example", "www.rideshare.example"]
    error_message = "A wildcard shares its base's record."
  }
  assert {
    condition     = contains(aws_route53_record.caa[0].records, "0 iodef \"mailto:security@rideshare.example\"")
    error_message = "Refused requests are reported."
  }
  assert {
    condition     = aws_acm_certificate.this[0].tags == tomap({ Team = "rides", Name = "staging.rideshare.example" })
    error_message = "Tags are on everything."
  }
}

run "what_is_there_already_is_used" {
  command = plan
  variables {
    zone                 = { id = "Z00GIVEN" }
    certificate          = { arn = "arn:aws:acm:us-east-1:123456789012:certificate/given" }
    regional_certificate = { arn = "arn:aws:acm:eu-north-1:123456789012:certificate/given" }
    caa_issuers          = []
  }
  assert {
    condition     = length(aws_route53_zone.this) == 0 && length(aws_acm_certificate.this) == 0 && length(aws_acm_certificate.regional) == 0 && length(aws_route53_record.validation) == 0 && length(aws_route53_record.caa) == 0
    error_message = "Nothing is made."
  }
  assert {
    condition     = output.zone_id == "Z00GIVEN" && output.name_servers == [] && output.certificate_arn == "arn:aws:acm:us-east-1:123456789012:certificate/given" && output.regional_certificate_arn == "arn:aws:acm:eu-north-1:123456789012:certificate/given"
    error_message = "Outputs are what was handed in."
  }
}

run "one_certificate_of_two_is_there" {
  command = plan
  variables {
    zone        = { id = "Z00GIVEN" }
    certificate = { arn = "arn:aws:acm:us-east-1:123456789012:certificate/given" }
  }
  assert {
    condition     = keys(aws_route53_record.validation) == ["origin.staging.rideshare.example"] && aws_route53_record.validation["origin.staging.rideshare.example"].zone_id == "Z00GIVEN"
    error_message = "The other is made and proved in the given zone."
  }
}

run "a_domain_with_a_scheme_is_refused" {
  command = plan
  variables {
    domain = "https://rideshare.example"
  }
  expect_failures = [var.domain]
}

run "a_domain_too_long_for_a_certificate_is_refused" {
  command = plan
  variables {
    domain = "a-very-long-name-of-an-environment-that-nobody-types.staging.rideshare.example"
  }
  expect_failures = [var.domain]
}

run "an_alternative_name_that_is_none_is_refused" {
  command = plan
  variables {
    alternative_names = ["www"]
  }
  expect_failures = [var.alternative_names]
}

run "the_domain_as_its_own_alternative_is_refused" {
  command = plan
  variables {
    alternative_names = ["staging.rideshare.example"]
  }
  expect_failures = [var.alternative_names]
}

run "a_zone_of_another_name_is_refused" {
  command = plan
  variables {
    zone_name = "other.example"
  }
  expect_failures = [var.zone_name]
}

run "a_zone_name_beside_a_zone_is_refused" {
  command = plan
  variables {
    zone_name = "rideshare.example"
    zone      = { id = "Z00GIVEN" }
  }
  expect_failures = [var.zone_name]
}

run "a_parent_beside_a_zone_is_refused" {
  command = plan
  variables {
    parent_zone = { id = "Z00PARENT" }
    zone        = { id = "Z00GIVEN" }
  }
  expect_failures = [var.parent_zone]
}

run "authorities_without_amazon_are_refused" {
  command = plan
  variables {
    caa_issuers = ["letsencrypt.org"]
  }
  expect_failures = [var.caa_issuers]
}

run "a_contact_without_a_scheme_is_refused" {
  command = plan
  variables {
    caa_contact = "security@rideshare.example"
  }
  expect_failures = [var.caa_contact]
}
