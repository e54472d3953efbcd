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
    tags = {
      Project     = "rideshare"
      Environment = "staging"
      ManagedBy   = "terraform"
    }
  }
}

# Roles for a database that is there already.
data "aws_db_instance" "this" {
  db_instance_identifier = "rides"
}

data "aws_db_subnet_group" "this" {
  name = data.aws_db_instance.this.db_subnet_group
}

module "roles" {
  source = "../.."

  name                       = "rideshare-staging"
  database                   = data.aws_db_instance.this.db_name
  role_prefix                = "rideshare"
  host                       = data.aws_db_instance.this.address
  port                       = data.aws_db_instance.this.port
  master_secret_arn          = data.aws_db_instance.this.master_user_secret[0].secret_arn
  secrets_prefix             = "rideshare/staging/"
  vpc_id                     = data.aws_db_subnet_group.this.vpc_id
  database_security_group_id = { id = data.aws_db_instance.this.vpc_security_groups[0] }
}

output "task" {
  value = module.roles.task
}
