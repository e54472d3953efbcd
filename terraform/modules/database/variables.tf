variable "name" {
  description = "Prefix of every resource's name and the identifier of the instance, such as rideshare-staging."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 40
    error_message = "name is at most 40 lower-case letters, digits and single dashes, starts with a letter and does not end with a dash."
  }
}

variable "database" {
  description = "Name of the database inside the instance."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.database))
    error_message = "database is at most 63 lower-case letters, digits and underscores and starts with a letter."
  }
}

variable "vpc_id" {
  description = "VPC of the instance."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets of the instance, in two zones at least; those without a way out."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids must be two at least, in different availability zones."
  }
}

variable "allowed_security_groups" {
  description = "Security groups that may connect, by a name of one's own: { services = \"sg-…\" }. Nothing else can."
  type        = map(string)
  default     = {}
}

variable "postgres_version" {
  description = "Major version of PostgreSQL; minor versions are installed in the maintenance window."
  type        = number
  default     = 18

  validation {
    condition     = contains([15, 16, 17, 18], var.postgres_version)
    error_message = "postgres_version must be 15, 16, 17 or 18: before 15 everybody may create tables in the schema public."
  }
}

variable "instance" {
  description = "Instance class, such as db.t4g.micro or db.m7g.large."
  type        = string
  default     = "db.t4g.micro"

  validation {
    condition     = can(regex("^db\\.[a-z0-9-]+\\.[a-z0-9]+$", var.instance))
    error_message = "instance must be a class such as db.t4g.micro."
  }
}

variable "storage_gb" {
  description = "Storage at the start, in GiB."
  type        = number
  default     = 20

  validation {
    condition     = var.storage_gb >= 20 && var.storage_gb <= 65536
    error_message = "storage_gb must be between 20 and 65536: gp3 has no smaller volume."
  }
}

variable "max_storage_gb" {
  description = "Storage grows by itself up to this, in GiB. Equal to storage_gb: it does not grow."
  type        = number
  default     = 100

  validation {
    condition     = var.max_storage_gb >= var.storage_gb && var.max_storage_gb <= 65536
    error_message = "max_storage_gb must be at least storage_gb and at most 65536."
  }
}

variable "multi_az" {
  description = "true: a standby in another zone takes over when the instance or its zone fails."
  type        = bool
  default     = false
}

variable "backup_days" {
  description = "Days that backups are kept; every second of them can be restored."
  type        = number
  default     = 7

  validation {
    condition     = var.backup_days >= 1 && var.backup_days <= 35
    error_message = "backup_days must be between 1 and 35: without backups there is no point-in-time restore and no replica."
  }
}

variable "backup_window" {
  description = "Daily time of backups, UTC."
  type        = string
  default     = "02:00-03:00"

  validation {
    condition     = can(regex("^([01]\\d|2[0-3]):[0-5]\\d-([01]\\d|2[0-3]):[0-5]\\d$", var.backup_window))
    error_message = "backup_window must look like 02:00-03:00."
  }
}

variable "maintenance_window" {
  description = "Weekly time of maintenance, UTC; not within backup_window."
  type        = string
  default     = "sun:03:30-sun:04:30"

  validation {
    condition     = can(regex("^(mon|tue|wed|thu|fri|sat|sun):([01]\\d|2[0-3]):[0-5]\\d-(mon|tue|wed|thu|fri|sat|sun):([01]\\d|2[0-3]):[0-5]\\d$", var.maintenance_window))
    error_message = "maintenance_window must look like sun:03:30-sun:04:30."
  }
}

variable "apply_immediately" {
  description = "true: changes that restart the instance are made at once; false: in the maintenance window."
  type        = bool
  default     = false
}

variable "parameters" {
  description = "Further parameters of the server, by name. They win over the module's, but for rds.force_ssl."
  type        = map(string)
  default     = {}

  validation {
    condition     = !contains(keys(var.parameters), "rds.force_ssl")
    error_message = "parameters must not set rds.force_ssl: connections without TLS are always refused."
  }
}

variable "slow_query_ms" {
  description = "Statements that take longer are logged, in milliseconds."
  type        = number
  default     = 1000

  validation {
    condition     = var.slow_query_ms >= 0
    error_message = "slow_query_ms must be 0 (every statement, with the values in it) or more."
  }
}

variable "monitoring_seconds" {
  description = "Interval of enhanced monitoring, in seconds; 0: off."
  type        = number
  default     = 60

  validation {
    condition     = contains([0, 1, 5, 10, 15, 30, 60], var.monitoring_seconds)
    error_message = "monitoring_seconds must be 0, 1, 5, 10, 15, 30 or 60."
  }
}

variable "insights_days" {
  description = "Days that Performance Insights keeps; 7 costs nothing."
  type        = number
  default     = 7

  validation {
    condition     = var.insights_days == 7 || var.insights_days == 731 || (var.insights_days % 31 == 0 && var.insights_days >= 31 && var.insights_days <= 713)
    error_message = "insights_days must be 7, 731 or a multiple of 31 up to 713."
  }
}

variable "log_days" {
  description = "How long the server's logs are kept in CloudWatch, in days."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_days)
    error_message = "log_days must be a retention that CloudWatch Logs knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "replica" {
  description = "true: a second instance for reading, in another zone where there is one."
  type        = bool
  default     = false
}

variable "proxy" {
  description = "true: an RDS proxy in front, which the app's role connects through; migrations connect directly. Needs roles."
  type        = bool
  default     = false

  validation {
    condition     = !var.proxy || var.roles != null
    error_message = "proxy needs roles: it logs in with the secret of the app's role."
  }
}

variable "protect" {
  description = "true: the instance can't be deleted, and leaves a final snapshot when protection is lifted later."
  type        = bool
  default     = true
}

variable "kms_key" {
  description = "KMS key of storage, backups, insights, logs and secrets; its policy must let CloudWatch Logs use it. null: the module makes its own."
  type        = object({ arn = string })
  default     = null
}

variable "roles" {
  description = "Roles of the app and of migrations, and the task that makes them (see modules/roles). null: none; one makes them oneself as the master user."
  type = object({
    secrets_prefix       = string
    private_subnet_ids   = optional(list(string), [])
    image                = optional(string)
    password_version     = optional(number, 1)
    root_certificate     = optional(string)
    url_query            = optional(string, "sslmode=require")
    secret_recovery_days = optional(number, 7)
  })
  default = null
}

variable "permissions_boundary" {
  description = "ARN of the permissions boundary of every role; null: none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:aws[a-z-]*:iam::(\\d{12}|aws):policy/.+$", var.permissions_boundary))
    error_message = "permissions_boundary must be the ARN of an IAM policy."
  }
}

variable "tags" {
  description = "Tags of every resource, beside the provider's default tags."
  type        = map(string)
  default     = {}
}
