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
  mock_data "aws_ecs_cluster" {
    defaults = { cluster_name = "shared", arn = "arn:aws:ecs:eu-north-1:123456789012:cluster/shared" }
  }
  mock_data "aws_ec2_managed_prefix_list" {
    defaults = { id = "pl-11111111" }
  }
  mock_resource "aws_ecs_cluster" {
    defaults = { arn = "arn:aws:ecs:eu-north-1:123456789012:cluster/rideshare-staging" }
  }
  mock_resource "aws_lb" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-north-1:123456789012:loadbalancer/app/rideshare-staging/1111", arn_suffix = "app/rideshare-staging/1111", dns_name = "rideshare.eu-north-1.elb.amazonaws.com", zone_id = "Z23TAZ6LKFMNIO" }
  }
  mock_resource "aws_lb_listener" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-north-1:123456789012:listener/app/rideshare-staging/1111/2222" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::rideshare-staging-lb-logs-123456789012" }
  }
}

variables {
  name = "rideshare-staging"
  load_balancer = {
    vpc_id          = "vpc-11111111"
    subnets         = ["subnet-11111111", "subnet-22222222"]
    certificate_arn = "arn:aws:acm:eu-north-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
  }
}

run "a_cluster_with_fargate_and_spot" {
  assert {
    condition     = aws_ecs_cluster.this[0].name == "rideshare-staging" && output.name == "rideshare-staging" && output.arn == aws_ecs_cluster.this[0].arn
    error_message = "The cluster carries the name."
  }
  assert {
    condition     = aws_ecs_cluster_capacity_providers.this[0].capacity_providers == toset(["FARGATE", "FARGATE_SPOT"])
    error_message = "Both kinds of capacity are there."
  }
  assert {
    condition     = one(aws_ecs_cluster.this[0].setting).value == "enabled"
    error_message = "Container insights are on."
  }
  assert {
    condition     = aws_ecs_cluster.this[0].configuration[0].execute_command_configuration[0].log_configuration[0].cloud_watch_log_group_name == "/ecs/rideshare-staging/exec"
    error_message = "Exec sessions are logged."
  }
  assert {
    condition     = output.exec_log_group == "/ecs/rideshare-staging/exec" && aws_cloudwatch_log_group.exec[0].retention_in_days == 30
    error_message = "The exec log is kept for 30 days."
  }
}

run "only_cloudfront_reaches_the_load_balancer" {
  assert {
    condition     = aws_vpc_security_group_ingress_rule.cloudfront[0].prefix_list_id == "pl-11111111" && aws_vpc_security_group_ingress_rule.cloudfront[0].from_port == 443
    error_message = "Port 443 is open to CloudFront's list."
  }
  assert {
    condition     = aws_vpc_security_group_ingress_rule.cloudfront[0].cidr_ipv4 == null && length(aws_vpc_security_group_ingress_rule.test) == 0
    error_message = "Nobody else is let in, to the test listener neither."
  }
  assert {
    condition     = aws_lb.this[0].drop_invalid_header_fields && aws_lb.this[0].enable_deletion_protection && aws_lb.this[0].desync_mitigation_mode == "defensive"
    error_message = "The load balancer is protected and drops invalid headers."
  }
  assert {
    condition     = aws_lb_listener.https[0].port == 443 && aws_lb_listener.https[0].protocol == "HTTPS" && aws_lb_listener.https[0].ssl_policy == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    error_message = "HTTPS with TLS 1.3."
  }
  assert {
    condition     = aws_lb_listener.https[0].default_action[0].fixed_response[0].status_code == "404" && aws_lb_listener.test[0].default_action[0].fixed_response[0].status_code == "404"
    error_message = "What no service asked for is a 404."
  }
  assert {
    condition     = aws_lb_listener.http[0].default_action[0].redirect[0].protocol == "HTTPS" && aws_lb_listener.http[0].default_action[0].redirect[0].status_code == "HTTP_301"
    error_message = "HTTP leads to HTTPS."
  }
  assert {
    condition     = aws_lb_listener.test[0].port == 8443 && aws_lb_listener.test[0].certificate_arn == var.load_balancer.certificate_arn && aws_lb_listener.https[0].certificate_arn == var.load_balancer.certificate_arn
    error_message = "The test listener has another port and the same certificate."
  }
  assert {
    condition     = toset(aws_lb.this[0].subnets) == toset(var.load_balancer.subnets) && aws_security_group.load_balancer[0].vpc_id == "vpc-11111111"
    error_message = "The load balancer stands in the given network."
  }
  assert {
    condition     = length(aws_route53_record.origin) == 0
    error_message = "No record without a domain."
  }
}

run "access_logs_go_to_a_private_bucket" {
  assert {
    condition     = aws_s3_bucket.logs[0].bucket == "rideshare-staging-lb-logs-123456789012" && !aws_s3_bucket.logs[0].force_destroy && output.log_bucket == aws_s3_bucket.logs[0].bucket
    error_message = "The bucket is named after the account and kept while it is full."
  }
  assert {
    condition     = aws_lb.this[0].access_logs[0].enabled && aws_lb.this[0].access_logs[0].bucket == "rideshare-staging-lb-logs-123456789012"
    error_message = "Access logs are on."
  }
  assert {
    condition     = aws_s3_bucket_public_access_block.logs[0].block_public_policy && aws_s3_bucket_public_access_block.logs[0].restrict_public_buckets && aws_s3_bucket_public_access_block.logs[0].block_public_acls && aws_s3_bucket_public_access_block.logs[0].ignore_public_acls
    error_message = "Nothing about the bucket is public."
  }
  assert {
    condition = one([for it in jsondecode(aws_s3_bucket_policy.logs[0].policy).Statement : it if it.Sid == "LoadBalancersOfThisAccountWrite"]).Condition == {
      StringEquals = { "aws:SourceAccount" = "123456789012" }
      ArnLike      = { "aws:SourceArn" = "arn:aws:elasticloadbalancing:eu-north-1:123456789012:loadbalancer/*" }
    }
    error_message = "Only load balancers of this account write."
  }
  assert {
    condition     = one(one(aws_s3_bucket_lifecycle_configuration.logs[0].rule).expiration).days == 30
    error_message = "Access logs expire."
  }
  assert {
    condition     = aws_s3_bucket_ownership_controls.logs[0].rule[0].object_ownership == "BucketOwnerEnforced" && one(aws_s3_bucket_server_side_encryption_configuration.logs[0].rule).apply_server_side_encryption_by_default[0].sse_algorithm == "AES256" && aws_s3_bucket_versioning.logs[0].versioning_configuration[0].status == "Enabled"
    error_message = "No ACLs; encrypted; versioned."
  }
}

run "every_setting_reaches_its_place" {
  variables {
    container_insights = "enhanced"
    log_days           = 90
    protect            = false
    kms_key            = { arn = "arn:aws:kms:eu-north-1:123456789012:key/11111111-2222-3333-4444-555555555555" }
    tags               = { Team = "riders" }
    load_balancer = {
      vpc_id               = "vpc-33333333"
      subnets              = ["subnet-33333333", "subnet-44444444", "subnet-55555555"]
      certificate_arn      = "arn:aws:acm:eu-north-1:123456789012:certificate/99999999-2222-3333-4444-555555555555"
      domain               = { name = "origin.staging.rideshare.example", zone_id = "Z111" }
      test_port            = 9443
      test_sources         = { office = "203.0.113.7/32" }
      idle_timeout_seconds = 120
      tls_policy           = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
    }
  }

  assert {
    condition     = one(aws_ecs_cluster.this[0].setting).value == "enhanced"
    error_message = "container_insights is the cluster's."
  }
  assert {
    condition     = aws_cloudwatch_log_group.exec[0].retention_in_days == 90 && one(one(aws_s3_bucket_lifecycle_configuration.logs[0].rule).expiration).days == 90
    error_message = "log_days holds for both logs."
  }
  assert {
    condition     = !aws_lb.this[0].enable_deletion_protection && aws_s3_bucket.logs[0].force_destroy
    error_message = "protect = false lets both be destroyed."
  }
  assert {
    condition     = aws_cloudwatch_log_group.exec[0].kms_key_id == var.kms_key.arn && aws_ecs_cluster.this[0].configuration[0].execute_command_configuration[0].kms_key_id == var.kms_key.arn && aws_ecs_cluster.this[0].configuration[0].execute_command_configuration[0].log_configuration[0].cloud_watch_encryption_enabled
    error_message = "kms_key encrypts exec sessions and their log."
  }
  assert {
    condition     = aws_lb_listener.test[0].port == 9443 && aws_vpc_security_group_ingress_rule.test["office"].from_port == 9443 && aws_vpc_security_group_ingress_rule.test["office"].cidr_ipv4 == "203.0.113.7/32"
    error_message = "test_port is open to test_sources."
  }
  assert {
    condition     = aws_lb.this[0].idle_timeout == 120 && aws_lb_listener.https[0].ssl_policy == "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" && aws_lb_listener.test[0].ssl_policy == "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
    error_message = "idle_timeout_seconds and tls_policy reach load balancer and listeners."
  }
  assert {
    condition     = aws_route53_record.origin[0].name == "origin.staging.rideshare.example" && aws_route53_record.origin[0].zone_id == "Z111" && aws_route53_record.origin[0].alias[0].name == aws_lb.this[0].dns_name
    error_message = "domain leads to the load balancer."
  }
  assert {
    condition     = aws_lb.this[0].tags == tomap({ Team = "riders" }) && aws_ecs_cluster.this[0].tags == tomap({ Team = "riders" })
    error_message = "Tags reach cluster and load balancer."
  }
  assert {
    condition     = output.load_balancer.security_group == aws_security_group.load_balancer[0].id && output.load_balancer.arn_suffix == "app/rideshare-staging/1111" && output.load_balancer.zone_id == "Z23TAZ6LKFMNIO"
    error_message = "The output names what services need."
  }
}

run "an_existing_cluster_is_left_alone" {
  variables {
    existing_cluster = "shared"
  }

  assert {
    condition     = length(aws_ecs_cluster.this) == 0 && length(aws_ecs_cluster_capacity_providers.this) == 0 && length(aws_cloudwatch_log_group.exec) == 0
    error_message = "Nothing of an existing cluster is made or changed."
  }
  assert {
    condition     = output.name == "shared" && output.arn == "arn:aws:ecs:eu-north-1:123456789012:cluster/shared" && output.exec_log_group == null
    error_message = "The outputs are those of the existing cluster."
  }
  assert {
    condition     = length(aws_lb.this) == 1
    error_message = "The load balancer is the environment's own all the same."
  }
}

run "workers_need_no_load_balancer" {
  variables {
    load_balancer = null
  }

  assert {
    condition     = length(aws_lb.this) == 0 && length(aws_s3_bucket.logs) == 0 && output.load_balancer == null && output.log_bucket == null
    error_message = "No load balancer, no log bucket."
  }
}

run "a_long_name_is_cut_to_what_a_load_balancer_takes" {
  variables {
    name = "rideshare-international-staging-2"
  }

  assert {
    condition     = length(aws_lb.this[0].name) == 32 && startswith(aws_lb.this[0].name, "rideshare-international-st-")
    error_message = "32 characters, with a digest at the end."
  }
}

run "wrong_values_are_refused" {
  command = plan

  variables {
    name               = "Rideshare"
    existing_cluster   = "arn:aws:ecs:eu-north-1:123456789012:cluster/shared"
    container_insights = "yes"
    log_days           = 31
    load_balancer      = { vpc_id = "vpc-1", certificate_arn = "arn", subnets = ["subnet-11111111"] }
  }

  expect_failures = [var.name, var.existing_cluster, var.container_insights, var.log_days, var.load_balancer]
}

run "a_test_port_that_is_taken_is_refused" {
  command = plan

  variables {
    load_balancer = { vpc_id = "vpc-1", certificate_arn = "arn", subnets = ["subnet-11111111", "subnet-22222222"], test_port = 443 }
  }

  expect_failures = [var.load_balancer]
}

run "a_test_source_that_is_no_range_is_refused" {
  command = plan

  variables {
    load_balancer = { vpc_id = "vpc-1", certificate_arn = "arn", subnets = ["subnet-11111111", "subnet-22222222"], test_sources = { office = "riders" } }
  }

  expect_failures = [var.load_balancer]
}

run "a_test_listener_open_to_the_world_is_refused" {
  command = plan

  variables {
    load_balancer = { vpc_id = "vpc-1", certificate_arn = "arn", subnets = ["subnet-11111111", "subnet-22222222"], test_sources = { everybody = "0.0.0.0/0" } }
  }

  expect_failures = [var.load_balancer]
}

run "more_test_sources_than_fit_is_refused" {
  command = plan

  variables {
    load_balancer = { vpc_id = "vpc-1", certificate_arn = "arn", subnets = ["subnet-11111111", "subnet-22222222"], test_sources = { for index in range(5) : "s${index}" => "203.0.113.${index}/32" } }
  }

  expect_failures = [var.load_balancer]
}

run "an_idle_timeout_beyond_the_limit_is_refused" {
  command = plan

  variables {
    load_balancer = { vpc_id = "vpc-1", certificate_arn = "arn", subnets = ["subnet-11111111", "subnet-22222222"], idle_timeout_seconds = 5000 }
  }

  expect_failures = [var.load_balancer]
}

run "a_policy_without_tls_1_3_is_refused" {
  command = plan

  variables {
    load_balancer = { vpc_id = "vpc-1", certificate_arn = "arn", subnets = ["subnet-11111111", "subnet-22222222"], tls_policy = "ELBSecurityPolicy-2016-08" }
  }

  expect_failures = [var.load_balancer]
}

run "a_policy_that_locks_cloudfront_out_is_refused" {
  command = plan

  variables {
    load_balancer = { vpc_id = "vpc-1", certificate_arn = "arn", subnets = ["subnet-11111111", "subnet-22222222"], tls_policy = "ELBSecurityPolicy-TLS13-1-3-2021-06" }
  }

  expect_failures = [var.load_balancer]
}
