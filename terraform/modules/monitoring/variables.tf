variable "name" {
  description = "Prefix of every name, usually <app>-<environment>; also the dashboard's name."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,39}$", var.name))
    error_message = "name: 2 to 40 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "kms_key" {
  description = "Key that encrypts the topic: { arn = \"arn:…\" }. Its policy must let cloudwatch.amazonaws.com use it (that of the security module does), otherwise alarms are lost without a word."
  type        = object({ arn = string })
  nullable    = false
}

variable "emails" {
  description = "People who hear of alarms. Each has to confirm a message from AWS first."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for email in var.emails : can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", email))])
    error_message = "emails: addresses such as anna@example.com."
  }
}

variable "service_alarms" {
  description = "Names of the alarms of each service, by service: the `alarms` output of the service module."
  type        = map(list(string))
  default     = {}

  validation {
    condition     = alltrue([for service, names in var.service_alarms : length(names) > 0])
    error_message = "service_alarms: a service without alarms is left out, not given an empty list: ${join(", ", [for service, names in var.service_alarms : service if length(names) == 0])}."
  }

  validation {
    condition     = sum(concat([0], [for names in values(var.service_alarms) : length(names)])) <= 100
    error_message = "service_alarms: CloudWatch joins at most 100 alarms into one."
  }
}

variable "services" {
  description = "Services on the dashboard, by title: ECS cluster and service name."
  type        = map(object({ cluster = string, name = string }))
  default     = {}

  validation {
    condition     = length(var.services) <= 100
    error_message = "services: at most 100 on one dashboard."
  }
}

variable "load_balancer" {
  description = "Load balancer on the dashboard: the end of its ARN, app/<name>/<id>. null: none."
  type        = string
  default     = null

  validation {
    condition     = var.load_balancer == null || can(regex("^app/[^/]+/[^/]+$", var.load_balancer))
    error_message = "load_balancer: the ARN suffix app/<name>/<id>, not the whole ARN."
  }
}

variable "tags" {
  description = "Tags for everything that this module makes."
  type        = map(string)
  default     = {}
}
