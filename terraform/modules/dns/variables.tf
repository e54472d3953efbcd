variable "domain" {
  description = "Host name that people type, such as staging.rideshare.example."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain)) && length(var.domain) <= 64
    error_message = "domain must be a host name in lower case, without a scheme or a closing dot, of at most 64 characters (the limit of a certificate's first name)."
  }
}

variable "alternative_names" {
  description = "Further host names on the certificate of the domain, such as www.rideshare.example; in the same zone."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.alternative_names : can(regex("^(\\*\\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", name))])
    error_message = "alternative_names must be host names in lower case, without a scheme or a closing dot."
  }

  validation {
    condition     = !contains(var.alternative_names, var.domain)
    error_message = "alternative_names must not repeat the domain."
  }
}

variable "zone" {
  description = "Hosted zone that is there already: { id = \"Z…\" }. null: a zone is made."
  type        = object({ id = string })
  default     = null
}

variable "zone_name" {
  description = "Name of the zone that is made; null: the domain."
  type        = string
  default     = null

  validation {
    condition     = var.zone_name == null || var.domain == coalesce(var.zone_name, var.domain) || endswith(var.domain, ".${coalesce(var.zone_name, "-")}")
    error_message = "zone_name must be the domain or a part of its end: rideshare.example for staging.rideshare.example."
  }

  validation {
    condition     = var.zone_name == null || var.zone == null
    error_message = "zone_name is for a zone that is made; with zone, leave it out."
  }
}

variable "parent_zone" {
  description = "Zone in which the zone that is made gets its delegation: { id = \"Z…\" }. null: whoever holds the parent enters name_servers there, and certificates wait for it."
  type        = object({ id = string })
  default     = null

  validation {
    condition     = var.parent_zone == null || var.zone == null
    error_message = "parent_zone is for a zone that is made; with zone, leave it out."
  }
}

variable "certificate" {
  description = "Certificate for the domain in us-east-1 that is there already: { arn = \"arn:…\" }. null: one is made."
  type        = object({ arn = string })
  default     = null
}

variable "regional_certificate" {
  description = "Certificate for origin.<domain> in the region that is there already: { arn = \"arn:…\" }. null: one is made."
  type        = object({ arn = string })
  default     = null
}

variable "caa_issuers" {
  description = "Certificate authorities that may issue for the domain. Empty: no CAA record, for a zone that has its own."
  type        = list(string)
  default     = ["amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"]

  validation {
    condition     = length(var.caa_issuers) == 0 || length(setintersection(var.caa_issuers, ["amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"])) > 0
    error_message = "caa_issuers must name one of Amazon's authorities (amazon.com, amazontrust.com, awstrust.com, amazonaws.com), or no certificate can be issued here."
  }
}

variable "caa_contact" {
  description = "Where authorities report refused requests: mailto:security@rideshare.example. null: nowhere."
  type        = string
  default     = null

  validation {
    condition     = var.caa_contact == null || can(regex("^(mailto:|https://)", var.caa_contact))
    error_message = "caa_contact must start with mailto: or https://."
  }
}

variable "protect" {
  description = "true: a zone that still holds foreign records can't be destroyed."
  type        = bool
  default     = true
}

variable "tags" {
  description = "Tags of every resource, beside the provider's default tags."
  type        = map(string)
  default     = {}
}
