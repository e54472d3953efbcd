terraform {
  required_version = ">= 1.11"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

provider "aws" {
  region = "eu-north-1"
  default_tags {
    tags = { Project = "rig", ManagedBy = "terraform" }
  }
}

data "aws_availability_zones" "available" {
  state = "available"
}

resource "aws_vpc" "this" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = cidrsubnet(aws_vpc.this.cidr_block, 8, count.index)
  availability_zone = data.aws_availability_zones.available.names[count.index]
}

resource "aws_security_group" "this" {
  name   = "rig"
  vpc_id = aws_vpc.this.id
}

resource "aws_kms_key" "this" {
  description         = "rig"
  enable_key_rotation = true
}

resource "aws_cloudwatch_log_group" "this" {
  for_each          = toset(["slow", "engine"])
  name              = "/rig/cache/${each.key}"
  retention_in_days = 30
}

resource "aws_sns_topic" "this" {
  name = "rig-cache"
}

resource "aws_elasticache_subnet_group" "this" {
  name       = "rig"
  subnet_ids = aws_subnet.this[*].id
}

resource "aws_elasticache_parameter_group" "this" {
  name        = "rig"
  family      = "valkey8"
  description = "rig"
  parameter {
    name  = "maxmemory-policy"
    value = "allkeys-lru"
  }
  parameter {
    name  = "timeout"
    value = "300"
  }
}

ephemeral "aws_secretsmanager_random_password" "this" {
  password_length     = 40
  exclude_punctuation = true
}

resource "aws_elasticache_user" "default" {
  user_id       = "rig-default"
  user_name     = "default"
  engine        = "valkey"
  access_string = "off ~keys* -@all +get"
  authentication_mode {
    type      = "password"
    passwords = ["not-a-real-password-1"]
  }
}

resource "aws_elasticache_user" "app" {
  user_id       = "rig-app"
  user_name     = "app"
  engine        = "valkey"
  access_string = "on ~* &* +@all -@dangerous"
  authentication_mode {
    type      = "password"
    passwords = ["not-a-real-password-2", "not-a-real-password-3"]
  }
}

resource "aws_elasticache_user_group" "this" {
  engine        = "valkey"
  user_group_id = "rig"
  user_ids      = [aws_elasticache_user.default.user_id, aws_elasticache_user.app.user_id]
}

resource "aws_elasticache_replication_group" "users" {
  replication_group_id       = "rig-users"
  description                = "rig with users"
  engine                     = "valkey"
  engine_version             = "8.0"
  node_type                  = "cache.t4g.micro"
  port                       = 6379
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  multi_az_enabled           = true
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [aws_security_group.this.id]
  parameter_group_name       = aws_elasticache_parameter_group.this.name
  at_rest_encryption_enabled = true
  kms_key_id                 = aws_kms_key.this.arn
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  user_group_ids             = [aws_elasticache_user_group.this.user_group_id]
  snapshot_retention_limit   = 7
  snapshot_window            = "02:00-03:00"
  maintenance_window         = "sun:04:00-sun:05:00"
  auto_minor_version_upgrade = true
  apply_immediately          = false
  notification_topic_arn     = aws_sns_topic.this.arn
  dynamic "log_delivery_configuration" {
    for_each = { slow-log = "slow", engine-log = "engine" }
    content {
      log_type         = log_delivery_configuration.key
      log_format       = "json"
      destination_type = "cloudwatch-logs"
      destination      = aws_cloudwatch_log_group.this[log_delivery_configuration.value].name
    }
  }
}

resource "aws_elasticache_replication_group" "token" {
  replication_group_id       = "rig-token"
  description                = "rig with a token"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = "cache.t4g.micro"
  num_cache_clusters         = 1
  automatic_failover_enabled = false
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [aws_security_group.this.id]
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  auth_token                 = "not-a-real-token-0123456789"
  auth_token_update_strategy = "ROTATE"
}

resource "aws_elasticache_cluster" "this" {
  cluster_id           = "rig-alone"
  engine               = "redis"
  engine_version       = "7.1"
  node_type            = "cache.t4g.micro"
  num_cache_nodes      = 1
  port                 = 6379
  subnet_group_name    = aws_elasticache_subnet_group.this.name
  security_group_ids   = [aws_security_group.this.id]
  maintenance_window   = "sun:04:00-sun:05:00"
  parameter_group_name = "default.redis7"
}

resource "aws_elasticache_serverless_cache" "this" {
  name                     = "rig-serverless"
  description              = "rig"
  engine                   = "valkey"
  major_engine_version     = "8"
  kms_key_id               = aws_kms_key.this.arn
  security_group_ids       = [aws_security_group.this.id]
  subnet_ids               = aws_subnet.this[*].id
  snapshot_retention_limit = 1
  daily_snapshot_time      = "02:00"
  cache_usage_limits {
    data_storage {
      maximum = 10
      unit    = "GB"
    }
    ecpu_per_second {
      maximum = 5000
    }
  }
}
