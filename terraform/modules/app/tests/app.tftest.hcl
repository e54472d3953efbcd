# The real provider, offline: a plan of something new asks nobody. Mocked providers know no ephemeral resources.
provider "aws" {
  region                      = "eu-north-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

provider "aws" {
  alias                       = "us_east_1"
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = module.security.data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = module.edge_key[0].data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = module.cluster.data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = module.service["api"].data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = module.service["mailer"].data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = module.service["web"].data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = module.service["reports"].data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = module.monitoring.data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = module.site[0].data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = module.access_logs[0].data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = module.storage.data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = module.network[0].data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = module.network[0].data.aws_availability_zones.this
  values = { names = ["eu-north-1a", "eu-north-1b", "eu-north-1c"] }
}

override_data {
  target = module.cluster.data.aws_ec2_managed_prefix_list.cloudfront
  values = { id = "pl-11111111" }
}

override_data {
  target = module.cluster.data.aws_ecs_cluster.existing
  values = { cluster_name = "shared", arn = "arn:aws:ecs:eu-north-1:123456789012:cluster/shared" }
}

override_data {
  target = data.aws_s3_bucket.existing
  values = { bucket = "old-uploads", arn = "arn:aws:s3:::old-uploads" }
}

override_data {
  target = data.aws_db_instance.existing
  values = {
    db_instance_identifier = "old-database"
    engine                 = "postgres"
    address                = "old-database.eu-north-1.rds.amazonaws.com"
    port                   = 5432
    db_name                = "rides"
    vpc_security_groups    = ["sg-99999999"]
    master_user_secret     = [{ secret_arn = "arn:aws:secretsmanager:eu-north-1:123456789012:secret:rds-old", kms_key_id = "arn:aws:kms:eu-north-1:123456789012:key/99999999", secret_status = "active" }]
  }
}

override_resource {
  target          = aws_security_group.services
  override_during = plan
  values          = { id = "sg-services" }
}

override_resource {
  target          = module.security.aws_kms_key.this
  override_during = plan
  values          = { arn = "arn:aws:kms:eu-north-1:123456789012:key/made", key_id = "made" }
}

override_resource {
  target          = module.monitoring.aws_sns_topic.alarms
  override_during = plan
  values          = { arn = "arn:aws:sns:eu-north-1:123456789012:rideshare-staging-alarms" }
}

override_resource {
  target          = module.network[0].aws_vpc.this
  override_during = plan
  values          = { id = "vpc-made" }
}

override_resource {
  target          = module.network[0].aws_subnet.private
  override_during = plan
  values          = { id = "subnet-private" }
}

override_resource {
  target          = module.network[0].aws_eip.nat
  override_during = plan
  values          = { public_ip = "203.0.113.10" }
}

override_resource {
  target          = module.cluster.aws_ecs_cluster.this
  override_during = plan
  values          = { arn = "arn:aws:ecs:eu-north-1:123456789012:cluster/rideshare-staging" }
}

override_resource {
  target          = module.cluster.aws_lb.this
  override_during = plan
  values          = { arn = "arn:aws:elasticloadbalancing:eu-north-1:123456789012:loadbalancer/app/rideshare-staging/1111", arn_suffix = "app/rideshare-staging/1111", dns_name = "rideshare.eu-north-1.elb.amazonaws.com", zone_id = "Z23TAZ6LKFMNIO" }
}

override_resource {
  target          = module.cluster.aws_lb_listener.https
  override_during = plan
  values          = { arn = "arn:aws:elasticloadbalancing:eu-north-1:123456789012:listener/app/rideshare-staging/1111/https" }
}

override_resource {
  target          = module.cluster.aws_lb_listener.test
  override_during = plan
  values          = { arn = "arn:aws:elasticloadbalancing:eu-north-1:123456789012:listener/app/rideshare-staging/1111/test" }
}

override_resource {
  target          = module.service["api"].aws_iam_role.execution
  override_during = plan
  values          = { arn = "arn:aws:iam::123456789012:role/execution" }
}

override_resource {
  target          = module.service["mailer"].aws_iam_role.execution
  override_during = plan
  values          = { arn = "arn:aws:iam::123456789012:role/execution" }
}

override_resource {
  target          = module.service["web"].aws_iam_role.execution
  override_during = plan
  values          = { arn = "arn:aws:iam::123456789012:role/execution" }
}

override_resource {
  target          = module.service["reports"].aws_iam_role.execution
  override_during = plan
  values          = { arn = "arn:aws:iam::123456789012:role/execution" }
}

override_resource {
  target          = module.service["api"].aws_iam_role.task
  override_during = plan
  values          = { arn = "arn:aws:iam::123456789012:role/task" }
}

override_resource {
  target          = module.service["mailer"].aws_iam_role.task
  override_during = plan
  values          = { arn = "arn:aws:iam::123456789012:role/task" }
}

override_resource {
  target          = module.service["web"].aws_iam_role.task
  override_during = plan
  values          = { arn = "arn:aws:iam::123456789012:role/task" }
}

override_resource {
  target          = module.service["reports"].aws_iam_role.task
  override_during = plan
  values          = { arn = "arn:aws:iam::123456789012:role/task" }
}

override_resource {
  target          = module.service["api"].aws_iam_role.deployment
  override_during = plan
  values          = { arn = "arn:aws:iam::123456789012:role/deployment" }
}

override_resource {
  target          = module.service["web"].aws_iam_role.deployment
  override_during = plan
  values          = { arn = "arn:aws:iam::123456789012:role/deployment" }
}

override_resource {
  target          = module.service["reports"].aws_iam_role.deployment
  override_during = plan
  values          = { arn = "arn:aws:iam::123456789012:role/deployment" }
}

override_resource {
  target          = module.service["api"].aws_lb_target_group.this
  override_during = plan
  values          = { arn = "arn:aws:elasticloadbalancing:eu-north-1:123456789012:targetgroup/group/1111", arn_suffix = "targetgroup/group/1111" }
}

override_resource {
  target          = module.service["web"].aws_lb_target_group.this
  override_during = plan
  values          = { arn = "arn:aws:elasticloadbalancing:eu-north-1:123456789012:targetgroup/group/1111", arn_suffix = "targetgroup/group/1111" }
}

override_resource {
  target          = module.service["reports"].aws_lb_target_group.this
  override_during = plan
  values          = { arn = "arn:aws:elasticloadbalancing:eu-north-1:123456789012:targetgroup/group/1111", arn_suffix = "targetgroup/group/1111" }
}

override_resource {
  target          = module.service["api"].aws_lb_listener_rule.production
  override_during = plan
  values          = { arn = "arn:aws:elasticloadbalancing:eu-north-1:123456789012:listener-rule/app/rideshare-staging/1111/https/1" }
}

override_resource {
  target          = module.service["web"].aws_lb_listener_rule.production
  override_during = plan
  values          = { arn = "arn:aws:elasticloadbalancing:eu-north-1:123456789012:listener-rule/app/rideshare-staging/1111/https/1" }
}

override_resource {
  target          = module.service["reports"].aws_lb_listener_rule.production
  override_during = plan
  values          = { arn = "arn:aws:elasticloadbalancing:eu-north-1:123456789012:listener-rule/app/rideshare-staging/1111/https/1" }
}

override_resource {
  target          = module.service["api"].aws_lb_listener_rule.test
  override_during = plan
  values          = { arn = "arn:aws:elasticloadbalancing:eu-north-1:123456789012:listener-rule/app/rideshare-staging/1111/test/1" }
}

override_resource {
  target          = module.service["web"].aws_lb_listener_rule.test
  override_during = plan
  values          = { arn = "arn:aws:elasticloadbalancing:eu-north-1:123456789012:listener-rule/app/rideshare-staging/1111/test/1" }
}

override_resource {
  target          = module.service["reports"].aws_lb_listener_rule.test
  override_during = plan
  values          = { arn = "arn:aws:elasticloadbalancing:eu-north-1:123456789012:listener-rule/app/rideshare-staging/1111/test/1" }
}

override_resource {
  target          = module.site[0].aws_cloudfront_distribution.this
  override_during = plan
  values          = { id = "E111", arn = "arn:aws:cloudfront::123456789012:distribution/E111", domain_name = "d111.cloudfront.net", hosted_zone_id = "Z2FDTNDATAQYW2" }
}

override_resource {
  target          = module.storage.aws_s3_bucket.this
  override_during = plan
  values          = { arn = "arn:aws:s3:::made" }
}

override_resource {
  target          = module.storage.aws_kms_key.this
  override_during = plan
  values          = { arn = "arn:aws:kms:eu-north-1:123456789012:key/storage" }
}

override_module {
  target          = module.dns
  override_during = plan
  outputs = {
    zone_id                  = "Z111"
    name_servers             = ["ns-1.awsdns-01.org"]
    certificate_arn          = "arn:aws:acm:us-east-1:123456789012:certificate/made"
    regional_certificate_arn = "arn:aws:acm:eu-north-1:123456789012:certificate/made"
    origin_domain            = "origin.staging.rideshare.example"
  }
}

override_module {
  target          = module.database
  override_during = plan
  outputs = {
    identifier         = "rideshare-staging"
    host               = "database.eu-north-1.rds.amazonaws.com"
    port               = 5432
    database           = "rideshare"
    master_secret_arn  = "arn:aws:secretsmanager:eu-north-1:123456789012:secret:master"
    app_secret_arn     = "arn:aws:secretsmanager:eu-north-1:123456789012:secret:app"
    migrate_secret_arn = "arn:aws:secretsmanager:eu-north-1:123456789012:secret:migrate"
    roles_task         = { task_definition = "arn:aws:ecs:eu-north-1:123456789012:task-definition/roles:1", security_group = "sg-roles", fingerprint = "0123456789abcdef" }
  }
}

override_module {
  target          = module.existing_database_roles
  override_during = plan
  outputs = {
    app_secret_arn     = "arn:aws:secretsmanager:eu-north-1:123456789012:secret:app"
    migrate_secret_arn = "arn:aws:secretsmanager:eu-north-1:123456789012:secret:migrate"
    task               = { task_definition = "arn:aws:ecs:eu-north-1:123456789012:task-definition/roles:1", security_group = "sg-roles", fingerprint = "0123456789abcdef" }
  }
}

override_module {
  target          = module.cache
  override_during = plan
  outputs = {
    host       = "cache.eu-north-1.amazonaws.com"
    port       = 6379
    secret_arn = "arn:aws:secretsmanager:eu-north-1:123456789012:secret:cache"
  }
}

variables {
  app = {
    name        = "rideshare"
    environment = "staging"
    domain      = "staging.rideshare.example"
    services = {
      api    = { route = "/api/*" }
      mailer = { kind = "worker" }
    }
    sites    = { frontend = {} }
    database = {}
    cache    = {}
    buckets  = { uploads = {} }
    waf      = {}
  }
}

run "the_contract_says_everything_that_a_deployer_needs" {
  command = plan

  assert {
    condition     = keys(output.contract) == ["account", "app", "buckets", "cache", "cluster", "database", "dns", "environment", "loadBalancer", "network", "region", "secretsPrefix", "services", "sites", "url", "version"]
    error_message = "These keys and no others."
  }

  assert {
    condition     = output.contract.version == 1 && output.contract.app == "rideshare" && output.contract.environment == "staging" && output.contract.account == "123456789012" && output.contract.region == "eu-north-1" && output.contract.url == "https://staging.rideshare.example" && output.contract.secretsPrefix == "rideshare/staging/"
    error_message = "Who and where."
  }

  assert {
    condition     = output.contract.dns == { zone = "Z111", nameServers = ["ns-1.awsdns-01.org"] }
    error_message = "Who has to be delegated to."
  }

  assert {
    condition     = aws_ssm_parameter.roles[0].value == "never"
    error_message = "The roles were never made; whoever makes them writes it there."
  }

  assert {
    condition     = keys(output.contract.network) == ["assignPublicIp", "privateSubnets", "servicesSecurityGroup", "vpc"] && length(output.contract.network.privateSubnets) == 2 && !output.contract.network.assignPublicIp && output.contract.network.servicesSecurityGroup == aws_security_group.services.id
    error_message = "The network."
  }

  assert {
    condition     = output.contract.cluster == { name = module.cluster.name, arn = "arn:aws:ecs:eu-north-1:123456789012:cluster/rideshare-staging" }
    error_message = "The cluster."
  }

  assert {
    condition     = output.contract.loadBalancer == { arn = module.cluster.load_balancer.arn, dnsName = "rideshare.eu-north-1.elb.amazonaws.com", originDomain = "origin.staging.rideshare.example", listener = module.cluster.load_balancer.listener, testListener = module.cluster.load_balancer.test_listener }
    error_message = "The load balancer."
  }

  assert {
    condition     = keys(output.contract.services.api) == ["alarms", "deploymentRole", "executionRole", "family", "kind", "logGroup", "name", "port", "productionRule", "repository", "targetGroups", "taskRole", "testRule"] && keys(output.contract.services.mailer) == keys(output.contract.services.api)
    error_message = "Web services and workers have the same keys."
  }

  assert {
    condition     = output.contract.services.api.name == "rideshare-staging-api" && output.contract.services.api.repository == "123456789012.dkr.ecr.eu-north-1.amazonaws.com/rideshare/api" && output.contract.services.api.kind == "web" && output.contract.services.api.port == 3000 && keys(output.contract.services.api.targetGroups) == ["blue", "green"] && length(output.contract.services.api.alarms) == 6
    error_message = "The service."
  }

  assert {
    condition     = output.contract.services.mailer.kind == "worker" && output.contract.services.mailer.port == null && output.contract.services.mailer.targetGroups == null && output.contract.services.mailer.productionRule == null && output.contract.services.mailer.testRule == null && output.contract.services.mailer.deploymentRole == null
    error_message = "What a worker does not have is null."
  }

  assert {
    condition     = output.contract.sites.frontend == { bucket = "rideshare-staging-sites-123456789012", prefix = "frontend/", distribution = "E111", distributionDomain = "d111.cloudfront.net", route = "/*", fallback = "index.html" }
    error_message = "The site."
  }

  assert {
    condition     = keys(output.contract.database) == ["appSecret", "host", "identifier", "masterSecret", "migrateSecret", "name", "port", "rolesTask"] && output.contract.database.identifier == "rideshare-staging" && output.contract.database.name == "rideshare" && output.contract.database.port == 5432 && output.contract.database.rolesTask == { taskDefinition = "arn:aws:ecs:eu-north-1:123456789012:task-definition/roles:1", securityGroup = "sg-roles", fingerprint = "0123456789abcdef", record = "/switchback/rideshare/staging/database-roles" }
    error_message = "The database."
  }

  assert {
    condition     = keys(output.contract.cache) == ["host", "port", "secret", "tls"] && output.contract.cache.host == "cache.eu-north-1.amazonaws.com" && output.contract.cache.port == 6379 && output.contract.cache.tls
    error_message = "The cache."
  }

  assert {
    condition     = output.contract.buckets.uploads.name == "rideshare-staging-uploads-123456789012"
    error_message = "The bucket."
  }

  assert {
    condition     = aws_ssm_parameter.contract.name == "/switchback/rideshare/staging/contract" && aws_ssm_parameter.contract.type == "String" && output.contract_parameter == "/switchback/rideshare/staging/contract"
    error_message = "The parameter has the agreed name."
  }

  assert {
    condition     = jsondecode(aws_ssm_parameter.contract.value) == jsondecode(jsonencode(output.contract))
    error_message = "The parameter holds the same."
  }

  assert {
    condition     = output.name_servers == tolist(["ns-1.awsdns-01.org"]) && output.kms_key_arn == module.security.key_arn && output.alarm_topic == module.monitoring.topic_arn
    error_message = "The other outputs."
  }
}

run "what_is_not_asked_for_is_not_made" {
  command = plan

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { mailer = { kind = "worker" } } }
  }

  assert {
    condition     = length(module.network) == 1 && length(module.dns) == 0 && length(module.site) == 0 && length(module.edge) == 0 && length(module.database) == 0 && length(module.cache) == 0 && module.cluster.load_balancer == null && module.storage.buckets == {}
    error_message = "A worker needs a network, a cluster and nothing else."
  }

  assert {
    condition     = output.contract.url == null && output.contract.loadBalancer == null && output.contract.database == null && output.contract.cache == null && output.contract.sites == {} && output.contract.buckets == {} && length(output.contract.services) == 1 && length(output.name_servers) == 0
    error_message = "The contract says null."
  }

  assert {
    condition     = length(terraform_data.origin_word) == 0
    error_message = "No word for a distribution that is not there."
  }
}

run "a_site_alone_needs_no_load_balancer" {
  command = plan

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", sites = { frontend = {} } }
  }

  assert {
    condition     = module.cluster.load_balancer == null && length(module.site) == 1 && length(module.edge) == 0 && output.contract.url == "https://staging.rideshare.example" && output.contract.loadBalancer == null
    error_message = "The distribution only."
  }
}

run "what_is_there_already_is_used_and_not_made" {
  command = plan

  variables {
    app = {
      name        = "rideshare"
      environment = "staging"
      domain      = "staging.rideshare.example"
      services    = { api = { route = "/api/*" } }
      database    = {}
      buckets     = { uploads = {}, exports = {} }
      existing = {
        vpc                  = { id = "vpc-99999999", public_subnets = ["subnet-1", "subnet-2"], private_subnets = ["subnet-3", "subnet-4"], data_subnets = ["subnet-5", "subnet-6"] }
        zone                 = "Z999"
        certificate          = "arn:aws:acm:us-east-1:123456789012:certificate/99999999"
        regional_certificate = "arn:aws:acm:eu-north-1:123456789012:certificate/99999999"
        cluster              = "shared"
        database             = "old-database"
        buckets              = { uploads = "old-uploads" }
      }
    }
  }

  assert {
    condition     = length(module.network) == 0 && output.contract.network.vpc == "vpc-99999999" && output.contract.network.privateSubnets == tolist(["subnet-3", "subnet-4"])
    error_message = "The existing network."
  }

  assert {
    condition     = output.contract.cluster == { name = "shared", arn = "arn:aws:ecs:eu-north-1:123456789012:cluster/shared" }
    error_message = "The existing cluster."
  }

  assert {
    condition     = length(module.database) == 0 && output.contract.database.identifier == "old-database" && output.contract.database.host == "old-database.eu-north-1.rds.amazonaws.com" && output.contract.database.name == "rides" && output.contract.database.masterSecret == "arn:aws:secretsmanager:eu-north-1:123456789012:secret:rds-old"
    error_message = "The existing database."
  }

  assert {
    condition     = output.contract.database.appSecret != null && output.contract.database.rolesTask.taskDefinition != null && aws_vpc_security_group_ingress_rule.existing_database[0].security_group_id == "sg-99999999" && aws_vpc_security_group_ingress_rule.existing_database[0].referenced_security_group_id == aws_security_group.services.id
    error_message = "It gets the two roles, and lets the services in."
  }

  assert {
    condition     = output.contract.buckets.uploads == { name = "old-uploads", arn = "arn:aws:s3:::old-uploads" } && output.contract.buckets.exports.name == "rideshare-staging-exports-123456789012" && keys(module.storage.buckets) == ["exports"]
    error_message = "The existing bucket beside a new one."
  }

  assert {
    condition     = contains(one([for it in data.aws_iam_policy_document.buckets[0].statement : it.resources if it.sid == "UseOwnBuckets"]), "arn:aws:s3:::old-uploads/*")
    error_message = "Services may use the existing bucket."
  }
}

run "places_of_routes_follow_their_length_and_stay_when_others_come" {
  command = plan

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { web = { route = "/*" }, api = { route = "/api/*" }, reports = { route = "/api/reports/*" } } }
  }

  assert {
    condition     = local.priorities["api"] < local.priorities["web"] && local.priorities["reports"] < local.priorities["api"]
    error_message = "The longer path is asked first."
  }

  assert {
    condition     = length(distinct(values(local.priorities))) == 3 && alltrue([for place in values(local.priorities) : place >= 1 && place <= 50000])
    error_message = "Each has a place of its own."
  }
}

run "a_public_bucket_is_a_route_of_the_distribution" {
  command = plan

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", buckets = { avatars = { public = true } } }
  }

  assert {
    condition     = local.bucket_names["avatars"] == "rideshare-staging-avatars-123456789012" && output.contract.buckets.avatars.name == local.bucket_names["avatars"]
    error_message = "The name that the distribution is told is the name that is made."
  }

  assert {
    condition     = length(module.site) == 1 && module.cluster.load_balancer == null
    error_message = "It needs a distribution and no load balancer."
  }
}

run "nat_addresses_reach_the_test_listener" {
  command = plan

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { api = { route = "/*" } }, network = { zones = 3, egress = "nat-per-zone" } }
  }

  assert {
    condition     = local.nat_gateways == 3
    error_message = "One address for each zone."
  }
}

run "people_hear_of_alarms" {
  command = plan

  variables {
    alarm_emails = ["anna@example.com"]
    tags         = { Team = "riders" }
  }

  assert {
    condition     = output.alarm_topic == "arn:aws:sns:eu-north-1:123456789012:rideshare-staging-alarms"
    error_message = "The topic."
  }
}

run "images_of_another_account_are_pulled_from_there" {
  command = plan

  variables {
    app = {
      name        = "rideshare"
      environment = "staging"
      domain      = "staging.rideshare.example"
      services    = { api = { route = "/*" }, mailer = { kind = "worker" } }
      registry    = { account = "210987654321", region = "eu-west-1", kms_key = "arn:aws:kms:eu-west-1:210987654321:key/1", repositories = { mailer = "shared/mailer" } }
    }
  }

  assert {
    condition     = output.contract.services.api.repository == "210987654321.dkr.ecr.eu-west-1.amazonaws.com/rideshare/api" && output.contract.services.mailer.repository == "210987654321.dkr.ecr.eu-west-1.amazonaws.com/shared/mailer"
    error_message = "The repositories, each by its name."
  }
}
