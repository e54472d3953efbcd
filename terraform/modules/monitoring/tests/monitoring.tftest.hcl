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
  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:eu-north-1:123456789012:rideshare-staging-alarms" }
  }
}

variables {
  name    = "rideshare-staging"
  kms_key = { arn = "arn:aws:kms:eu-north-1:123456789012:key/11111111-2222-3333-4444-555555555555" }
}

run "the_topic_is_encrypted_and_open_to_alarms_of_this_account_only" {
  assert {
    condition     = aws_sns_topic.alarms.name == "rideshare-staging-alarms" && aws_sns_topic.alarms.kms_master_key_id == var.kms_key.arn
    error_message = "The topic carries the name and the key."
  }
  assert {
    condition = one([
      for it in jsondecode(aws_sns_topic_policy.alarms.policy).Statement : it.Condition.StringEquals["aws:SourceAccount"] if it.Sid == "AlarmsOfThisAccount"
    ]) == "123456789012"
    error_message = "Alarms of other accounts can't publish."
  }
  assert {
    condition     = one([for it in jsondecode(aws_sns_topic_policy.alarms.policy).Statement : it.Effect if it.Sid == "OnlyOverTls"]) == "Deny"
    error_message = "Publishing without TLS is denied."
  }
  assert {
    condition     = output.topic_arn == aws_sns_topic.alarms.arn && output.dashboard == "rideshare-staging"
    error_message = "The outputs name the topic and the dashboard."
  }
}

run "without_services_there_is_no_joined_alarm_and_an_empty_dashboard" {
  assert {
    condition     = length(aws_cloudwatch_composite_alarm.services) == 0 && output.services_alarm == null
    error_message = "Nothing to join, no alarm."
  }
  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets) == 0
    error_message = "Nothing to show, no widget."
  }
}

run "services_are_joined_into_one_alarm_and_shown" {
  variables {
    emails         = ["anna@example.com", "ben@example.com"]
    service_alarms = { api = ["api-5xx-blue", "api-cpu"], mailer = ["mailer-cpu"] }
    services       = { api = { cluster = "rideshare-staging", name = "rideshare-staging-api" } }
    load_balancer  = "app/rideshare-staging/1234567890abcdef"
    tags           = { Team = "riders" }
  }

  assert {
    condition     = aws_cloudwatch_composite_alarm.services[0].alarm_rule == "ALARM(\"api-5xx-blue\") OR ALARM(\"api-cpu\") OR ALARM(\"mailer-cpu\")"
    error_message = "Any alarm of any service fires the joined one."
  }
  assert {
    condition     = aws_cloudwatch_composite_alarm.services[0].alarm_actions == toset([aws_sns_topic.alarms.arn])
    error_message = "The joined alarm tells the topic."
  }
  assert {
    condition     = toset([for it in aws_sns_topic_subscription.email : it.endpoint]) == toset(["anna@example.com", "ben@example.com"])
    error_message = "Each person is subscribed."
  }
  assert {
    condition     = [for it in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : it.properties.title] == ["Requests and errors", "Answer time in seconds", "api: CPU and memory in percent"]
    error_message = "The load balancer and the service have their widgets."
  }
  assert {
    condition     = jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets[0].properties.metrics[0][3] == "app/rideshare-staging/1234567890abcdef"
    error_message = "The widget shows this load balancer."
  }
  assert {
    condition     = jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets[2].properties.metrics[0][5] == "rideshare-staging-api"
    error_message = "The widget shows this service."
  }
  assert {
    condition     = aws_sns_topic.alarms.tags == tomap({ Team = "riders" }) && aws_cloudwatch_composite_alarm.services[0].tags == tomap({ Team = "riders" })
    error_message = "Tags reach topic and alarm."
  }
}

run "wrong_values_are_refused" {
  command = plan

  variables {
    name           = "Rideshare"
    emails         = ["anna"]
    service_alarms = { api = [] }
    load_balancer  = "arn:aws:elasticloadbalancing:eu-north-1:123456789012:loadbalancer/app/rideshare/1"
    services       = { for index in range(101) : "service-${index}" => { cluster = "c", name = "n" } }
  }

  expect_failures = [var.name, var.emails, var.service_alarms, var.load_balancer, var.services]
}

run "more_alarms_than_one_can_join_are_refused" {
  command = plan

  variables {
    service_alarms = { api = [for index in range(101) : "alarm-${index}"] }
  }

  expect_failures = [var.service_alarms]
}
