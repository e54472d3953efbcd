mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-north-1a", "eu-north-1b", "eu-north-1c"] }
  }
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
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
  override_during = plan
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-north-1:123456789012:key/made", key_id = "made" }
  }
  mock_resource "aws_iam_role" {
    defaults = { id = "rideshare-staging-flow-logs", arn = "arn:aws:iam::123456789012:role/rideshare-staging-flow-logs" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-north-1:123456789012:log-group:/vpc/rideshare-staging/flow" }
  }
}

variables {
  name = "rideshare-staging"
}

run "two_zones_with_one_way_out" {
  command = plan

  assert {
    condition     = aws_vpc.this.cidr_block == "10.0.0.0/16" && aws_vpc.this.enable_dns_hostnames && aws_vpc.this.enable_dns_support
    error_message = "The VPC is 10.0.0.0/16 with DNS names, which interface endpoints need."
  }
  assert {
    condition     = aws_subnet.private[*].cidr_block == ["10.0.0.0/20", "10.0.16.0/20"] && aws_subnet.public[*].cidr_block == ["10.0.64.0/20", "10.0.80.0/20"] && aws_subnet.data[*].cidr_block == ["10.0.128.0/20", "10.0.144.0/20"]
    error_message = "Each kind of subnet has its own quarter of the range."
  }
  assert {
    condition     = output.zones == tolist(["eu-north-1a", "eu-north-1b"]) && aws_subnet.data[1].availability_zone == "eu-north-1b"
    error_message = "Subnets lie in the first two zones."
  }
  assert {
    condition     = !anytrue(concat(aws_subnet.public[*].map_public_ip_on_launch, aws_subnet.private[*].map_public_ip_on_launch, aws_subnet.data[*].map_public_ip_on_launch))
    error_message = "Nothing gets a public address by itself."
  }
  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_eip.nat) == 1 && length(aws_route.private) == 2
    error_message = "One NAT gateway serves both zones."
  }
  assert {
    condition     = length(aws_vpc_endpoint.interface) == 0 && aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway" && aws_vpc_endpoint.s3.service_name == "com.amazonaws.eu-north-1.s3"
    error_message = "S3 is reached by its gateway endpoint, and no other endpoint is paid for."
  }
  assert {
    condition     = length(aws_security_group.endpoints) == 0 && output.endpoints_security_group_id == null
    error_message = "Without interface endpoints there is no group for them."
  }
  assert {
    condition     = length(aws_default_security_group.this.ingress) == 0 && length(aws_default_security_group.this.egress) == 0
    error_message = "The default security group has no rules."
  }
  assert {
    condition     = aws_cloudwatch_log_group.flow.retention_in_days == 30 && aws_flow_log.this.traffic_type == "ALL" && aws_flow_log.this.log_destination_type == "cloud-watch-logs"
    error_message = "All traffic is logged for 30 days."
  }
  assert {
    condition     = aws_cloudwatch_log_group.flow.kms_key_id == "arn:aws:kms:eu-north-1:123456789012:key/made" && aws_kms_key.flow[0].enable_key_rotation && aws_kms_alias.flow[0].name == "alias/rideshare-staging-flow-logs"
    error_message = "The log is encrypted with a key of its own that rotates."
  }
  assert {
    condition     = aws_iam_role.flow.permissions_boundary == null
    error_message = "Without a boundary there is none."
  }
  assert {
    condition     = aws_route.public.destination_cidr_block == "0.0.0.0/0" && length(aws_route_table_association.data) == 2
    error_message = "Public subnets lead out; data subnets have a table of their own."
  }
}

run "a_third_zone_moves_nothing" {
  command = plan
  variables {
    zones  = 3
    egress = "nat-per-zone"
  }
  assert {
    condition     = aws_subnet.private[*].cidr_block == ["10.0.0.0/20", "10.0.16.0/20", "10.0.32.0/20"] && aws_subnet.public[2].cidr_block == "10.0.96.0/20" && aws_subnet.data[2].cidr_block == "10.0.160.0/20"
    error_message = "The first two zones keep their ranges."
  }
  assert {
    condition     = length(aws_nat_gateway.this) == 3 && length(aws_route.private) == 3 && length(output.nat_public_ips) == 3
    error_message = "Each zone has a NAT gateway."
  }
}

run "no_way_out" {
  command = plan
  variables {
    egress = "endpoints"
  }
  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_eip.nat) == 0 && length(aws_route.private) == 0
    error_message = "Private subnets have no route out."
  }
  assert {
    condition     = keys(output.interface_endpoint_ids) == ["ecr.api", "ecr.dkr", "kms", "logs", "secretsmanager", "ssm"]
    error_message = "A Fargate task starts through these endpoints."
  }
  assert {
    condition     = alltrue([for endpoint in aws_vpc_endpoint.interface : endpoint.private_dns_enabled && endpoint.vpc_endpoint_type == "Interface"]) && aws_vpc_endpoint.interface["ecr.api"].service_name == "com.amazonaws.eu-north-1.ecr.api"
    error_message = "Endpoints answer under the services' own names."
  }
  assert {
    condition     = aws_vpc_security_group_ingress_rule.endpoints[0].cidr_ipv4 == "10.0.0.0/16" && aws_vpc_security_group_ingress_rule.endpoints[0].from_port == 443 && aws_vpc_security_group_ingress_rule.endpoints[0].to_port == 443
    error_message = "Endpoints take HTTPS from the VPC alone."
  }
}

run "everything_else_that_can_be_chosen" {
  command = plan
  variables {
    cidr                 = "10.20.0.0/20"
    extra_endpoints      = ["sqs"]
    flow_log_days        = 90
    flow_log_traffic     = "REJECT"
    kms_key              = { arn = "arn:aws:kms:eu-north-1:123456789012:key/given" }
    permissions_boundary = "arn:aws:iam::123456789012:policy/switchback/rideshare-boundary"
    tags                 = { Team = "rides" }
  }
  assert {
    condition     = aws_vpc.this.cidr_block == "10.20.0.0/20" && aws_subnet.public[0].cidr_block == "10.20.4.0/24"
    error_message = "A smaller range is cut into 16 parts too."
  }
  assert {
    condition     = keys(aws_vpc_endpoint.interface) == ["sqs"] && length(aws_nat_gateway.this) == 1 && length(aws_security_group.endpoints) == 1
    error_message = "A further endpoint comes beside the NAT gateway."
  }
  assert {
    condition     = aws_cloudwatch_log_group.flow.retention_in_days == 90 && aws_flow_log.this.traffic_type == "REJECT"
    error_message = "Flow logs follow flow_log_days and flow_log_traffic."
  }
  assert {
    condition     = aws_cloudwatch_log_group.flow.kms_key_id == "arn:aws:kms:eu-north-1:123456789012:key/given" && length(aws_kms_key.flow) == 0 && length(aws_kms_alias.flow) == 0 && output.kms_key_arn == "arn:aws:kms:eu-north-1:123456789012:key/given"
    error_message = "A key that is handed in is used, and none is made."
  }
  assert {
    condition     = aws_iam_role.flow.permissions_boundary == "arn:aws:iam::123456789012:policy/switchback/rideshare-boundary"
    error_message = "The role carries the boundary."
  }
  assert {
    condition     = aws_vpc.this.tags == tomap({ Team = "rides", Name = "rideshare-staging" }) && aws_iam_role.flow.tags == tomap({ Team = "rides" })
    error_message = "Tags are on everything."
  }
}

run "a_name_with_capitals_is_refused" {
  command = plan
  variables { name = "Rideshare" }
  expect_failures = [var.name]
}

run "a_range_that_is_none_is_refused" {
  command = plan
  variables { cidr = "10.0.0.0" }
  expect_failures = [var.cidr]
}

run "a_range_too_large_is_refused" {
  command = plan
  variables { cidr = "10.0.0.0/12" }
  expect_failures = [var.cidr]
}

run "a_range_too_small_is_refused" {
  command = plan
  variables { cidr = "10.0.0.0/25" }
  expect_failures = [var.cidr]
}

run "a_range_that_starts_in_its_middle_is_refused" {
  command = plan
  variables { cidr = "10.0.5.0/16" }
  expect_failures = [var.cidr]
}

run "one_zone_is_refused" {
  command = plan
  variables { zones = 1 }
  expect_failures = [var.zones]
}

run "an_unknown_egress_is_refused" {
  command = plan
  variables { egress = "internet" }
  expect_failures = [var.egress]
}

run "a_full_service_name_is_refused" {
  command = plan
  variables { extra_endpoints = ["com.amazonaws/sqs"] }
  expect_failures = [var.extra_endpoints]
}

run "s3_as_an_interface_endpoint_is_refused" {
  command = plan
  variables { extra_endpoints = ["s3"] }
  expect_failures = [var.extra_endpoints]
}

run "an_unknown_retention_is_refused" {
  command = plan
  variables { flow_log_days = 31 }
  expect_failures = [var.flow_log_days]
}

run "unknown_traffic_is_refused" {
  command = plan
  variables { flow_log_traffic = "SOME" }
  expect_failures = [var.flow_log_traffic]
}

run "a_boundary_that_is_no_policy_is_refused" {
  command = plan
  variables { permissions_boundary = "rideshare-boundary" }
  expect_failures = [var.permissions_boundary]
}
