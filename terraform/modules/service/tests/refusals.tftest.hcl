mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-north-1" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/rideshare-staging-api" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-north-1:123456789012:log-group:/ecs/rideshare-staging-api" }
  }
  mock_resource "aws_ecs_task_definition" {
    defaults = { arn = "arn:aws:ecs:eu-north-1:123456789012:task-definition/rideshare-staging-api:1" }
  }
  mock_resource "aws_lb_target_group" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-north-1:123456789012:targetgroup/rideshare-staging-api-blue/1111", arn_suffix = "targetgroup/rideshare-staging-api-blue/1111" }
  }
  mock_resource "aws_lb_listener_rule" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-north-1:123456789012:listener-rule/app/rideshare-staging/1111/2222/3333" }
  }
}

variables {
  name    = "rideshare-staging-api"
  cluster = { name = "rideshare-staging", arn = "arn:aws:ecs:eu-north-1:123456789012:cluster/rideshare-staging" }
  vpc_id  = "vpc-11111111"
  subnets = ["subnet-11111111", "subnet-22222222"]
  load_balancer = {
    listener       = "arn:aws:elasticloadbalancing:eu-north-1:123456789012:listener/app/rideshare-staging/1111/2222"
    test_listener  = "arn:aws:elasticloadbalancing:eu-north-1:123456789012:listener/app/rideshare-staging/1111/4444"
    security_group = "sg-11111111"
    arn_suffix     = "app/rideshare-staging/1111"
  }
  route          = "/api/*"
  priority       = 100
  repository_arn = "arn:aws:ecr:eu-north-1:123456789012:repository/rideshare/api"
}

run "wrong_values_are_refused" {
  command = plan

  variables {
    name                 = "Api"
    subnets              = []
    port                 = 0
    container            = "a b"
    cpu                  = 300
    architecture         = "RISC"
    capacity             = "EC2"
    instances            = -1
    stop_seconds         = 121
    repository_arn       = "rideshare/api"
    secrets_prefix       = "rideshare"
    placeholder_image    = "busybox"
    log_days             = 31
    permissions_boundary = "boundary"
    egress_ranges        = ["everywhere"]
    priority             = 0
    route                = "api"
    task_policies        = { exec = "{}" }
    security_groups      = { for index in range(5) : "g${index}" => "sg-${index}" }
    alarm_topics         = [for index in range(6) : "topic-${index}"]
  }

  expect_failures = [var.name, var.subnets, var.port, var.container, var.cpu, var.architecture, var.capacity, var.instances, var.stop_seconds, var.repository_arn, var.secrets_prefix, var.placeholder_image, var.log_days, var.permissions_boundary, var.egress_ranges, var.priority, var.route, var.task_policies, var.security_groups, var.alarm_topics]
}

run "a_web_service_without_a_route_is_refused" {
  command = plan

  variables {
    route = null
  }

  expect_failures = [var.kind]
}

run "a_web_service_without_a_load_balancer_is_refused" {
  command = plan

  variables {
    load_balancer = null
  }

  expect_failures = [var.kind]
}

run "a_web_service_without_a_priority_is_refused" {
  command = plan

  variables {
    priority = null
  }

  expect_failures = [var.kind]
}

run "a_worker_with_a_route_is_refused" {
  command = plan

  variables {
    kind = "worker"
  }

  expect_failures = [var.kind]
}

run "a_route_with_a_star_inside_is_refused" {
  command = plan

  variables {
    route = "/api/*/v1"
  }

  expect_failures = [var.route]
}

run "a_route_beyond_128_characters_is_refused" {
  command = plan

  variables {
    route = "/${join("", [for index in range(130) : "a"])}"
  }

  expect_failures = [var.route]
}

run "memory_that_fargate_does_not_offer_is_refused" {
  command = plan

  variables {
    memory = 4096
  }

  expect_failures = [var.memory]
}

run "memory_below_what_goes_with_the_cpu_is_refused" {
  command = plan

  variables {
    cpu    = 1024
    memory = 512
  }

  expect_failures = [var.memory]
}

run "scaling_below_the_number_of_instances_is_refused" {
  command = plan

  variables {
    instances = 3
    scaling   = { max = 2 }
  }

  expect_failures = [var.scaling]
}

run "scaling_that_holds_more_than_90_percent_is_refused" {
  command = plan

  variables {
    scaling = { max = 2, cpu_percent = 95 }
  }

  expect_failures = [var.scaling]
}

run "a_health_path_without_a_slash_is_refused" {
  command = plan

  variables {
    health = { path = "health" }
  }

  expect_failures = [var.health]
}

run "a_health_path_with_a_quote_is_refused" {
  command = plan

  variables {
    health = { path = "/x'; id" }
  }

  expect_failures = [var.health]
}

run "a_health_interval_below_5_seconds_is_refused" {
  command = plan

  variables {
    health = { interval_seconds = 4, timeout_seconds = 3 }
  }

  expect_failures = [var.health]
}

run "a_health_timeout_as_long_as_the_interval_is_refused" {
  command = plan

  variables {
    health = { timeout_seconds = 10 }
  }

  expect_failures = [var.health]
}

run "healthy_after_one_answer_is_refused" {
  command = plan

  variables {
    health = { healthy_after = 1 }
  }

  expect_failures = [var.health]
}

run "unhealthy_after_eleven_answers_is_refused" {
  command = plan

  variables {
    health = { unhealthy_after = 11 }
  }

  expect_failures = [var.health]
}

run "a_start_beyond_two_hours_is_refused" {
  command = plan

  variables {
    health = { start_seconds = 7201 }
  }

  expect_failures = [var.health]
}

run "an_alarm_above_100_percent_is_refused" {
  command = plan

  variables {
    alarms = { cpu_percent = 101 }
  }

  expect_failures = [var.alarms]
}

run "an_alarm_of_no_requests_is_refused" {
  command = plan

  variables {
    alarms = { min_requests = 0 }
  }

  expect_failures = [var.alarms]
}

run "a_stop_too_short_to_be_one_is_refused" {
  command = plan

  variables {
    stop_seconds = 1
  }

  expect_failures = [var.stop_seconds]
}

run "an_unknown_kind_is_refused" {
  command = plan

  variables {
    kind = "cron"
  }

  expect_failures = [var.kind]
}
