variable "name" {
  description = "Name of the web ACL and prefix of every other name, usually <app>-<environment>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,39}$", var.name))
    error_message = "name: 2 to 40 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "scope" {
  description = "CLOUDFRONT (then the provider's region must be us-east-1) or REGIONAL for a load balancer."
  type        = string
  default     = "CLOUDFRONT"

  validation {
    condition     = contains(["CLOUDFRONT", "REGIONAL"], var.scope)
    error_message = "scope: CLOUDFRONT or REGIONAL."
  }
}

variable "rate_limit" {
  description = "Requests that one address may make in five minutes. Beyond: 429."
  type        = number
  default     = 2000

  validation {
    condition     = var.rate_limit >= 10 && var.rate_limit <= 2000000000 && floor(var.rate_limit) == var.rate_limit
    error_message = "rate_limit: a whole number from 10 to 2000000000, requests of one address in five minutes."
  }
}

variable "rule_groups" {
  description = "AWS managed rule groups in their order; count_only names rules that only count. The body-size rule counts by default: it would stop uploads above 8 KB."
  type = list(object({
    name       = string
    count_only = optional(list(string), [])
  }))
  default = [
    { name = "AWSManagedRulesAmazonIpReputationList" },
    { name = "AWSManagedRulesCommonRuleSet", count_only = ["SizeRestrictions_BODY"] },
    { name = "AWSManagedRulesKnownBadInputsRuleSet" },
    { name = "AWSManagedRulesSQLiRuleSet" },
  ]

  validation {
    condition     = alltrue([for group in var.rule_groups : startswith(group.name, "AWSManagedRules")])
    error_message = "rule_groups: names of AWS managed groups, AWSManagedRules…: ${join(", ", [for group in var.rule_groups : group.name if !startswith(group.name, "AWSManagedRules")])}."
  }

  validation {
    condition     = length(distinct(var.rule_groups[*].name)) == length(var.rule_groups)
    error_message = "rule_groups: a group is named once."
  }
}

variable "log_allowed" {
  description = "Log requests that pass too, not only those that a rule blocked or counted."
  type        = bool
  default     = false
}

variable "log_days" {
  description = "Days that the log is kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_days)
    error_message = "log_days: a number of days that CloudWatch Logs knows (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731 …)."
  }
}

variable "kms_key" {
  description = "Key that encrypts the log, in the provider's region: { arn = \"arn:…\" }. null: a key of AWS."
  type        = object({ arn = string })
  default     = null
}

variable "tags" {
  description = "Tags for everything that this module makes."
  type        = map(string)
  default     = {}
}
