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

run "the_service_is_a_shell_that_a_deployment_fills" {
  assert {
    condition     = aws_ecs_service.this.name == "rideshare-staging-api" && aws_ecs_service.this.cluster == var.cluster.arn && aws_ecs_service.this.desired_count == 0 && aws_ecs_service.this.launch_type == "FARGATE"
    error_message = "A Fargate service without instances."
  }

  assert {
    condition     = aws_ecs_service.this.deployment_circuit_breaker[0].enable && aws_ecs_service.this.deployment_circuit_breaker[0].rollback
    error_message = "The circuit breaker takes a broken deployment back."
  }

  assert {
    condition     = aws_ecs_service.this.deployment_minimum_healthy_percent == 100 && aws_ecs_service.this.deployment_maximum_percent == 200
    error_message = "A deployment never serves with fewer instances."
  }

  assert {
    condition     = toset(one(aws_ecs_service.this.alarms).alarm_names) == toset(output.alarms) && one(aws_ecs_service.this.alarms).enable && one(aws_ecs_service.this.alarms).rollback
    error_message = "A deployment watches every alarm."
  }

  assert {
    condition     = one(aws_ecs_service.this.network_configuration).subnets == toset(var.subnets) && !one(aws_ecs_service.this.network_configuration).assign_public_ip
    error_message = "Tasks have private addresses only."
  }

  assert {
    condition     = one(aws_ecs_service.this.network_configuration).security_groups == toset([aws_security_group.this.id])
    error_message = "Tasks wear the own security group."
  }

  assert {
    condition     = aws_ecs_service.this.health_check_grace_period_seconds == 60 && aws_ecs_service.this.enable_execute_command && aws_ecs_service.this.propagate_tags == "SERVICE"
    error_message = "A new task is left alone for a minute; exec is on; tags reach tasks."
  }

  assert {
    condition     = one(aws_ecs_service.this.load_balancer).container_name == "app" && one(aws_ecs_service.this.load_balancer).container_port == 3000 && one(aws_ecs_service.this.load_balancer).target_group_arn == aws_lb_target_group.this["blue"].arn
    error_message = "Traffic begins on blue."
  }

  assert {
    condition     = aws_ecs_task_definition.placeholder.family == "rideshare-staging-api" && aws_ecs_task_definition.placeholder.cpu == "256" && aws_ecs_task_definition.placeholder.memory == "512" && aws_ecs_task_definition.placeholder.skip_destroy
    error_message = "The family carries the name."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.placeholder.container_definitions)[0].image == "public.ecr.aws/docker/library/busybox:stable" && jsondecode(aws_ecs_task_definition.placeholder.container_definitions)[0].stopTimeout == 30 && jsondecode(aws_ecs_task_definition.placeholder.container_definitions)[0].portMappings[0].containerPort == 3000
    error_message = "The placeholder has the shape of the app."
  }

  assert {
    condition     = strcontains(jsondecode(aws_ecs_task_definition.placeholder.container_definitions)[0].command[2], "/www/health'") && strcontains(jsondecode(aws_ecs_task_definition.placeholder.container_definitions)[0].command[2], "httpd -f -p 3000")
    error_message = "The placeholder answers the health check."
  }

  assert {
    condition     = one(aws_ecs_task_definition.placeholder.runtime_platform).cpu_architecture == "X86_64"
    error_message = "X86_64 unless asked otherwise."
  }

  assert {
    condition     = output.name == "rideshare-staging-api" && output.family == "rideshare-staging-api" && output.kind == "web" && output.port == 3000 && output.container == "app"
    error_message = "The outputs say what a deployment needs."
  }
}

run "two_target_groups_and_a_rule_on_each_listener" {
  assert {
    condition     = aws_lb_target_group.this["blue"].name == "rideshare-staging-api-blue" && aws_lb_target_group.this["green"].name == "rideshare-staging-api-green" && aws_lb_target_group.this["blue"].target_type == "ip"
    error_message = "Blue and green."
  }

  assert {
    condition     = alltrue([for group in aws_lb_target_group.this : group.deregistration_delay == "30" && group.vpc_id == "vpc-11111111"])
    error_message = "Draining takes no longer than stopping."
  }

  assert {
    condition     = alltrue([for group in aws_lb_target_group.this : group.health_check[0].path == "/health" && group.health_check[0].interval == 10 && group.health_check[0].timeout == 5 && group.health_check[0].healthy_threshold == 2 && group.health_check[0].unhealthy_threshold == 3])
    error_message = "The health check is the one of the variables."
  }

  assert {
    condition     = aws_lb_listener_rule.production[0].listener_arn == var.load_balancer.listener && aws_lb_listener_rule.test[0].listener_arn == var.load_balancer.test_listener
    error_message = "One rule each."
  }

  assert {
    condition     = one(one(aws_lb_listener_rule.production[0].condition).path_pattern).values == toset(["/api", "/api/*"]) && one(one(aws_lb_listener_rule.test[0].condition).path_pattern).values == toset(["/api", "/api/*"])
    error_message = "/api/* means /api too."
  }

  assert {
    condition     = aws_lb_listener_rule.production[0].priority == 100 && aws_lb_listener_rule.test[0].priority == 100
    error_message = "priority is that of both rules."
  }

  assert {
    condition     = toset([for it in aws_lb_listener_rule.production[0].action[0].forward[0].target_group : it.weight]) == toset([100, 0])
    error_message = "All of the traffic begins on one group."
  }

  assert {
    condition     = output.target_groups == { for colour, group in aws_lb_target_group.this : colour => group.arn } && output.production_rule == aws_lb_listener_rule.production[0].arn && output.test_rule == aws_lb_listener_rule.test[0].arn
    error_message = "The outputs name groups and rules."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.load_balancer[0].referenced_security_group_id == "sg-11111111" && aws_vpc_security_group_ingress_rule.load_balancer[0].from_port == 3000 && aws_vpc_security_group_ingress_rule.load_balancer[0].to_port == 3000
    error_message = "Only the load balancer comes in, and on the port only."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.load_balancer[0].security_group_id == "sg-11111111" && aws_vpc_security_group_egress_rule.load_balancer[0].from_port == 3000
    error_message = "The load balancer may go out to it."
  }

  assert {
    condition     = keys(aws_vpc_security_group_egress_rule.out) == ["0.0.0.0/0"] && output.security_group_id == aws_security_group.this.id
    error_message = "Tasks call whom they like."
  }
}

run "roles_may_do_only_what_they_must" {
  assert {
    condition     = jsondecode(aws_iam_role.execution.assume_role_policy).Statement[0].Condition == { StringEquals = { "aws:SourceAccount" = "123456789012" }, ArnLike = { "aws:SourceArn" = "arn:aws:ecs:eu-north-1:123456789012:*" } }
    error_message = "ECS assumes the role for this account only."
  }

  assert {
    condition     = aws_iam_role.task.assume_role_policy == aws_iam_role.execution.assume_role_policy
    error_message = "So it does the role of the app."
  }

  assert {
    condition     = one([for it in data.aws_iam_policy_document.execution.statement : it.resources if it.sid == "PullOwnImages"]) == toset([var.repository_arn])
    error_message = "It pulls from the own repository only."
  }

  assert {
    condition     = one([for it in data.aws_iam_policy_document.execution.statement : it.resources if it.sid == "WriteOwnLog"]) == toset(["arn:aws:logs:eu-north-1:123456789012:log-group:/ecs/rideshare-staging-api:*"])
    error_message = "It writes the own log only."
  }

  assert {
    condition     = [for it in data.aws_iam_policy_document.execution.statement : it.sid if contains(it.resources, "*")] == ["SignInToEcr"] && aws_iam_role_policy.execution.policy == data.aws_iam_policy_document.execution.json
    error_message = "Only signing in is not bound to a resource: AWS offers no other."
  }

  assert {
    condition     = length([for it in data.aws_iam_policy_document.execution.statement : it if it.sid == "ReadOwnSecrets" || it.sid == "DecryptOwnSecrets"]) == 0
    error_message = "Without a prefix it reads no secret."
  }

  assert {
    condition     = one([for it in data.aws_iam_policy_document.deployment[0].statement : it.actions if it.sid == "MoveOwnTargets"]) == toset(["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"])
    error_message = "The deployment role moves the targets of this service."
  }

  assert {
    condition     = one([for it in data.aws_iam_policy_document.deployment[0].statement : it.resources if it.sid == "ShiftOwnWeights"]) == toset([aws_lb_listener_rule.production[0].arn, aws_lb_listener_rule.test[0].arn]) && aws_iam_role_policy.deployment[0].policy == data.aws_iam_policy_document.deployment[0].json
    error_message = "The deployment role shifts the weights of this service."
  }

  assert {
    condition     = jsondecode(aws_iam_role.deployment[0].assume_role_policy).Statement[0].Principal.Service == "ecs.amazonaws.com"
    error_message = "ECS itself assumes the deployment role."
  }

  assert {
    condition     = length(aws_iam_role_policy.task) == 0 && length(aws_iam_role_policy.exec) == 1
    error_message = "The app may do nothing but open exec sessions."
  }

  assert {
    condition     = output.execution_role_arn == aws_iam_role.execution.arn && output.task_role_arn == aws_iam_role.task.arn && output.task_role_name == "rideshare-staging-api-task" && output.deployment_role_arn == aws_iam_role.deployment[0].arn
    error_message = "The outputs name the roles."
  }
}

run "alarms_look_at_errors_health_cpu_and_memory" {
  assert {
    condition     = output.alarms == ["rideshare-staging-api-5xx-blue", "rideshare-staging-api-5xx-green", "rideshare-staging-api-unhealthy-blue", "rideshare-staging-api-unhealthy-green", "rideshare-staging-api-cpu", "rideshare-staging-api-memory"]
    error_message = "Six alarms."
  }

  assert {
    condition     = alltrue([for it in aws_cloudwatch_metric_alarm.errors : it.threshold == 5 && it.treat_missing_data == "notBreaching"])
    error_message = "5 % of errors fire; no requests do not."
  }

  assert {
    condition     = one([for it in aws_cloudwatch_metric_alarm.errors["blue"].metric_query : it.expression if it.id == "percent"]) == "IF(requests >= 20, 100 * FILL(errors, 0) / requests, 0)"
    error_message = "A share of 20 requests a minute at least."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.unhealthy["green"].dimensions == tomap({ LoadBalancer = "app/rideshare-staging/1111", TargetGroup = aws_lb_target_group.this["green"].arn_suffix })
    error_message = "An alarm is for its own target group."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.usage["cpu"].threshold == 90 && aws_cloudwatch_metric_alarm.usage["memory"].threshold == 90 && aws_cloudwatch_metric_alarm.usage["cpu"].dimensions == tomap({ ClusterName = "rideshare-staging", ServiceName = "rideshare-staging-api" })
    error_message = "CPU and memory of this service."
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.usage["cpu"].alarm_actions) == 0
    error_message = "Nobody is told unless asked for."
  }
}
