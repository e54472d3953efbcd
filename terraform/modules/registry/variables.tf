variable "app" {
  description = "Name of the app. Repositories are named <app>/<service>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,38}[a-z0-9]$", var.app))
    error_message = "app is 2 to 40 lower-case letters, digits and dashes, starts with a letter and does not end with a dash."
  }
}

variable "services" {
  description = "Names of the services; each has a repository."
  type        = set(string)

  validation {
    condition     = alltrue([for service in var.services : can(regex("^[a-z0-9]+([._-][a-z0-9]+)*$", service))])
    error_message = "services are names of lower-case letters and digits, with single dots, dashes or underscores between."
  }
}

variable "untagged_days" {
  description = "Days after which an image without any tag expires. An image with a tag never does."
  type        = number
  default     = 14

  validation {
    condition     = var.untagged_days >= 1 && var.untagged_days == floor(var.untagged_days)
    error_message = "untagged_days must be a whole number of days, 1 or more."
  }
}

variable "pull_accounts" {
  description = "Other AWS accounts whose principals may pull, such as the one that production lives in. They can't push."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for account in var.pull_accounts : can(regex("^\\d{12}$", account))])
    error_message = "pull_accounts are AWS account ids of 12 digits."
  }
}

variable "encryption" {
  description = "\"AES256\" (keys of ECR) or \"KMS\" (a key of one's own). It can't be changed without making the repositories anew."
  type        = string
  default     = "AES256"

  validation {
    condition     = contains(["AES256", "KMS"], var.encryption)
    error_message = "encryption must be \"AES256\" or \"KMS\"."
  }
}

variable "kms_key" {
  description = "KMS key for encryption = \"KMS\"; null: the module makes one, which pull_accounts may decrypt with through ECR."
  type        = object({ arn = string })
  default     = null

  validation {
    condition     = var.kms_key == null || var.encryption == "KMS"
    error_message = "kms_key is used with encryption = \"KMS\" only."
  }
}

variable "protect" {
  description = "true: a repository that holds images can't be destroyed."
  type        = bool
  default     = true
}

variable "tags" {
  description = "Tags of every resource, beside the provider's default tags."
  type        = map(string)
  default     = {}
}
