mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-north-1" }
  }
  mock_resource "aws_wafv2_web_acl" {
    defaults = { arn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/rideshare-staging/11111111" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:123456789012:log-group:aws-waf-logs-rideshare-staging" }
  }
}

variables {
  name = "rideshare-staging"
}

run "by_default_four_managed_groups_follow_the_rate_limit" {
  assert {
    condition     = aws_wafv2_web_acl.this.name == "rideshare-staging" && aws_wafv2_web_acl.this.scope == "CLOUDFRONT"
    error_message = "The web ACL is for CloudFront."
  }
  assert {
    condition = { for it in aws_wafv2_web_acl.this.rule : it.name => it.priority } == {
      rate-limit                            = 0
      AWSManagedRulesAmazonIpReputationList = 10
      AWSManagedRulesCommonRuleSet          = 20
      AWSManagedRulesKnownBadInputsRuleSet  = 30
      AWSManagedRulesSQLiRuleSet            = 40
    }
    error_message = "The rate limit comes first, then the groups in their order."
  }
  assert {
    condition     = one([for it in aws_wafv2_web_acl.this.rule : it.statement[0].rate_based_statement[0].limit if it.name == "rate-limit"]) == 2000
    error_message = "2000 requests in five minutes."
  }
  assert {
    condition     = one([for it in aws_wafv2_web_acl.this.rule : it.action[0].block[0].custom_response[0].response_code if it.name == "rate-limit"]) == 429
    error_message = "Who is too fast gets 429."
  }
  assert {
    condition     = one([for it in aws_wafv2_web_acl.this.rule : it.statement[0].managed_rule_group_statement[0].rule_action_override[0].name if it.name == "AWSManagedRulesCommonRuleSet"]) == "SizeRestrictions_BODY"
    error_message = "Uploads above 8 KB are not stopped."
  }
  assert {
    condition     = aws_cloudwatch_log_group.this.name == "aws-waf-logs-rideshare-staging" && aws_cloudwatch_log_group.this.retention_in_days == 30
    error_message = "The log's name has the prefix that WAF asks for."
  }
  assert {
    condition     = toset(flatten([for it in aws_wafv2_web_acl_logging_configuration.this.redacted_fields : it.single_header[*].name])) == toset(["authorization", "cookie"])
    error_message = "Credentials are not logged."
  }
  assert {
    condition     = aws_wafv2_web_acl_logging_configuration.this.logging_filter[0].default_behavior == "DROP"
    error_message = "Requests that pass are not logged."
  }
  assert {
    condition     = output.web_acl_arn == aws_wafv2_web_acl.this.arn && output.log_group == "aws-waf-logs-rideshare-staging"
    error_message = "The outputs name the web ACL and the log."
  }
}

run "every_setting_reaches_its_place" {
  variables {
    scope       = "REGIONAL"
    rate_limit  = 500
    rule_groups = [{ name = "AWSManagedRulesCommonRuleSet" }]
    log_allowed = true
    log_days    = 90
    kms_key     = { arn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555" }
    tags        = { Team = "riders" }
  }

  assert {
    condition     = aws_wafv2_web_acl.this.scope == "REGIONAL"
    error_message = "scope is the web ACL's."
  }
  assert {
    condition     = one([for it in aws_wafv2_web_acl.this.rule : it.statement[0].rate_based_statement[0].limit if it.name == "rate-limit"]) == 500
    error_message = "rate_limit is the rule's."
  }
  assert {
    condition     = length(aws_wafv2_web_acl.this.rule) == 2
    error_message = "rule_groups replace the default ones."
  }
  assert {
    condition     = length(aws_wafv2_web_acl_logging_configuration.this.logging_filter) == 0
    error_message = "log_allowed logs everything."
  }
  assert {
    condition     = aws_cloudwatch_log_group.this.retention_in_days == 90 && aws_cloudwatch_log_group.this.kms_key_id == var.kms_key.arn
    error_message = "log_days and kms_key are the log's."
  }
  assert {
    condition     = aws_wafv2_web_acl.this.tags == tomap({ Team = "riders" }) && aws_cloudwatch_log_group.this.tags == tomap({ Team = "riders" })
    error_message = "Tags reach web ACL and log."
  }
}

run "wrong_values_are_refused" {
  command = plan

  variables {
    name        = "Rideshare"
    scope       = "GLOBAL"
    rate_limit  = 5
    rule_groups = [{ name = "OwnRules" }]
    log_days    = 31
  }

  expect_failures = [var.name, var.scope, var.rate_limit, var.rule_groups, var.log_days]
}

run "a_group_named_twice_is_refused" {
  command = plan

  variables {
    rule_groups = [{ name = "AWSManagedRulesCommonRuleSet" }, { name = "AWSManagedRulesCommonRuleSet" }]
  }

  expect_failures = [var.rule_groups]
}
