variable "name" {
  description = "Name of the service and family of its task definitions, prefix of everything else; usually <app>-<environment>-<service>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,50}[a-z0-9]$", var.name))
    error_message = "name is 2 to 52 lower-case letters, digits and dashes, starts with a letter and does not end with a dash."
  }
}

variable "kind" {
  description = "\"web\": behind the load balancer. \"worker\": nothing reaches it."
  type        = string
  default     = "web"

  validation {
    condition     = contains(["web", "worker"], var.kind)
    error_message = "kind is \"web\" or \"worker\"."
  }

  validation {
    condition     = var.kind != "web" || (var.load_balancer != null && var.route != null && var.priority != null)
    error_message = "kind = \"web\" needs load_balancer, route and priority."
  }

  validation {
    condition     = var.kind != "worker" || var.route == null
    error_message = "kind = \"worker\" has no route: nothing reaches a worker."
  }
}

variable "cluster" {
  description = "ECS cluster: name and ARN."
  type        = object({ name = string, arn = string })
}

variable "vpc_id" {
  description = "VPC of the tasks."
  type        = string
}

variable "subnets" {
  description = "Private subnets of the tasks."
  type        = list(string)

  validation {
    condition     = length(var.subnets) > 0
    error_message = "subnets: at least one."
  }
}

variable "security_groups" {
  description = "Further security groups of the tasks, by a name of one's own; such as one that the database lets in."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(var.security_groups) <= 4
    error_message = "security_groups: at most 4 beside the service's own; a network interface has 5."
  }
}

variable "egress_ranges" {
  description = "IPv4 ranges that the tasks may call."
  type        = list(string)
  default     = ["0.0.0.0/0"]

  validation {
    condition     = alltrue([for range in var.egress_ranges : can(cidrnetmask(range))])
    error_message = "egress_ranges are IPv4 ranges such as 10.0.0.0/16."
  }
}

variable "load_balancer" {
  description = "Load balancer of a web service: listener and test_listener (ARNs), security_group, arn_suffix (for metrics); the load_balancer output of the cluster module. null for a worker."
  type        = object({ listener = string, test_listener = string, security_group = string, arn_suffix = string })
  default     = null
}

variable "route" {
  description = "Path that leads to the service: \"/*\", \"/api/*\" (and /api itself) or one path such as \"/hook\". null for a worker."
  type        = string
  default     = null

  validation {
    condition     = var.route == null || can(regex("^(/\\*|(/[A-Za-z0-9._~-]+)+(/\\*)?)$", var.route))
    error_message = "route is \"/*\", a folder such as \"/api/*\" or a path such as \"/hook\"."
  }

  validation {
    condition     = var.route == null || try(length(var.route) <= 128, false)
    error_message = "route: a load balancer takes paths of 128 characters at most."
  }
}

variable "priority" {
  description = "Place of the service's rules in the listeners; a lower number is asked first. null for a worker."
  type        = number
  default     = null

  validation {
    condition     = var.priority == null || try(var.priority >= 1 && var.priority <= 50000 && floor(var.priority) == var.priority, false)
    error_message = "priority is a whole number between 1 and 50000."
  }
}

variable "required_header" {
  description = "Header without which the production rule does not match, such as one that only the own distribution adds: { name, value }. null: none."
  type        = object({ name = string, value = string })
  default     = null
}

variable "port" {
  description = "Port that the container listens on."
  type        = number
  default     = 3000

  validation {
    condition     = var.port >= 1 && var.port <= 65535 && floor(var.port) == var.port
    error_message = "port is between 1 and 65535."
  }
}

variable "container" {
  description = "Name of the container that gets the traffic."
  type        = string
  default     = "app"

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.container))
    error_message = "container is 1 to 255 letters, digits, dashes and underscores."
  }
}

variable "cpu" {
  description = "CPU units of a task; 1024 are one core."
  type        = number
  default     = 256

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096, 8192, 16384], var.cpu)
    error_message = "cpu is 256, 512, 1024, 2048, 4096, 8192 or 16384: Fargate has no other sizes."
  }
}

variable "memory" {
  description = "Memory of a task, in MiB."
  type        = number
  default     = 512

  validation {
    condition = contains(lookup({
      256   = [512, 1024, 2048]
      512   = range(1024, 4097, 1024)
      1024  = range(2048, 8193, 1024)
      2048  = range(4096, 16385, 1024)
      4096  = range(8192, 30721, 1024)
      8192  = range(16384, 61441, 4096)
      16384 = range(32768, 122881, 8192)
    }, var.cpu, [var.memory]), var.memory)
    error_message = "memory: Fargate does not offer ${var.memory} MiB with cpu ${var.cpu}. 256 goes with 512, 1024 or 2048; 512 with 1024 to 4096; 1024 with 2048 to 8192; 2048 with 4096 to 16384; 4096 with 8192 to 30720 (in steps of 1024); 8192 with 16384 to 61440 (4096); 16384 with 32768 to 122880 (8192)."
  }
}

variable "architecture" {
  description = "\"X86_64\" or \"ARM64\"."
  type        = string
  default     = "X86_64"

  validation {
    condition     = contains(["X86_64", "ARM64"], var.architecture)
    error_message = "architecture is \"X86_64\" or \"ARM64\"."
  }
}

variable "capacity" {
  description = "\"FARGATE\", or \"FARGATE_SPOT\" for what may be interrupted at two minutes' notice."
  type        = string
  default     = "FARGATE"

  validation {
    condition     = contains(["FARGATE", "FARGATE_SPOT"], var.capacity)
    error_message = "capacity is \"FARGATE\" or \"FARGATE_SPOT\"."
  }
}

variable "instances" {
  description = "Lower bound of scaling. The number that runs is the deployer's: the service starts with none."
  type        = number
  default     = 1

  validation {
    condition     = var.instances >= 0 && floor(var.instances) == var.instances
    error_message = "instances is a whole number, 0 or more."
  }
}

variable "scaling" {
  description = "Upper bound, and the CPU use in percent that scaling holds: { max, cpu_percent }. null: no scaling."
  type        = object({ max = number, cpu_percent = optional(number, 60) })
  default     = null

  validation {
    condition     = var.scaling == null || try(var.scaling.max >= var.instances && floor(var.scaling.max) == var.scaling.max, false)
    error_message = "scaling.max is a whole number, not below instances (${var.instances})."
  }

  validation {
    condition     = var.scaling == null || try(var.scaling.cpu_percent >= 10 && var.scaling.cpu_percent <= 90, false)
    error_message = "scaling.cpu_percent is between 10 and 90."
  }
}

variable "stop_seconds" {
  description = "Time that a task has to end after it was asked to, and at most waits for its connections to drain."
  type        = number
  default     = 30

  validation {
    condition     = var.stop_seconds >= 2 && var.stop_seconds <= 120 && floor(var.stop_seconds) == var.stop_seconds
    error_message = "stop_seconds is a whole number between 2 and 120: Fargate waits no longer."
  }
}

variable "health" {
  description = "Health check of the load balancer: path, how often and how long it asks, after how many answers a task counts as healthy or not, and how long a new task is left alone."
  type = object({
    path             = optional(string, "/health")
    interval_seconds = optional(number, 10)
    timeout_seconds  = optional(number, 5)
    healthy_after    = optional(number, 2)
    unhealthy_after  = optional(number, 3)
    start_seconds    = optional(number, 60)
  })
  default = {}

  validation {
    condition     = can(regex("^/[A-Za-z0-9/._~-]*$", var.health.path))
    error_message = "health.path starts with a slash and holds letters, digits and . _ ~ - / only."
  }

  validation {
    condition     = var.health.interval_seconds >= 5 && var.health.interval_seconds <= 300
    error_message = "health.interval_seconds is between 5 and 300."
  }

  validation {
    condition     = var.health.timeout_seconds >= 2 && var.health.timeout_seconds < var.health.interval_seconds && var.health.timeout_seconds <= 120
    error_message = "health.timeout_seconds is between 2 and 120, and below interval_seconds."
  }

  validation {
    condition     = var.health.healthy_after >= 2 && var.health.healthy_after <= 10
    error_message = "health.healthy_after is between 2 and 10."
  }

  validation {
    condition     = var.health.unhealthy_after >= 2 && var.health.unhealthy_after <= 10
    error_message = "health.unhealthy_after is between 2 and 10."
  }

  validation {
    condition     = var.health.start_seconds >= 0 && var.health.start_seconds <= 7200
    error_message = "health.start_seconds is between 0 and 7200."
  }
}

variable "alarms" {
  description = "When the alarms fire: share of 5xx answers, from how many requests a minute on that share counts, use of CPU and memory."
  type = object({
    error_percent  = optional(number, 5)
    min_requests   = optional(number, 20)
    cpu_percent    = optional(number, 90)
    memory_percent = optional(number, 90)
  })
  default = {}

  validation {
    condition     = alltrue([for percent in [var.alarms.error_percent, var.alarms.cpu_percent, var.alarms.memory_percent] : percent > 0 && percent <= 100])
    error_message = "alarms: error_percent, cpu_percent and memory_percent are above 0 and at most 100."
  }

  validation {
    condition     = var.alarms.min_requests >= 1
    error_message = "alarms.min_requests is 1 or more."
  }
}

variable "alarm_topics" {
  description = "SNS topics that each alarm tells. Empty: none, as when one alarm joins them all."
  type        = list(string)
  default     = []

  validation {
    condition     = length(var.alarm_topics) <= 5
    error_message = "alarm_topics: CloudWatch tells 5 at most."
  }
}

variable "repository_arn" {
  description = "ARN of the ECR repository that the service pulls from; it may belong to another account."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:ecr:[a-z0-9-]+:[0-9]{12}:repository/", var.repository_arn))
    error_message = "repository_arn is the ARN of an ECR repository."
  }
}

variable "secrets_prefix" {
  description = "Secrets whose name begins with it may be given to the container: rideshare/staging/. null: none."
  type        = string
  default     = null

  validation {
    condition     = var.secrets_prefix == null || can(regex("^[A-Za-z0-9/_+=.@-]+/$", var.secrets_prefix))
    error_message = "secrets_prefix must end with a slash: rideshare/staging/."
  }
}

variable "secret_keys" {
  description = "ARNs of the KMS keys of those secrets, by a name of one's own."
  type        = map(string)
  default     = {}
}

variable "task_policies" {
  description = "What the app may do, as IAM policies in JSON, by a name of one's own."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.task_policies) : can(regex("^[A-Za-z0-9+=,.@_-]{1,128}$", name)) && name != "exec"])
    error_message = "task_policies: names are 1 to 128 letters, digits and +=,.@_-; exec is taken."
  }
}

variable "exec" {
  description = "true: `aws ecs execute-command` opens a shell in a task."
  type        = bool
  default     = true
}

variable "exec_key" {
  description = "KMS key of the cluster's exec sessions: { arn = \"arn:…\" }. null: none."
  type        = object({ arn = string })
  default     = null
}

variable "placeholder_image" {
  description = "Image with a shell and busybox's httpd, of the task definition that the service starts with; it runs only if scaling starts a task before the first deployment."
  type        = string
  default     = "public.ecr.aws/docker/library/busybox:stable"
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s]+(:[^\\s/]+|@sha256:[0-9a-f]{64})$", var.placeholder_image))
    error_message = "placeholder_image must name a tag or a digest."
  }
}

variable "image_key" {
  description = "KMS key that the repository is encrypted with, where it is one of another account: { arn = \"arn:…\" }. null: none."
  type        = object({ arn = string })
  default     = null
}

variable "log_days" {
  description = "How long the service's log is kept, in days."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_days)
    error_message = "log_days must be a retention that CloudWatch Logs knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "kms_key" {
  description = "KMS key of the log: { arn = \"arn:…\" }; its policy must let CloudWatch Logs use it. null: a key of AWS."
  type        = object({ arn = string })
  default     = null
}

variable "permissions_boundary" {
  description = "ARN of the permissions boundary of every role; null: none."
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
