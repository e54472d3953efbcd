variable "name" {
  description = "Prefix of every resource's name, such as rideshare-staging."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,38}[a-z0-9]$", var.name))
    error_message = "name is 2 to 40 lower-case letters, digits and dashes, starts with a letter and does not end with a dash."
  }
}

variable "database" {
  description = "Name of the database, which is there already."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z_][a-zA-Z0-9_-]{0,62}$", var.database))
    error_message = "database is a name of at most 63 letters, digits, underscores and dashes."
  }
}

variable "role_prefix" {
  description = "The roles are named <role_prefix>_app and <role_prefix>_migrate. null: the database's name."
  type        = string
  default     = null

  validation {
    condition     = var.role_prefix == null || can(regex("^[a-z_][a-z0-9_]{0,53}$", var.role_prefix))
    error_message = "role_prefix is at most 54 lower-case letters, digits and underscores and starts with no digit."
  }
}

variable "host" {
  description = "Host name of the server; the task and migrations connect to it."
  type        = string
}

variable "app_host" {
  description = "Host name that the app connects to, such as a proxy's; null: host."
  type        = object({ name = string })
  default     = null
}

variable "port" {
  description = "Port of the server."
  type        = number
  default     = 5432

  validation {
    condition     = var.port > 0 && var.port < 65536
    error_message = "port must be between 1 and 65535."
  }
}

variable "master_secret_arn" {
  description = "Secret with username and password (JSON) of a user that may create roles and owns the database: RDS's managed one."
  type        = string
}

variable "secrets_prefix" {
  description = "Names of the secrets begin with it: rideshare/staging/."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9/_+=.@-]+/$", var.secrets_prefix))
    error_message = "secrets_prefix must end with a slash: rideshare/staging/."
  }
}

variable "kms_key" {
  description = "KMS key of the secrets and of the task's log; its policy must let CloudWatch Logs use it. null: keys of AWS."
  type        = object({ arn = string })
  default     = null
}

variable "master_kms_key" {
  description = "KMS key of the master secret when it is another than kms_key and none of AWS's; null: it isn't."
  type        = object({ arn = string })
  default     = null
}

variable "vpc_id" {
  description = "VPC that the task runs in."
  type        = string
}

variable "private_subnet_ids" {
  description = "Subnets that the task may run in; handed on in the output task."
  type        = list(string)
  default     = []
}

variable "database_security_group_id" {
  description = "Security group of the server; the task is let in. null: one lets in the task's security group oneself."
  type        = object({ id = string })
  default     = null
}

variable "image" {
  description = "Image with psql 15 or later and a POSIX shell. Without a way out of the VPC it must lie in a registry that the VPC reaches."
  type        = string
  default     = "public.ecr.aws/docker/library/postgres:18"

  validation {
    condition     = can(regex("^[^\\s]+(:[^\\s/]+|@sha256:[0-9a-f]{64})$", var.image))
    error_message = "image must name a tag or a digest."
  }
}

variable "root_certificate" {
  description = "Certificates (PEM) that the server's certificate is checked against. null: TLS without a check of who answers."
  type        = string
  default     = null

  validation {
    condition     = var.root_certificate == null || can(regex("-----BEGIN CERTIFICATE-----", var.root_certificate))
    error_message = "root_certificate must be PEM text with at least one certificate."
  }
}

variable "password_version" {
  description = "A higher number makes new passwords at the next apply; then the task must run and the services be deployed."
  type        = number
  default     = 1

  validation {
    condition     = var.password_version >= 1 && var.password_version == floor(var.password_version)
    error_message = "password_version must be a whole number, 1 or more."
  }
}

variable "url_query" {
  description = "What follows the ? in the secrets' url."
  type        = string
  default     = "sslmode=require"

  validation {
    condition     = can(regex("(^|&)sslmode=(require|verify-ca|verify-full|no-verify)(&|$)", var.url_query))
    error_message = "url_query must set sslmode to require, verify-ca, verify-full or no-verify: the server refuses connections without TLS."
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

variable "log_days" {
  description = "How long the task's log is kept, in days."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_days)
    error_message = "log_days must be a retention that CloudWatch Logs knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "permissions_boundary" {
  description = "ARN of the permissions boundary of both roles of the task; null: none."
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
