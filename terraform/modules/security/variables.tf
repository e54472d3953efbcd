variable "name" {
  description = "Prefix of every name, usually <app>-<environment>. The key's alias is alias/<name>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,39}$", var.name))
    error_message = "name: 2 to 40 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "rotation_days" {
  description = "Days after which AWS rotates the key's material by itself."
  type        = number
  default     = 365

  validation {
    condition     = var.rotation_days >= 90 && var.rotation_days <= 2560
    error_message = "rotation_days: 90 to 2560."
  }
}

variable "deletion_window_days" {
  description = "Days between destroying the key here and its end in AWS. Until then it can be brought back."
  type        = number
  default     = 30

  validation {
    condition     = var.deletion_window_days >= 7 && var.deletion_window_days <= 30
    error_message = "deletion_window_days: 7 to 30."
  }
}

variable "reader_accounts" {
  description = "Other accounts whose IAM may let its roles decrypt with this key."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for account in var.reader_accounts : can(regex("^[0-9]{12}$", account))])
    error_message = "reader_accounts: account numbers of 12 digits."
  }
}

variable "tags" {
  description = "Tags for everything that this module makes."
  type        = map(string)
  default     = {}
}
