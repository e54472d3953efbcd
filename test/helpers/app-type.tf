# The variable of the module `app`, as its documentation has it.
variable "app" {
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
    waf     = optional(object({ rate_limit = optional(number, 2000) }))
    existing = optional(object({
      vpc = optional(object({
        id              = string
        public_subnets  = list(string)
        private_subnets = list(string)
        data_subnets    = list(string)
      }))
      zone                 = optional(string)
      certificate          = optional(string)
      regional_certificate = optional(string)
      cluster              = optional(string)
      database             = optional(string)
      buckets              = optional(map(string), {})
    }), {})
  })
}
