variable "name" {
  description = "Prefix of the bucket's name, such as rideshare-staging. The bucket is called <name>-access-logs-<account id>."
  type        = string

  validation {
    # 63 characters are what S3 allows; "-access-logs-" and an account id are 25.
    condition     = can(regex("^[a-z][a-z0-9-]{0,36}[a-z0-9]$", var.name))
    error_message = "name is 2 to 38 lower-case letters, digits and dashes, starts with a letter and does not end with a dash."
  }
}

variable "log_days" {
  description = "How long access logs are kept, in days."
  type        = number
  default     = 30

  validation {
    condition     = var.log_days >= 1 && floor(var.log_days) == var.log_days
    error_message = "log_days is a whole number, 1 or more."
  }
}

variable "protect" {
  description = "true: a bucket that holds anything can't be destroyed."
  type        = bool
  default     = true
}

variable "tags" {
  description = "Tags of every resource, beside the provider's default tags."
  type        = map(string)
  default     = {}
}
