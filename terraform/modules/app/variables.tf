# The whole environment in one object. Every message below begins with the part that it is about.
variable "app" {
  description = "An app in one environment: what it consists of, how large each part is, and what is there already (existing)."
  type = object({
    name        = string
    environment = string
    domain      = string
    protect     = optional(bool, true)
    log_days    = optional(number, 30)

    network = optional(object({
      cidr   = optional(string, "10.0.0.0/16")
      zones  = optional(number, 2)
      egress = optional(string, "nat")
    }), {})

    services = optional(map(object({
      kind         = optional(string, "web")
      port         = optional(number, 3000)
      route        = optional(string)
      cpu          = optional(number, 256)
      memory       = optional(number, 512)
      instances    = optional(number, 1)
      stop_seconds = optional(number, 30)
      health = optional(object({
        path             = optional(string, "/health")
        interval_seconds = optional(number, 10)
        timeout_seconds  = optional(number, 5)
        healthy_after    = optional(number, 2)
        unhealthy_after  = optional(number, 3)
        start_seconds    = optional(number, 60)
      }), {})
      scaling = optional(object({ max = number, cpu_percent = optional(number, 60) }))
      secrets = optional(list(string), [])
    })), {})

    sites = optional(map(object({
      route    = optional(string, "/*")
      fallback = optional(string, "index.html")
    })), {})

    database = optional(object({
      version        = optional(number, 18)
      instance       = optional(string, "db.t4g.micro")
      storage_gb     = optional(number, 20)
      max_storage_gb = optional(number, 100)
      multi_az       = optional(bool, false)
      backup_days    = optional(number, 7)
      replica        = optional(bool, false)
      proxy          = optional(bool, false)
    }))

    cache = optional(object({
      engine   = optional(string, "valkey")
      version  = optional(string)
      node     = optional(string, "cache.t4g.micro")
      replicas = optional(number, 0)
    }))

    buckets = optional(map(object({ public = optional(bool, false) })), {})

    waf = optional(object({ rate_limit = optional(number, 2000) }))

    registry = optional(object({
      account      = optional(string)
      region       = optional(string)
      kms_key      = optional(string)
      repositories = optional(map(string), {})
    }), {})

    images = optional(object({ database_roles = optional(string), placeholder = optional(string) }), {})

    dns = optional(object({ parent_zone = optional(string) }), {})

    existing = optional(object({
      vpc                  = optional(object({ id = string, public_subnets = list(string), private_subnets = list(string), data_subnets = list(string) }))
      zone                 = optional(string)
      certificate          = optional(string)
      regional_certificate = optional(string)
      cluster              = optional(string)
      database             = optional(string)
      buckets              = optional(map(string), {})
    }), {})
  })

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.app.name))
    error_message = "app.name (${var.app.name}): lower-case letters, digits and single dashes, a letter first."
  }

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.app.environment))
    error_message = "app.environment (${var.app.environment}): lower-case letters, digits and single dashes, a letter first."
  }

  validation {
    condition     = length("${var.app.name}-${var.app.environment}") <= 32
    error_message = "app.name and app.environment (${var.app.name}-${var.app.environment}): together at most 32 characters, since everything is named after them."
  }

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.app.domain)) && length("origin.${var.app.domain}") <= 64
    error_message = "app.domain (${var.app.domain}): a host name in lower case such as staging.rideshare.example, at most 57 characters, without https://."
  }

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.app.log_days)
    error_message = "app.log_days (${var.app.log_days}): CloudWatch Logs knows 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 and 3653."
  }

  # Network

  validation {
    condition     = can(cidrnetmask(var.app.network.cidr)) && try(tonumber(split("/", var.app.network.cidr)[1]) >= 16 && tonumber(split("/", var.app.network.cidr)[1]) <= 24, false)
    error_message = "app.network.cidr (${var.app.network.cidr}): an IPv4 range from /16 to /24 such as 10.0.0.0/16."
  }

  validation {
    condition     = contains([2, 3], var.app.network.zones)
    error_message = "app.network.zones (${var.app.network.zones}): 2 or 3."
  }

  validation {
    condition     = contains(["nat", "nat-per-zone", "endpoints"], var.app.network.egress)
    error_message = "app.network.egress (${var.app.network.egress}): \"nat\", \"nat-per-zone\" or \"endpoints\"."
  }

  # Services

  validation {
    condition     = alltrue([for name in keys(var.app.services) : can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", name)) && length(name) <= 19])
    error_message = "app.services: a name is at most 19 lower-case letters, digits and single dashes, a letter first: ${join(", ", [for name in keys(var.app.services) : name if !can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", name)) || length(name) > 19])}."
  }

  validation {
    condition     = alltrue([for service in values(var.app.services) : contains(["web", "worker"], service.kind)])
    error_message = "app.services: kind is \"web\" or \"worker\": ${join(", ", [for name, service in var.app.services : "${name} (${service.kind})" if !contains(["web", "worker"], service.kind)])}."
  }

  validation {
    condition     = alltrue([for service in values(var.app.services) : service.kind != "web" || service.route != null])
    error_message = "app.services: a web service needs a route: ${join(", ", [for name, service in var.app.services : name if service.kind == "web" && service.route == null])}."
  }

  validation {
    condition     = alltrue([for service in values(var.app.services) : service.kind != "worker" || service.route == null])
    error_message = "app.services: nothing reaches a worker, so it has no route: ${join(", ", [for name, service in var.app.services : name if service.kind == "worker" && service.route != null])}."
  }

  validation {
    condition     = alltrue([for service in values(var.app.services) : service.route == null || (can(regex("^(/\\*|(/[A-Za-z0-9._~-]+)+(/\\*)?)$", service.route)) && try(length(service.route) <= 128, false))])
    error_message = "app.services: a route is \"/*\", a folder such as \"/api/*\" or a path such as \"/hook\", of at most 128 characters: ${join(", ", [for name, service in var.app.services : "${name} (${service.route})" if service.route != null && !(can(regex("^(/\\*|(/[A-Za-z0-9._~-]+)+(/\\*)?)$", service.route)) && try(length(service.route) <= 128, false))])}."
  }

  validation {
    condition     = alltrue([for service in values(var.app.services) : service.port >= 1 && service.port <= 65535 && floor(service.port) == service.port])
    error_message = "app.services: port is between 1 and 65535: ${join(", ", [for name, service in var.app.services : "${name} (${service.port})" if !(service.port >= 1 && service.port <= 65535 && floor(service.port) == service.port)])}."
  }

  validation {
    condition = alltrue([for service in values(var.app.services) : contains(try({
      "256"   = [512, 1024, 2048]
      "512"   = range(1024, 4097, 1024)
      "1024"  = range(2048, 8193, 1024)
      "2048"  = range(4096, 16385, 1024)
      "4096"  = range(8192, 30721, 1024)
      "8192"  = range(16384, 61441, 4096)
      "16384" = range(32768, 122881, 8192)
    }[tostring(service.cpu)], []), service.memory)])
    error_message = "app.services: Fargate does not offer this cpu with this memory: ${join(", ", [for name, service in var.app.services : "${name} (cpu ${service.cpu}, memory ${service.memory})"])}. cpu 256 goes with memory 512, 1024 or 2048; 512 with 1024 to 4096; 1024 with 2048 to 8192; 2048 with 4096 to 16384; 4096 with 8192 to 30720, in steps of 1024; 8192 with 16384 to 61440 (4096); 16384 with 32768 to 122880 (8192)."
  }

  validation {
    condition     = alltrue([for service in values(var.app.services) : service.instances >= 0 && floor(service.instances) == service.instances])
    error_message = "app.services: instances is a whole number, 0 or more: ${join(", ", [for name, service in var.app.services : "${name} (${service.instances})" if service.instances < 0 || floor(service.instances) != service.instances])}."
  }

  validation {
    condition     = alltrue([for service in values(var.app.services) : service.stop_seconds >= 2 && service.stop_seconds <= 120 && floor(service.stop_seconds) == service.stop_seconds])
    error_message = "app.services: stop_seconds is a whole number between 2 and 120: ${join(", ", [for name, service in var.app.services : "${name} (${service.stop_seconds})" if service.stop_seconds < 2 || service.stop_seconds > 120 || floor(service.stop_seconds) != service.stop_seconds])}."
  }

  validation {
    condition     = alltrue([for service in values(var.app.services) : can(regex("^/[A-Za-z0-9/._~-]*$", service.health.path))])
    error_message = "app.services: health.path starts with a slash and holds letters, digits and . _ ~ - / only: ${join(", ", [for name, service in var.app.services : "${name} (${service.health.path})" if !can(regex("^/[A-Za-z0-9/._~-]*$", service.health.path))])}."
  }

  validation {
    condition     = alltrue([for service in values(var.app.services) : service.health.interval_seconds >= 5 && service.health.interval_seconds <= 300 && service.health.timeout_seconds >= 2 && service.health.timeout_seconds <= 120 && service.health.timeout_seconds < service.health.interval_seconds])
    error_message = "app.services: health.interval_seconds is between 5 and 300, health.timeout_seconds between 2 and 120 and below the interval: ${join(", ", [for name, service in var.app.services : "${name} (${service.health.interval_seconds}, ${service.health.timeout_seconds})" if !(service.health.interval_seconds >= 5 && service.health.interval_seconds <= 300 && service.health.timeout_seconds >= 2 && service.health.timeout_seconds <= 120 && service.health.timeout_seconds < service.health.interval_seconds)])}."
  }

  validation {
    condition     = alltrue([for service in values(var.app.services) : min(service.health.healthy_after, service.health.unhealthy_after) >= 2 && max(service.health.healthy_after, service.health.unhealthy_after) <= 10])
    error_message = "app.services: health.healthy_after and health.unhealthy_after are between 2 and 10: ${join(", ", [for name, service in var.app.services : "${name} (${service.health.healthy_after}, ${service.health.unhealthy_after})" if min(service.health.healthy_after, service.health.unhealthy_after) < 2 || max(service.health.healthy_after, service.health.unhealthy_after) > 10])}."
  }

  validation {
    condition     = alltrue([for service in values(var.app.services) : service.health.start_seconds >= 0 && service.health.start_seconds <= 7200])
    error_message = "app.services: health.start_seconds is between 0 and 7200: ${join(", ", [for name, service in var.app.services : "${name} (${service.health.start_seconds})" if service.health.start_seconds < 0 || service.health.start_seconds > 7200])}."
  }

  validation {
    condition     = alltrue([for service in values(var.app.services) : service.scaling == null || try(service.scaling.max >= service.instances && floor(service.scaling.max) == service.scaling.max && service.scaling.cpu_percent >= 10 && service.scaling.cpu_percent <= 90, false)])
    error_message = "app.services: scaling.max is a whole number not below instances, scaling.cpu_percent between 10 and 90: ${join(", ", [for name, service in var.app.services : name if service.scaling != null && !try(service.scaling.max >= service.instances && floor(service.scaling.max) == service.scaling.max && service.scaling.cpu_percent >= 10 && service.scaling.cpu_percent <= 90, false)])}."
  }

  validation {
    condition     = alltrue(flatten([for service in values(var.app.services) : [for secret in service.secrets : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", secret))]]))
    error_message = "app.services: secrets are names of environment variables: ${join(", ", flatten([for name, service in var.app.services : [for secret in service.secrets : "${name} (${secret})" if !can(regex("^[A-Za-z_][A-Za-z0-9_]*$", secret))]]))}."
  }

  # Sites

  validation {
    condition     = alltrue([for name in keys(var.app.sites) : can(regex("^[a-z0-9]([a-z0-9-]{0,17}[a-z0-9])?$", name))])
    error_message = "app.sites: a name is at most 19 lower-case letters, digits and dashes: ${join(", ", [for name in keys(var.app.sites) : name if !can(regex("^[a-z0-9]([a-z0-9-]{0,17}[a-z0-9])?$", name))])}."
  }

  validation {
    condition     = alltrue([for site in values(var.app.sites) : can(regex("^(/[A-Za-z0-9._~-]+)*/\\*$", site.route))])
    error_message = "app.sites: a route is \"/*\" or a folder such as \"/admin/*\": ${join(", ", [for name, site in var.app.sites : "${name} (${site.route})" if !can(regex("^(/[A-Za-z0-9._~-]+)*/\\*$", site.route))])}."
  }

  validation {
    condition     = alltrue([for site in values(var.app.sites) : can(regex("^[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*$", site.fallback))])
    error_message = "app.sites: a fallback is a path inside the site without a first slash, such as index.html: ${join(", ", [for name, site in var.app.sites : "${name} (${site.fallback})" if !can(regex("^[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*$", site.fallback))])}."
  }

  # A public bucket is found under its own name, so it takes a route too.
  validation {
    condition = alltrue([for base, parts in { for part, base in merge(
      { for name, service in var.app.services : "services.${name}" => trimsuffix(service.route, "/*") if service.route != null },
      { for name, site in var.app.sites : "sites.${name}" => trimsuffix(site.route, "/*") },
      { for name, bucket in var.app.buckets : "buckets.${name} (public)" => "/${name}" if bucket.public },
    ) : base => part... } : length(parts) == 1])
    error_message = "app: one route leads to two parts: ${join("; ", [for base, parts in { for part, base in merge(
      { for name, service in var.app.services : "services.${name}" => trimsuffix(service.route, "/*") if service.route != null },
      { for name, site in var.app.sites : "sites.${name}" => trimsuffix(site.route, "/*") },
      { for name, bucket in var.app.buckets : "buckets.${name} (public)" => "/${name}" if bucket.public },
    ) : base => part... } : "${base}/*: ${join(" and ", parts)}" if length(parts) > 1])}."
  }

  # Database, cache, buckets, web ACL

  validation {
    condition     = try(var.app.database == null, true) || try(contains([15, 16, 17, 18], var.app.database.version), false)
    error_message = "app.database.version (${try(var.app.database.version, "")}): 15, 16, 17 or 18."
  }

  validation {
    condition     = var.app.database == null || try(can(regex("^db\\.[a-z0-9-]+\\.[a-z0-9]+$", var.app.database.instance)), false)
    error_message = "app.database.instance (${try(var.app.database.instance, "")}): an instance class such as db.t4g.micro."
  }

  validation {
    condition     = var.app.database == null || try(var.app.database.storage_gb >= 20 && var.app.database.max_storage_gb >= var.app.database.storage_gb && var.app.database.max_storage_gb <= 65536, false)
    error_message = "app.database: storage_gb is 20 or more, max_storage_gb not below it and at most 65536."
  }

  validation {
    condition     = var.app.database == null || try(var.app.database.backup_days >= 1 && var.app.database.backup_days <= 35, false)
    error_message = "app.database.backup_days (${try(var.app.database.backup_days, "")}): 1 to 35. Without backups there is no way back."
  }

  validation {
    condition     = var.app.cache == null || try(contains(["valkey", "redis"], var.app.cache.engine), false)
    error_message = "app.cache.engine (${try(var.app.cache.engine, "")}): \"valkey\" or \"redis\"."
  }

  validation {
    condition     = var.app.cache == null || try(can(regex("^cache\\.[a-z0-9]+\\.[a-z0-9]+$", var.app.cache.node)), false)
    error_message = "app.cache.node (${try(var.app.cache.node, "")}): a node type such as cache.t4g.micro."
  }

  validation {
    condition     = var.app.cache == null || try(var.app.cache.replicas >= 0 && var.app.cache.replicas <= 5 && floor(var.app.cache.replicas) == var.app.cache.replicas, false)
    error_message = "app.cache.replicas (${try(var.app.cache.replicas, "")}): 0 to 5."
  }

  validation {
    condition     = alltrue([for name in keys(var.app.buckets) : can(regex("^[a-z0-9]([a-z0-9-]{0,16}[a-z0-9])?$", name))])
    error_message = "app.buckets: a name is at most 18 lower-case letters, digits and dashes: ${join(", ", [for name in keys(var.app.buckets) : name if !can(regex("^[a-z0-9]([a-z0-9-]{0,16}[a-z0-9])?$", name))])}."
  }

  validation {
    condition     = var.app.waf == null || try(var.app.waf.rate_limit >= 10 && var.app.waf.rate_limit <= 2000000000, false)
    error_message = "app.waf.rate_limit (${try(var.app.waf.rate_limit, "")}): 10 to 2000000000 requests of one address in five minutes."
  }

  # Images

  validation {
    condition     = var.app.registry.account == null || can(regex("^\\d{12}$", var.app.registry.account))
    error_message = "app.registry.account (${coalesce(var.app.registry.account, "-")}): the id of an AWS account, twelve digits."
  }

  validation {
    condition     = var.app.registry.region == null || can(regex("^[a-z]{2}(-[a-z]+)+-\\d$", var.app.registry.region))
    error_message = "app.registry.region (${coalesce(var.app.registry.region, "-")}): a region such as eu-north-1."
  }

  validation {
    condition     = var.app.registry.kms_key == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:\\d{12}:key/", var.app.registry.kms_key))
    error_message = "app.registry.kms_key: the ARN of a KMS key, not its alias."
  }

  validation {
    condition     = length(setsubtract(keys(var.app.registry.repositories), keys(var.app.services))) == 0
    error_message = "app.registry.repositories: the app has no service ${join(", ", setsubtract(keys(var.app.registry.repositories), keys(var.app.services)))}."
  }

  # Only ECR has an endpoint in the VPC.
  validation {
    condition     = var.app.network.egress != "endpoints" || var.app.existing.vpc != null || var.app.database == null || can(regex("^\\d{12}\\.dkr\\.ecr\\.", var.app.images.database_roles))
    error_message = "app.images.database_roles (${coalesce(var.app.images.database_roles, "a public image")}): with app.network.egress = \"endpoints\" nothing reaches a public registry. Name an image in ECR, copied there or through a pull-through cache."
  }

  validation {
    condition     = var.app.network.egress != "endpoints" || var.app.existing.vpc != null || length(var.app.services) == 0 || can(regex("^\\d{12}\\.dkr\\.ecr\\.", var.app.images.placeholder))
    error_message = "app.images.placeholder (${coalesce(var.app.images.placeholder, "a public image")}): with app.network.egress = \"endpoints\" nothing reaches a public registry. Name an image in ECR, copied there or through a pull-through cache."
  }

  validation {
    condition     = var.app.dns.parent_zone == null || (can(regex("^[A-Z0-9]{1,32}$", var.app.dns.parent_zone)) && var.app.existing.zone == null)
    error_message = "app.dns.parent_zone: the id of a hosted zone, Z…, not its name; and only for a zone that is made, not with app.existing.zone."
  }

  # What is there already

  validation {
    condition     = var.app.existing.vpc == null || try(can(regex("^vpc-", var.app.existing.vpc.id)) && length(var.app.existing.vpc.public_subnets) >= 2 && length(var.app.existing.vpc.private_subnets) >= 2 && length(var.app.existing.vpc.data_subnets) >= 2, false)
    error_message = "app.existing.vpc: id is vpc-…, and public_subnets, private_subnets and data_subnets name two subnets at least, in different zones."
  }

  validation {
    condition     = var.app.existing.certificate == null || can(regex("^arn:[a-z-]+:acm:us-east-1:", var.app.existing.certificate))
    error_message = "app.existing.certificate: the ARN of a certificate in us-east-1; CloudFront takes no other."
  }

  validation {
    condition     = var.app.existing.regional_certificate == null || can(regex("^arn:[a-z-]+:acm:", var.app.existing.regional_certificate))
    error_message = "app.existing.regional_certificate: the ARN of a certificate in the region, for origin.<domain>."
  }

  validation {
    condition     = var.app.existing.zone == null || can(regex("^[A-Z0-9]{1,32}$", var.app.existing.zone))
    error_message = "app.existing.zone: the id of a hosted zone, Z…, not its name."
  }

  validation {
    condition     = var.app.existing.cluster == null || can(regex("^[A-Za-z0-9_-]{1,255}$", var.app.existing.cluster))
    error_message = "app.existing.cluster: the name of a cluster, not its ARN."
  }

  validation {
    condition     = var.app.existing.database == null || var.app.database != null
    error_message = "app.existing.database: the app has no database."
  }

  validation {
    condition     = length(setsubtract(keys(var.app.existing.buckets), keys(var.app.buckets))) == 0
    error_message = "app.existing.buckets: the app has no bucket ${join(", ", setsubtract(keys(var.app.existing.buckets), keys(var.app.buckets)))}."
  }

  validation {
    condition     = alltrue([for name in keys(var.app.existing.buckets) : !try(var.app.buckets[name].public, false)])
    error_message = "app.existing.buckets: a public bucket's policy has to be this module's: ${join(", ", [for name in keys(var.app.existing.buckets) : name if try(var.app.buckets[name].public, false)])}."
  }
}

variable "alarm_emails" {
  description = "People who hear of alarms. Each has to confirm a message from AWS first."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for email in var.alarm_emails : can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", email))])
    error_message = "alarm_emails: addresses such as anna@example.com."
  }
}

variable "permissions_boundary" {
  description = "ARN of the permissions boundary of every role that is made; null: none. Whoever may apply could then make a role that is stronger than himself."
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
