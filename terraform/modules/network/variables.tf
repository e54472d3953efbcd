variable "name" {
  description = "Prefix of every resource's name, such as rideshare-staging."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,38}[a-z0-9]$", var.name))
    error_message = "name is 2 to 40 lower-case letters, digits and dashes, starts with a letter and does not end with a dash."
  }
}

variable "cidr" {
  description = "IPv4 range of the VPC. It is cut into 16 equal parts; a subnet takes one, so a third zone later moves nothing."
  type        = string
  default     = "10.0.0.0/16"

  validation {
    condition     = can(cidrnetmask(var.cidr))
    error_message = "cidr must be an IPv4 range such as 10.0.0.0/16."
  }

  validation {
    condition     = !can(cidrnetmask(var.cidr)) || try(tonumber(split("/", var.cidr)[1]) >= 16 && tonumber(split("/", var.cidr)[1]) <= 24, false)
    error_message = "cidr must be between /16 and /24: AWS takes no larger VPC, and a subnet of a smaller one would have fewer addresses than AWS allows."
  }

  validation {
    condition     = !can(cidrnetmask(var.cidr)) || try(cidrsubnet(var.cidr, 0, 0) == var.cidr, false)
    error_message = "cidr must start at its network address: 10.0.0.0/16, not 10.0.0.5/16."
  }
}

variable "zones" {
  description = "How many availability zones the subnets spread over: 2 or 3."
  type        = number
  default     = 2

  validation {
    condition     = contains([2, 3], var.zones)
    error_message = "zones must be 2 or 3: load balancers and database subnet groups need two zones at least."
  }
}

variable "egress" {
  description = "How private subnets reach the outside: \"nat\" (one gateway for all zones), \"nat-per-zone\" (a lost zone takes no other zone's way out), \"endpoints\" (no way out; AWS services through VPC endpoints only)."
  type        = string
  default     = "nat"

  validation {
    condition     = contains(["nat", "nat-per-zone", "endpoints"], var.egress)
    error_message = "egress must be \"nat\", \"nat-per-zone\" or \"endpoints\"."
  }
}

variable "extra_endpoints" {
  description = "Further interface endpoints, by the last part of their service name: [\"sqs\", \"xray\"]. They are made with every egress."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for service in var.extra_endpoints : can(regex("^[a-z0-9][a-z0-9.-]*$", service))])
    error_message = "extra_endpoints are last parts of service names, such as \"sqs\" or \"ecr.api\", without com.amazonaws.<region>."
  }

  validation {
    condition     = !contains(var.extra_endpoints, "s3")
    error_message = "extra_endpoints must not name s3: its gateway endpoint is always there and costs nothing."
  }
}

variable "flow_log_days" {
  description = "How long flow logs are kept, in days."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.flow_log_days)
    error_message = "flow_log_days must be a retention that CloudWatch Logs knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "flow_log_traffic" {
  description = "What flow logs record: \"ALL\", \"ACCEPT\" or \"REJECT\"."
  type        = string
  default     = "ALL"

  validation {
    condition     = contains(["ALL", "ACCEPT", "REJECT"], var.flow_log_traffic)
    error_message = "flow_log_traffic must be \"ALL\", \"ACCEPT\" or \"REJECT\"."
  }
}

variable "kms_key" {
  description = "KMS key that encrypts the flow logs; its policy must let CloudWatch Logs use it. null: the module makes its own."
  type        = object({ arn = string })
  default     = null
}

variable "permissions_boundary" {
  description = "ARN of the permissions boundary of the role that writes flow logs; null: none."
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
