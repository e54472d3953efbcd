variable "name" {
  description = "Prefix of every bucket's name, such as rideshare-staging."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,38}[a-z0-9]$", var.name))
    error_message = "name is 2 to 40 lower-case letters, digits and dashes, starts with a letter and does not end with a dash."
  }
}

variable "buckets" {
  description = "Buckets by a short name. A bucket is called <name>-<short name>-<account id> unless bucket names it. readers are ARNs of CloudFront distributions that may read it through origin access control; cors lets browsers of those origins use signed URLs."
  type = map(object({
    bucket  = optional(string)
    readers = optional(list(string), [])
    cors = optional(object({
      origins = list(string)
      methods = optional(list(string), ["GET", "PUT", "POST"])
      headers = optional(list(string), ["*"])
    }))
    old_version_days = optional(number, 30)
    expire_days      = optional(number)
  }))

  validation {
    condition     = alltrue([for short, bucket in var.buckets : can(regex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", short))])
    error_message = "Short names of buckets are lower-case letters, digits and dashes."
  }

  validation {
    # 13 = a dash and an account id.
    condition     = alltrue([for short, bucket in var.buckets : bucket.bucket != null || length("${var.name}-${short}") + 13 <= 63])
    error_message = "A bucket's name would be longer than the 63 characters that S3 allows: shorten its short name, or name it with bucket."
  }

  validation {
    condition     = alltrue([for bucket in values(var.buckets) : bucket.bucket == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", bucket.bucket))])
    error_message = "bucket must be a name that S3 allows: 3 to 63 lower-case letters, digits, dots and dashes."
  }

  validation {
    condition     = alltrue([for bucket in values(var.buckets) : bucket.cors == null || alltrue([for origin in try(bucket.cors.origins, []) : can(regex("^https://[^*/]+$|^http://localhost(:\\d+)?$", origin))])])
    error_message = "cors.origins are origins with https:// and without a path or a wildcard: https://app.example.com."
  }

  validation {
    condition     = alltrue([for bucket in values(var.buckets) : bucket.cors == null || alltrue([for method in try(bucket.cors.methods, []) : contains(["GET", "HEAD", "PUT", "POST", "DELETE"], method)])])
    error_message = "cors.methods are GET, HEAD, PUT, POST and DELETE."
  }

  validation {
    condition     = alltrue([for bucket in values(var.buckets) : bucket.old_version_days >= 1 && try(bucket.expire_days >= 1, bucket.expire_days == null)])
    error_message = "old_version_days and expire_days must be 1 or more."
  }
}

variable "abort_upload_days" {
  description = "Days after which parts of an upload that was never finished are removed."
  type        = number
  default     = 7

  validation {
    condition     = var.abort_upload_days >= 1
    error_message = "abort_upload_days must be 1 or more."
  }
}

variable "encryption" {
  description = "\"KMS\" (a key of one's own, with bucket keys) or \"AES256\" (keys of S3)."
  type        = string
  default     = "KMS"

  validation {
    condition     = contains(["KMS", "AES256"], var.encryption)
    error_message = "encryption must be \"KMS\" or \"AES256\"."
  }
}

variable "kms_key" {
  description = "KMS key for encryption = \"KMS\"; null: the module makes one, which the readers may decrypt with."
  type        = object({ arn = string })
  default     = null

  validation {
    condition     = var.kms_key == null || var.encryption == "KMS"
    error_message = "kms_key is used with encryption = \"KMS\" only."
  }
}

variable "access_logs" {
  description = "Bucket that gets server access logs, below <bucket>/; null: none."
  type        = object({ bucket = string })
  default     = null
}

variable "protect" {
  description = "true: a bucket that holds anything can't be destroyed."
  type        = bool
  default     = true
}

variable "tags" {
  description = "Tags of every resource, beside the provider's default tags."
  type        = map(string)
  default     = {}
}
