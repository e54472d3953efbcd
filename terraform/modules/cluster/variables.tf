variable "name" {
  description = "Name of the cluster and of the load balancer, prefix of everything else; usually <app>-<environment>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,38}[a-z0-9]$", var.name))
    error_message = "name is 2 to 40 lower-case letters, digits and dashes, starts with a letter and does not end with a dash."
  }
}

variable "existing_cluster" {
  description = "Name of a cluster that is there already and is used as it is. null: one is made."
  type        = string
  default     = null

  validation {
    condition     = var.existing_cluster == null || can(regex("^[A-Za-z0-9_-]{1,255}$", var.existing_cluster))
    error_message = "existing_cluster is the name of a cluster, not its ARN."
  }
}

variable "container_insights" {
  description = "Metrics of tasks and containers: \"enabled\", \"enhanced\" (each container, dearer) or \"disabled\"."
  type        = string
  default     = "enabled"

  validation {
    condition     = contains(["enabled", "enhanced", "disabled"], var.container_insights)
    error_message = "container_insights is \"enabled\", \"enhanced\" or \"disabled\"."
  }
}

variable "load_balancer" {
  description = "The load balancer; null: none, for an environment of workers. subnets: public ones, in two zones at least. certificate_arn: of this region, for the name that CloudFront reaches it by. domain: that name, and the hosted zone that gets its record; null: one makes it oneself. test_sources: who reaches the test listener, IPv4 ranges by a name of one's own ({ office = \"203.0.113.7/32\" }); nobody by default."
  type = object({
    vpc_id               = string
    subnets              = list(string)
    certificate_arn      = string
    domain               = optional(object({ name = string, zone_id = string }))
    test_port            = optional(number, 8443)
    test_sources         = optional(map(string), {})
    idle_timeout_seconds = optional(number, 60)
    tls_policy           = optional(string, "ELBSecurityPolicy-TLS13-1-2-2021-06")
  })
  default = null

  validation {
    condition     = var.load_balancer == null || try(length(var.load_balancer.subnets) >= 2, false)
    error_message = "load_balancer.subnets: a load balancer needs subnets in two zones at least."
  }

  validation {
    condition     = var.load_balancer == null || try(var.load_balancer.test_port > 1023 && var.load_balancer.test_port < 65536, false)
    error_message = "load_balancer.test_port is between 1024 and 65535; 80 and 443 are taken."
  }

  validation {
    condition     = var.load_balancer == null || alltrue([for range in values(try(var.load_balancer.test_sources, {})) : can(cidrnetmask(range))])
    error_message = "load_balancer.test_sources are IPv4 ranges such as 203.0.113.7/32."
  }

  validation {
    condition     = var.load_balancer == null || !anytrue([for range in values(try(var.load_balancer.test_sources, {})) : endswith(range, "/0")])
    error_message = "load_balancer.test_sources: the test listener shows what nobody has approved yet, so it is never open to the world."
  }

  validation {
    condition     = var.load_balancer == null || length(try(var.load_balancer.test_sources, {})) <= 4
    error_message = "load_balancer.test_sources: at most 4; CloudFront's list takes 55 of the 60 rules of the security group."
  }

  validation {
    condition     = var.load_balancer == null || try(var.load_balancer.idle_timeout_seconds >= 1 && var.load_balancer.idle_timeout_seconds <= 4000, false)
    error_message = "load_balancer.idle_timeout_seconds is between 1 and 4000."
  }

  validation {
    condition     = var.load_balancer == null || try(startswith(var.load_balancer.tls_policy, "ELBSecurityPolicy-TLS13-1-2-"), false)
    error_message = "load_balancer.tls_policy is one with TLS 1.3 and 1.2: ELBSecurityPolicy-TLS13-1-2-… (CloudFront speaks 1.2 to its origins, so 1.3 alone would lock it out)."
  }
}

variable "log_days" {
  description = "How long the log of exec sessions and the load balancer's access logs are kept, in days."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_days)
    error_message = "log_days must be a retention that CloudWatch Logs knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "kms_key" {
  description = "KMS key of exec sessions and their log: { arn = \"arn:…\" }; its policy must let CloudWatch Logs use it, and task roles need kms:Decrypt on it. null: keys of AWS."
  type        = object({ arn = string })
  default     = null
}

variable "protect" {
  description = "true: the load balancer can't be deleted, and neither can its log bucket while it holds anything."
  type        = bool
  default     = true
}

variable "tags" {
  description = "Tags of every resource, beside the provider's default tags."
  type        = map(string)
  default     = {}
}
