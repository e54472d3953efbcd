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
    condition     = one([for it in jsondecode(aws_iam_role_policy.execution.policy).Statement : it.Resource if it.Sid == "PullOwnImages"]) == [var.repository_arn]
    error_message = "It pulls from the own repository only."
  }

  assert {
    condition     = one([for it in jsondecode(aws_iam_role_policy.execution.policy).Statement : it.Resource if it.Sid == "WriteOwnLog"]) == ["arn:aws:logs:eu-north-1:123456789012:log-group:/ecs/rideshare-staging-api:*"]
    error_message = "It writes the own log only."
  }

  assert {
    condition     = [for it in jsondecode(aws_iam_role_policy.execution.policy).Statement : it.Sid if contains(it.Resource, "*")] == ["SignInToEcr"]
    error_message = "Only signing in is not bound to a resource: AWS offers no other."
  }

  assert {
    condition     = length([for it in jsondecode(aws_iam_role_policy.execution.policy).Statement : it if it.Sid == "ReadOwnSecrets" || it.Sid == "DecryptOwnSecrets"]) == 0
    error_message = "Without a prefix it reads no secret."
  }

  assert {
    condition     = toset(one([for it in jsondecode(aws_iam_role_policy.deployment[0].policy).Statement : it.Action if it.Sid == "MoveOwnTargets"])) == toset(["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"])
    error_message = "The deployment role moves the targets of this service."
  }

  assert {
    condition     = one([for it in jsondecode(aws_iam_role_policy.deployment[0].policy).Statement : it.Resource if it.Sid == "ShiftOwnWeights"]) == [aws_lb_listener_rule.production[0].arn, aws_lb_listener_rule.test[0].arn]
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

run "every_setting_reaches_its_place" {
  # A state of its own: what is ignored after creation would stay as the run before made it.
  state_key = "every_setting_reaches_its_place"

  variables {
    cpu                  = 1024
    memory               = 4096
    architecture         = "ARM64"
    container            = "web"
    placeholder_image    = "example/placeholder:1"
    stop_seconds         = 20
    port                 = 8080
    capacity             = "FARGATE_SPOT"
    exec                 = false
    security_groups      = { services = "sg-22222222" }
    egress_ranges        = ["10.0.0.0/16"]
    health               = { path = "/up/", interval_seconds = 30, timeout_seconds = 6, healthy_after = 3, unhealthy_after = 4, start_seconds = 15 }
    required_header      = { name = "X-Origin-Word", value = "mellon" }
    route                = "/hook"
    priority             = 7
    secrets_prefix       = "rideshare/staging/"
    secret_keys          = { environment = "arn:aws:kms:eu-north-1:123456789012:key/11111111-2222-3333-4444-555555555555" }
    kms_key              = { arn = "arn:aws:kms:eu-north-1:123456789012:key/11111111-2222-3333-4444-555555555555" }
    task_policies        = { uploads = "{}" }
    log_days             = 90
    permissions_boundary = "arn:aws:iam::123456789012:policy/boundary"
    instances            = 2
    scaling              = { max = 6, cpu_percent = 50 }
    alarms               = { error_percent = 1, min_requests = 5, cpu_percent = 70, memory_percent = 80 }
    alarm_topics         = ["arn:aws:sns:eu-north-1:123456789012:alarms"]
    tags                 = { Team = "riders" }
  }

  assert {
    condition     = aws_ecs_task_definition.placeholder.cpu == "1024" && aws_ecs_task_definition.placeholder.memory == "4096" && one(aws_ecs_task_definition.placeholder.runtime_platform).cpu_architecture == "ARM64"
    error_message = "cpu, memory and architecture are the task's."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.placeholder.container_definitions)[0].name == "web" && jsondecode(aws_ecs_task_definition.placeholder.container_definitions)[0].image == "example/placeholder:1" && jsondecode(aws_ecs_task_definition.placeholder.container_definitions)[0].stopTimeout == 20 && jsondecode(aws_ecs_task_definition.placeholder.container_definitions)[0].portMappings[0].containerPort == 8080
    error_message = "container, placeholder_image, stop_seconds and port are the container's."
  }

  assert {
    condition     = strcontains(jsondecode(aws_ecs_task_definition.placeholder.container_definitions)[0].command[2], "/www/up/index.html")
    error_message = "A health path that ends with a slash is answered."
  }

  assert {
    condition     = one(aws_ecs_service.this.capacity_provider_strategy).capacity_provider == "FARGATE_SPOT"
    error_message = "capacity is the service's."
  }

  assert {
    condition     = one(aws_ecs_service.this.load_balancer).container_name == "web" && one(aws_ecs_service.this.load_balancer).container_port == 8080 && aws_ecs_service.this.health_check_grace_period_seconds == 15 && !aws_ecs_service.this.enable_execute_command
    error_message = "container, port, start_seconds and exec are the service's."
  }

  assert {
    condition     = one(aws_ecs_service.this.network_configuration).security_groups == toset([aws_security_group.this.id, "sg-22222222"])
    error_message = "security_groups are added to the own one."
  }

  assert {
    condition     = keys(aws_vpc_security_group_egress_rule.out) == ["10.0.0.0/16"]
    error_message = "egress_ranges bound what the tasks call."
  }

  assert {
    condition     = alltrue([for group in aws_lb_target_group.this : group.deregistration_delay == "20" && group.health_check[0].path == "/up/" && group.health_check[0].interval == 30 && group.health_check[0].timeout == 6 && group.health_check[0].healthy_threshold == 3 && group.health_check[0].unhealthy_threshold == 4])
    error_message = "health and stop_seconds are the target groups'."
  }

  assert {
    condition     = length([for it in aws_lb_listener_rule.production[0].condition : it if length(it.http_header) == 1]) == 1 && length(aws_lb_listener_rule.test[0].condition) == 1
    error_message = "required_header is asked of production requests only."
  }

  assert {
    condition     = one(flatten([for it in aws_lb_listener_rule.production[0].condition : [for path in it.path_pattern : tolist(path.values)]])) == "/hook" && aws_lb_listener_rule.production[0].priority == 7
    error_message = "A route without a star is one path."
  }

  assert {
    condition     = one([for it in jsondecode(aws_iam_role_policy.execution.policy).Statement : it.Resource if it.Sid == "ReadOwnSecrets"]) == ["arn:aws:secretsmanager:eu-north-1:123456789012:secret:rideshare/staging/*"]
    error_message = "secrets_prefix bounds what may be read."
  }

  assert {
    condition     = one([for it in jsondecode(aws_iam_role_policy.execution.policy).Statement : it.Resource if it.Sid == "DecryptOwnSecrets"]) == [var.kms_key.arn] && one([for it in jsondecode(aws_iam_role_policy.execution.policy).Statement : it.Condition if it.Sid == "DecryptOwnSecrets"]).StringEquals["kms:ViaService"] == "secretsmanager.eu-north-1.amazonaws.com"
    error_message = "secret_keys decrypt through Secrets Manager only."
  }

  assert {
    condition     = aws_iam_role_policy.task["uploads"].policy == "{}" && length(aws_iam_role_policy.exec) == 0
    error_message = "task_policies are the app's; without exec there is no policy for it."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.retention_in_days == 90 && aws_cloudwatch_log_group.this.kms_key_id == var.kms_key.arn && output.log_group == "/ecs/rideshare-staging-api"
    error_message = "log_days and kms_key are the log's."
  }

  assert {
    condition     = aws_iam_role.task.permissions_boundary == var.permissions_boundary && aws_iam_role.execution.permissions_boundary == var.permissions_boundary && aws_iam_role.deployment[0].permissions_boundary == var.permissions_boundary
    error_message = "permissions_boundary bounds every role."
  }

  assert {
    condition     = aws_appautoscaling_target.this[0].min_capacity == 2 && aws_appautoscaling_target.this[0].max_capacity == 6 && aws_appautoscaling_target.this[0].resource_id == "service/rideshare-staging/rideshare-staging-api"
    error_message = "instances and scaling.max bound the number."
  }

  assert {
    condition     = aws_appautoscaling_policy.cpu[0].target_tracking_scaling_policy_configuration[0].target_value == 50
    error_message = "scaling.cpu_percent is what scaling holds."
  }

  assert {
    condition     = one([for it in aws_cloudwatch_metric_alarm.errors["blue"].metric_query : it.expression if it.id == "percent"]) == "IF(requests >= 5, 100 * FILL(errors, 0) / requests, 0)" && aws_cloudwatch_metric_alarm.errors["blue"].threshold == 1
    error_message = "alarms.error_percent and min_requests are the alarm's."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.usage["cpu"].threshold == 70 && aws_cloudwatch_metric_alarm.usage["memory"].threshold == 80
    error_message = "alarms.cpu_percent and memory_percent are the alarms'."
  }

  assert {
    condition     = alltrue([for it in concat(values(aws_cloudwatch_metric_alarm.errors), values(aws_cloudwatch_metric_alarm.unhealthy), values(aws_cloudwatch_metric_alarm.usage)) : it.alarm_actions == toset(var.alarm_topics) && it.ok_actions == toset(var.alarm_topics)])
    error_message = "alarm_topics hear of every alarm."
  }

  assert {
    condition     = aws_ecs_service.this.tags == tomap({ Team = "riders" }) && aws_iam_role.task.tags == tomap({ Team = "riders" }) && aws_lb_target_group.this["blue"].tags == tomap({ Team = "riders" })
    error_message = "Tags reach what is made."
  }
}

run "a_route_at_the_root_is_one_path" {
  variables {
    route = "/*"
  }

  assert {
    condition     = one(one(aws_lb_listener_rule.production[0].condition).path_pattern).values == toset(["/*"])
    error_message = "/* alone."
  }
}

run "exec_sessions_may_be_decrypted" {
  variables {
    exec_key = { arn = "arn:aws:kms:eu-north-1:123456789012:key/99999999-2222-3333-4444-555555555555" }
  }

  assert {
    condition     = one([for it in jsondecode(aws_iam_role_policy.exec[0].policy).Statement : it.Resource if it.Sid == "DecryptExecSessions"]) == var.exec_key.arn
    error_message = "exec_key is the one that the app may decrypt with."
  }
}

run "a_worker_is_reached_by_nothing" {
  state_key = "a_worker_is_reached_by_nothing"

  variables {
    name          = "rideshare-staging-mailer"
    kind          = "worker"
    route         = null
    priority      = null
    load_balancer = null
  }

  assert {
    condition     = length(aws_lb_target_group.this) == 0 && length(aws_lb_listener_rule.production) == 0 && length(aws_lb_listener_rule.test) == 0 && length(aws_vpc_security_group_ingress_rule.load_balancer) == 0
    error_message = "No target group, no rule, no way in."
  }

  assert {
    condition     = length(aws_ecs_service.this.load_balancer) == 0 && aws_ecs_service.this.health_check_grace_period_seconds == null && length(jsondecode(aws_ecs_task_definition.placeholder.container_definitions)[0].portMappings) == 0
    error_message = "The service has no load balancer."
  }

  assert {
    condition     = length(aws_iam_role.deployment) == 0 && output.deployment_role_arn == null && output.target_groups == null && output.production_rule == null && output.test_rule == null && output.port == null
    error_message = "What it does not have is null."
  }

  assert {
    condition     = output.alarms == ["rideshare-staging-mailer-cpu", "rideshare-staging-mailer-memory"]
    error_message = "It watches CPU and memory."
  }
}

run "a_long_name_is_cut_to_what_a_target_group_takes" {
  state_key = "a_long_name_is_cut_to_what_a_target_group_takes"

  variables {
    name = "rideshare-international-staging-api"
  }

  assert {
    condition     = length(aws_lb_target_group.this["green"].name) <= 32 && startswith(aws_lb_target_group.this["green"].name, "rideshare-internatio-") && aws_lb_target_group.this["green"].name != aws_lb_target_group.this["blue"].name
    error_message = "32 characters, with a digest."
  }
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
