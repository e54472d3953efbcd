variable "name" {
  description = "Prefix of every resource's name and the identifier of the replication group, such as rideshare-staging."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 32
    error_message = "name is at most 32 lower-case letters, digits and single dashes, starts with a letter and does not end with a dash."
  }
}

variable "vpc_id" {
  description = "VPC of the cache."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets of the nodes; those without a way out."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 1
    error_message = "subnet_ids must not be empty."
  }
}

variable "allowed_security_groups" {
  description = "Security groups that may connect, by a name of one's own: { services = \"sg-…\" }. Nothing else can."
  type        = map(string)
  default     = {}
}

variable "engine" {
  description = "\"valkey\" or \"redis\"."
  type        = string
  default     = "valkey"

  validation {
    condition     = contains(["valkey", "redis"], var.engine)
    error_message = "engine must be \"valkey\" or \"redis\"."
  }
}

variable "engine_version" {
  description = "Version of the engine: 7.2, 8.0 or 8.1 of Valkey, 7.0 or 7.1 of Redis. null: 8.1 or 7.1."
  type        = string
  default     = null

  validation {
    condition     = var.engine_version == null || contains(var.engine == "redis" ? ["7.0", "7.1"] : ["7.2", "8.0", "8.1"], coalesce(var.engine_version, "-"))
    error_message = "engine_version must be 7.2, 8.0 or 8.1 of Valkey, or 7.0 or 7.1 of Redis."
  }
}

variable "node" {
  description = "Node type, such as cache.t4g.micro."
  type        = string
  default     = "cache.t4g.micro"

  validation {
    condition     = can(regex("^cache\\.[a-z0-9]+\\.[a-z0-9]+$", var.node))
    error_message = "node must be a type such as cache.t4g.micro."
  }
}

variable "replicas" {
  description = "Copies beside the primary. With one or more, a copy in another zone takes over when the primary fails."
  type        = number
  default     = 0

  validation {
    condition     = var.replicas >= 0 && var.replicas <= 5 && var.replicas == floor(var.replicas)
    error_message = "replicas must be a whole number between 0 and 5."
  }
}

variable "secrets_prefix" {
  description = "The name of the secret begins with it: rideshare/staging/."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9/_+=.@-]+/$", var.secrets_prefix))
    error_message = "secrets_prefix must end with a slash: rideshare/staging/."
  }
}

variable "password_version" {
  description = "A higher number makes a new password at the next apply; then services must be deployed."
  type        = number
  default     = 1

  validation {
    condition     = var.password_version >= 1 && var.password_version == floor(var.password_version)
    error_message = "password_version must be a whole number, 1 or more."
  }
}

variable "secret_recovery_days" {
  description = "Days that a deleted secret can be brought back; 0: it is gone at once."
  type        = number
  default     = 7

  validation {
    condition     = var.secret_recovery_days == 0 || (var.secret_recovery_days >= 7 && var.secret_recovery_days <= 30)
    error_message = "secret_recovery_days must be 0 or between 7 and 30."
  }
}

variable "parameters" {
  description = "Parameters of the server, by name: { maxmemory-policy = \"allkeys-lru\" }."
  type        = map(string)
  default     = {}
}

variable "snapshot_days" {
  description = "Days that daily snapshots are kept; 0: none."
  type        = number
  default     = 1

  validation {
    condition     = var.snapshot_days >= 0 && var.snapshot_days <= 35
    error_message = "snapshot_days must be between 0 and 35."
  }
}

variable "snapshot_window" {
  description = "Daily time of snapshots, UTC, an hour at least."
  type        = string
  default     = "02:00-03:00"

  validation {
    condition     = can(regex("^([01]\\d|2[0-3]):[0-5]\\d-([01]\\d|2[0-3]):[0-5]\\d$", var.snapshot_window))
    error_message = "snapshot_window must look like 02:00-03:00."
  }
}

variable "maintenance_window" {
  description = "Weekly time of maintenance, UTC; not within snapshot_window."
  type        = string
  default     = "sun:03:30-sun:04:30"

  validation {
    condition     = can(regex("^(mon|tue|wed|thu|fri|sat|sun):([01]\\d|2[0-3]):[0-5]\\d-(mon|tue|wed|thu|fri|sat|sun):([01]\\d|2[0-3]):[0-5]\\d$", var.maintenance_window))
    error_message = "maintenance_window must look like sun:03:30-sun:04:30."
  }
}

variable "apply_immediately" {
  description = "true: changes are made at once; false: in the maintenance window."
  type        = bool
  default     = false
}

variable "log_days" {
  description = "How long slow and engine logs are kept, in days."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_days)
    error_message = "log_days must be a retention that CloudWatch Logs knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "protect" {
  description = "true: a final snapshot is taken when the cache is destroyed."
  type        = bool
  default     = true
}

variable "kms_key" {
  description = "KMS key of data, snapshots, logs and the secret; its policy must let CloudWatch Logs use it. null: the module makes its own."
  type        = object({ arn = string })
  default     = null
}

variable "tags" {
  description = "Tags of every resource, beside the provider's default tags."
  type        = map(string)
  default     = {}
}
