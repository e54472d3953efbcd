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
    condition     = one([for it in data.aws_iam_policy_document.execution.statement : it.resources if it.sid == "ReadOwnSecrets"]) == toset(["arn:aws:secretsmanager:eu-north-1:123456789012:secret:rideshare/staging/*"])
    error_message = "secrets_prefix bounds what may be read."
  }

  assert {
    condition     = one([for it in data.aws_iam_policy_document.execution.statement : it.resources if it.sid == "DecryptOwnSecrets"]) == toset([var.kms_key.arn]) && one(flatten([for it in data.aws_iam_policy_document.execution.statement : [for condition in it.condition : "${condition.test} ${condition.variable} ${join(" ", condition.values)}"] if it.sid == "DecryptOwnSecrets"])) == "StringEquals kms:ViaService secretsmanager.eu-north-1.amazonaws.com"
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
    condition     = one([for it in data.aws_iam_policy_document.exec.statement : it.resources if it.sid == "DecryptExecSessions"]) == toset([var.exec_key.arn]) && aws_iam_role_policy.exec[0].policy == data.aws_iam_policy_document.exec.json
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

run "images_of_another_account_and_a_placeholder_in_ecr_may_be_pulled" {
  state_key = "images_of_another_account_and_a_placeholder_in_ecr_may_be_pulled"

  variables {
    repository_arn    = "arn:aws:ecr:eu-west-1:210987654321:repository/rideshare/api"
    image_key         = { arn = "arn:aws:kms:eu-west-1:210987654321:key/1" }
    placeholder_image = "123456789012.dkr.ecr.eu-north-1.amazonaws.com/ecr-public/docker/library/busybox:1.37"
  }

  assert {
    condition     = one([for it in data.aws_iam_policy_document.execution.statement : it.resources if it.sid == "PullOwnImages"]) == toset(["arn:aws:ecr:eu-west-1:210987654321:repository/rideshare/api"])
    error_message = "The repository of the other account, and no other."
  }

  assert {
    condition     = one([for it in data.aws_iam_policy_document.execution.statement : it.resources if it.sid == "DecryptImages"]) == toset(["arn:aws:kms:eu-west-1:210987654321:key/1"]) && one(one([for it in data.aws_iam_policy_document.execution.statement : it.condition if it.sid == "DecryptImages"])).values == tolist(["ecr.eu-west-1.amazonaws.com"])
    error_message = "Its key, through ECR of its region only."
  }

  assert {
    condition     = one([for it in data.aws_iam_policy_document.execution.statement : it.resources if it.sid == "PullPlaceholder"]) == toset(["arn:aws:ecr:eu-north-1:123456789012:repository/ecr-public/docker/library/busybox"])
    error_message = "The placeholder's repository."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.placeholder.container_definitions)[0].image == "123456789012.dkr.ecr.eu-north-1.amazonaws.com/ecr-public/docker/library/busybox:1.37"
    error_message = "The placeholder."
  }
}

run "without_them_nothing_more_may_be_pulled" {
  state_key = "without_them_nothing_more_may_be_pulled"

  assert {
    condition     = length([for it in data.aws_iam_policy_document.execution.statement : it if contains(["DecryptImages", "PullPlaceholder"], it.sid)]) == 0
    error_message = "Neither a key nor a second repository."
  }
}
