variable "app" {
  description = "Name of the app."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,38}[a-z0-9]$", var.app))
    error_message = "app is 2 to 40 lower-case letters, digits and dashes, starts with a letter and does not end with a dash."
  }
}

variable "environments" {
  description = "Environments in this account. Each has a role infra and a role deploy; infra_from and deploy_from name the GitHub environments whose jobs may take them (null: the one of the same name)."
  type = map(object({
    infra_from  = optional(list(string))
    deploy_from = optional(list(string))
  }))

  validation {
    condition     = alltrue([for environment in keys(var.environments) : can(regex("^[a-z][a-z0-9-]{0,18}[a-z0-9]$", environment))])
    error_message = "Environments are 2 to 20 lower-case letters, digits and dashes, start with a letter and do not end with a dash."
  }

  validation {
    condition     = alltrue([for environment in keys(var.environments) : length("${var.app}-${environment}-deploy") <= 64])
    error_message = "A role's name (<app>-<environment>-deploy) would be longer than the 64 characters that IAM allows: shorten the app's or the environment's name."
  }

  validation {
    # Roles reach resources by the prefix <app>-<environment>-: staging's would reach staging-eu's.
    condition = alltrue([
      for one in keys(var.environments) : alltrue([for other in keys(var.environments) : one == other || !startswith(other, "${one}-")])
    ])
    error_message = "No environment's name may begin with another's and a dash (staging and staging-eu): the roles of the shorter one would reach the longer one's resources."
  }
}

variable "services" {
  description = "Names of the services; each has an ECR repository <app>/<service>. Used unless registry_account names another account."
  type        = set(string)
  default     = []
}

variable "repository" {
  description = "GitHub repository whose workflows may take the roles: owner/name. null: none."
  type        = string
  default     = null

  validation {
    condition     = var.repository == null || can(regex("^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$", var.repository))
    error_message = "repository must be owner/name: octo/rideshare."
  }
}

variable "oidc_provider" {
  description = "OIDC provider of GitHub that the account has already: { arn = \"arn:…\" }; an account holds one. null: it is made when repository is set."
  type        = object({ arn = string })
  default     = null
}

variable "trusted_principals" {
  description = "ARNs of roles and users that may take the roles too, such as the role of people's single sign-on."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.trusted_principals : can(regex("^arn:aws[a-z-]*:iam::\\d{12}:(role|user)/.+$", arn))])
    error_message = "trusted_principals must be ARNs of IAM roles or users: no account's root, no wildcard."
  }

  validation {
    condition     = length(var.environments) == 0 || var.repository != null || length(var.trusted_principals) > 0
    error_message = "Nobody could take the roles: set repository or trusted_principals."
  }
}

variable "state_bucket" {
  description = "State bucket that another app of the account and region has made already: { name = \"…\" }. null: switchback-state-<account>-<region> is made."
  type        = object({ name = string })
  default     = null
}

variable "store_bucket" {
  description = "Bucket of the environments' logs and the releases that is there already: { name = \"…\" }. null: switchback-store-<account>-<region> is made."
  type        = object({ name = string })
  default     = null
}

variable "encryption" {
  description = "Encryption of both buckets: \"KMS\" (one key of one's own, with bucket keys) or \"AES256\" (keys of S3)."
  type        = string
  default     = "KMS"

  validation {
    condition     = contains(["KMS", "AES256"], var.encryption)
    error_message = "encryption must be \"KMS\" or \"AES256\"."
  }
}

variable "kms_key" {
  description = "KMS key of buckets that were made by another app of the account; null: the module makes one."
  type        = object({ arn = string })
  default     = null

  validation {
    condition     = var.kms_key == null || var.encryption == "KMS"
    error_message = "kms_key is used with encryption = \"KMS\" only."
  }
}

variable "old_version_days" {
  description = "Days that replaced versions of states, heads and leases are kept."
  type        = number
  default     = 90

  validation {
    condition     = var.old_version_days >= 1
    error_message = "old_version_days must be 1 or more."
  }
}

variable "registry_account" {
  description = "Account that holds the app's repositories when it is another one. null: this account, and they are made here."
  type        = string
  default     = null

  validation {
    condition     = var.registry_account == null || can(regex("^\\d{12}$", var.registry_account))
    error_message = "registry_account must be an AWS account id of 12 digits."
  }
}

variable "pull_accounts" {
  description = "Other accounts that may pull the app's images, such as the one that production lives in."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for account in var.pull_accounts : can(regex("^\\d{12}$", account))])
    error_message = "pull_accounts are AWS account ids of 12 digits."
  }
}

variable "registry_encryption" {
  description = "Encryption of the images: \"AES256\" or \"KMS\". It can't be changed without making the repositories anew."
  type        = string
  default     = "AES256"

  validation {
    condition     = contains(["AES256", "KMS"], var.registry_encryption)
    error_message = "registry_encryption must be \"AES256\" or \"KMS\"."
  }
}

variable "require_boundary" {
  description = "true: an infra role can only make roles that carry the permissions boundary, so hand it to every module as permissions_boundary. false: it can make any role below its prefix, and through one reach more than itself."
  type        = bool
  default     = true
}

variable "session_seconds" {
  description = "Longest session of a role, in seconds; a deployment that bakes long needs one that outlasts it."
  type        = number
  default     = 7200

  validation {
    condition     = var.session_seconds >= 3600 && var.session_seconds <= 43200
    error_message = "session_seconds must be between 3600 and 43200."
  }
}

variable "protect" {
  description = "true: buckets and repositories that hold anything can't be destroyed, and nothing in the store can be deleted by anybody."
  type        = bool
  default     = true
}

variable "registry_kms_key" {
  description = "KMS key of the images with registry_encryption = \"KMS\"; null: one is made."
  type        = object({ arn = string })
  default     = null
}

variable "tags" {
  description = "Tags of every resource, beside the provider's default tags."
  type        = map(string)
  default     = {}
}
