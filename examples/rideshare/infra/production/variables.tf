variable "region" {
  description = "AWS region of this environment."
  type        = string
}

variable "account" {
  description = "AWS account of this environment; in any other nothing is done."
  type        = string
}

variable "app" {
  description = "What the environment is made of. The module checks it."
  type        = any
}
