locals {
  load_balancer = module.cluster.load_balancer

  # Version 1. A key is never taken away or given another meaning within a version; what is not there is null.
  contract = {
    version     = 1
    app         = var.app.name
    environment = var.app.environment
    account     = local.account
    region      = local.region
    url         = local.has_front_door ? "https://${var.app.domain}" : null

    dns = local.has_front_door ? {
      zone        = module.dns[0].zone_id
      nameServers = module.dns[0].name_servers
    } : null

    network = {
      vpc                   = local.vpc.id
      privateSubnets        = local.vpc.private_subnets
      servicesSecurityGroup = aws_security_group.services.id
      assignPublicIp        = false
    }

    cluster = {
      name = module.cluster.name
      arn  = module.cluster.arn
    }

    loadBalancer = length(local.web) == 0 ? null : {
      arn          = local.load_balancer.arn
      dnsName      = local.load_balancer.dns_name
      originDomain = module.dns[0].origin_domain
      listener     = local.load_balancer.listener
      testListener = local.load_balancer.test_listener
    }

    services = {
      for name, service in module.service : name => {
        name           = service.name
        family         = service.family
        kind           = service.kind
        port           = service.port
        repository     = "${local.registry.account}.dkr.ecr.${local.registry.region}.${data.aws_partition.this.dns_suffix}/${local.repositories[name]}"
        executionRole  = service.execution_role_arn
        taskRole       = service.task_role_arn
        logGroup       = service.log_group
        targetGroups   = service.target_groups
        productionRule = service.production_rule
        testRule       = service.test_rule
        deploymentRole = service.deployment_role_arn
        alarms         = service.alarms
      }
    }

    sites = local.has_front_door ? {
      for name, site in module.site[0].sites : name => {
        bucket             = site.bucket
        prefix             = site.prefix
        distribution       = site.distribution
        distributionDomain = site.distribution_domain
        route              = site.route
        fallback           = site.fallback
      }
    } : {}

    database = local.makes_data ? {
      identifier    = module.database[0].identifier
      host          = module.database[0].host
      port          = module.database[0].port
      name          = module.database[0].database
      masterSecret  = module.database[0].master_secret_arn
      appSecret     = module.database[0].app_secret_arn
      migrateSecret = module.database[0].migrate_secret_arn
      rolesTask = {
        taskDefinition = module.database[0].roles_task.task_definition
        securityGroup  = module.database[0].roles_task.security_group
        fingerprint    = module.database[0].roles_task.fingerprint
        record         = aws_ssm_parameter.roles[0].name
      }
      } : local.adopts_data ? {
      identifier    = data.aws_db_instance.existing[0].db_instance_identifier
      host          = data.aws_db_instance.existing[0].address
      port          = data.aws_db_instance.existing[0].port
      name          = data.aws_db_instance.existing[0].db_name
      masterSecret  = data.aws_db_instance.existing[0].master_user_secret[0].secret_arn
      appSecret     = module.existing_database_roles[0].app_secret_arn
      migrateSecret = module.existing_database_roles[0].migrate_secret_arn
      rolesTask = {
        taskDefinition = module.existing_database_roles[0].task.task_definition
        securityGroup  = module.existing_database_roles[0].task.security_group
        fingerprint    = module.existing_database_roles[0].task.fingerprint
        record         = aws_ssm_parameter.roles[0].name
      }
    } : null

    cache = var.app.cache == null ? null : {
      host   = module.cache[0].host
      port   = module.cache[0].port
      tls    = true
      secret = module.cache[0].secret_arn
    }

    buckets = {
      for name in keys(var.app.buckets) : name => {
        name = contains(keys(local.existing.buckets), name) ? data.aws_s3_bucket.existing[name].bucket : module.storage.buckets[name].name
        arn  = contains(keys(local.existing.buckets), name) ? data.aws_s3_bucket.existing[name].arn : module.storage.buckets[name].arn
      }
    }

    secretsPrefix = local.secrets_prefix
  }
}

# What the deployer reads: nothing about an environment is guessed from names.
resource "aws_ssm_parameter" "contract" {
  name        = "/switchback/${var.app.name}/${var.app.environment}/contract"
  description = "What ${local.name} consists of, version 1"
  type        = "String"
  # Beyond 4 KB a parameter has to be an advanced one.
  tier  = "Intelligent-Tiering"
  value = jsonencode(local.contract)
  tags  = var.tags

  lifecycle {
    precondition {
      condition     = length(jsonencode(local.contract)) <= 8192
      error_message = "app.services: the contract is longer than the 8 KB that a parameter holds. Split the app into two."
    }
  }
}

# Whoever runs the task that makes the database's roles writes here what it ran for.
resource "aws_ssm_parameter" "roles" {
  count = var.app.database == null ? 0 : 1

  name        = "/switchback/${var.app.name}/${var.app.environment}/database-roles"
  description = "What the task that makes the database's roles ran for the last time"
  type        = "String"
  value       = "never"
  tags        = var.tags

  lifecycle {
    ignore_changes = [value]
  }
}
