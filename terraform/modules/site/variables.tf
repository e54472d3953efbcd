variable "name" {
  description = "Prefix of every resource's name, such as rideshare-staging."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,38}[a-z0-9]$", var.name))
    error_message = "name is 2 to 40 lower-case letters, digits and dashes, starts with a letter and does not end with a dash."
  }
}

variable "domains" {
  description = "Host names that people type, all of them on the certificate."
  type        = list(string)

  validation {
    condition     = length(var.domains) > 0 && alltrue([for domain in var.domains : can(regex("^(\\*\\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", domain))])
    error_message = "domains are host names such as staging.rideshare.example, one at least."
  }
}

variable "certificate_arn" {
  description = "Issued certificate for the domains, in us-east-1."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:acm:us-east-1:", var.certificate_arn))
    error_message = "certificate_arn: CloudFront takes certificates of us-east-1 only."
  }
}

variable "zone" {
  description = "Hosted zone that gets the records of the domains: { id = \"Z…\" }. null: one makes them oneself."
  type        = object({ id = string })
  default     = null
}

variable "sites" {
  description = "Sites: the route that leads to each, and the page that answers every path of its client-side router. The files of a site lie below <site>/ in the bucket."
  type = map(object({
    route    = optional(string, "/*")
    fallback = optional(string, "index.html")
  }))
  default = {}

  validation {
    condition     = alltrue([for name in keys(var.sites) : can(regex("^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$", name))])
    error_message = "sites: a name is 1 to 32 lower-case letters, digits and dashes."
  }

  validation {
    condition     = alltrue([for site in values(var.sites) : can(regex("^(/[A-Za-z0-9._~-]+)*/\\*$", site.route))])
    error_message = "sites: a route is \"/*\" or a folder such as \"/admin/*\": ${join(", ", [for name, site in var.sites : "${name} (${site.route})" if !can(regex("^(/[A-Za-z0-9._~-]+)*/\\*$", site.route))])}."
  }

  validation {
    condition     = alltrue([for site in values(var.sites) : can(regex("^[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*$", site.fallback))])
    error_message = "sites: a fallback is a path inside the site without a first slash, such as index.html: ${join(", ", [for name, site in var.sites : "${name} (${site.fallback})" if !can(regex("^[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*$", site.fallback))])}."
  }
}

variable "services" {
  description = "Services behind the origin: the route that leads to each."
  type        = map(object({ route = string }))
  default     = {}

  validation {
    condition     = alltrue([for service in values(var.services) : can(regex("^(/\\*|(/[A-Za-z0-9._~-]+)+(/\\*)?)$", service.route))])
    error_message = "services: a route is \"/*\", a folder such as \"/api/*\" or a path such as \"/hook\": ${join(", ", [for name, service in var.services : "${name} (${service.route})" if !can(regex("^(/\\*|(/[A-Za-z0-9._~-]+)+(/\\*)?)$", service.route))])}."
  }

  validation {
    condition = length(distinct(concat([for part in values(var.services) : trimsuffix(part.route, "/*")], [for part in values(var.sites) : trimsuffix(part.route, "/*")], [for part in values(var.buckets) : trimsuffix(part.route, "/*")]))) == (
      length(var.services) + length(var.sites) + length(var.buckets)
    )
    error_message = "services, sites and buckets: two of them have the same route."
  }
}

variable "buckets" {
  description = "Buckets that anybody may read through the distribution: the route that leads to each, and the bucket's regional domain name. Their policies must let the distribution read (output distribution_arn)."
  type        = map(object({ route = string, domain = string }))
  default     = {}

  validation {
    condition     = alltrue([for bucket in values(var.buckets) : can(regex("^(/[A-Za-z0-9._~-]+)+/\\*$", bucket.route))])
    error_message = "buckets: a route is a folder such as \"/uploads/*\": ${join(", ", [for name, bucket in var.buckets : "${name} (${bucket.route})" if !can(regex("^(/[A-Za-z0-9._~-]+)+/\\*$", bucket.route))])}."
  }
}

variable "origin" {
  description = "Where services answer: host name of the load balancer (its certificate must be for it), how long an answer may take, and a header { name, value } that proves that a request came through this distribution. null without services."
  type = object({
    domain       = string
    read_seconds = optional(number, 30)
    header       = optional(object({ name = string, value = string }))
  })
  default = null

  validation {
    condition     = var.origin != null || length(var.services) == 0
    error_message = "origin: services need one."
  }

  validation {
    condition     = var.origin == null || try(var.origin.read_seconds >= 1 && var.origin.read_seconds <= 60, false)
    error_message = "origin.read_seconds is between 1 and 60; more has to be asked of AWS."
  }
}

variable "headers" {
  description = "Security headers. frame, referrer and content_security_policy give way to what a service sets itself. hsts_subdomains and hsts_preload bind the whole domain: only when everything below it speaks HTTPS."
  type = object({
    hsts_seconds            = optional(number, 31536000)
    hsts_subdomains         = optional(bool, false)
    hsts_preload            = optional(bool, false)
    frame                   = optional(string, "DENY")
    referrer                = optional(string, "strict-origin-when-cross-origin")
    content_security_policy = optional(string)
  })
  default = {}

  validation {
    condition     = var.headers.hsts_seconds >= 0 && var.headers.hsts_seconds <= 63072000
    error_message = "headers.hsts_seconds is between 0 and 63072000 (two years)."
  }

  validation {
    condition     = contains(["DENY", "SAMEORIGIN"], var.headers.frame)
    error_message = "headers.frame is \"DENY\" or \"SAMEORIGIN\"."
  }

  validation {
    condition = contains([
      "no-referrer", "no-referrer-when-downgrade", "origin", "origin-when-cross-origin", "same-origin", "strict-origin",
      "strict-origin-when-cross-origin", "unsafe-url",
    ], var.headers.referrer)
    error_message = "headers.referrer is a referrer policy such as \"strict-origin-when-cross-origin\"."
  }
}

variable "web_acl" {
  description = "WAFv2 web ACL of scope CLOUDFRONT: { arn = \"arn:…\" }. null: none."
  type        = object({ arn = string })
  default     = null
}

variable "price_class" {
  description = "Where the edges are: \"PriceClass_100\" (Europe, North America), \"PriceClass_200\", \"PriceClass_All\"."
  type        = string
  default     = "PriceClass_100"

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.price_class)
    error_message = "price_class is \"PriceClass_100\", \"PriceClass_200\" or \"PriceClass_All\"."
  }
}

variable "blocked_countries" {
  description = "Countries that are not served, by their two letters."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for country in var.blocked_countries : can(regex("^[A-Z]{2}$", country))])
    error_message = "blocked_countries are codes of two capital letters."
  }
}

variable "old_version_days" {
  description = "Days that a file that was overwritten or deleted can still be brought back."
  type        = number
  default     = 30

  validation {
    condition     = var.old_version_days >= 1 && floor(var.old_version_days) == var.old_version_days
    error_message = "old_version_days is a whole number, 1 or more."
  }
}

variable "log_days" {
  description = "How long access logs are kept, in days."
  type        = number
  default     = 30

  validation {
    condition     = var.log_days >= 1 && floor(var.log_days) == var.log_days
    error_message = "log_days is a whole number, 1 or more."
  }
}

variable "access_logs" {
  description = "Bucket that gets the server access logs of the sites' bucket, below <bucket>/; null: none."
  type        = object({ bucket = string })
  default     = null
}

variable "protect" {
  description = "true: buckets that hold anything can't be destroyed."
  type        = bool
  default     = true
}

variable "tags" {
  description = "Tags of every resource, beside the provider's default tags."
  type        = map(string)
  default     = {}
}
